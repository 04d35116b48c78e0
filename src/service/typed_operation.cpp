// Between the typed layer's templates and the calls of a service.
#include <nettcp/service/typed_operation.hpp>

namespace nettcp::typed {

namespace {

void read_headers(incoming_call& call, const contract::operation_shape& operation,
                  void* const* values) {
    const auto open = [&](std::string_view local, std::string_view ns) -> nbfx::reader* {
        for (const soap::other_header& each : call.headers().others)
            if (each.local == local && each.ns == ns)
                return &call.message().header(each);
        return nullptr;
    };
    if (contract::has_headers(operation.request) &&
        !contract::read_headers(operation.request, values, open))
        throw fault_exception(soap::deserialization_failed("a header of the message contract"));
}

}  // namespace

void read_request(incoming_call& call, const contract::operation_shape& operation,
                  void* const* values) {
    if (contract::stream* const body = contract::find_stream(operation.request, values)) {
        *body = call.stream();
        return read_headers(call, operation, values);
    }
    std::string path;
    if (contract::read_request(call.body(), operation, values, &path)) {
        call.end_body();
        return read_headers(call, operation, values);
    }
    std::string why = call.body().failure().code.message();
    if (!path.empty())
        why.append(", in ").append(path);
    throw fault_exception(soap::deserialization_failed(why));
}

void reply(incoming_call& call, const contract::operation_shape& operation) {
    if (operation.one_way)
        return;
    call.reply([operation](nbfx::writer& out) { contract::write_reply(out, operation, nullptr); });
}

void reply_stream(incoming_call& call, const contract::operation_shape& operation,
                  void* const* values, const reply_options& options) {
    auto content = contract::find_stream(operation.reply, values)->release();
    if (content == nullptr)
        content = make_body_source(std::vector<std::byte>());
    call.reply_stream(
        [operation](nbfx::writer& out) { contract::write_reply(out, operation, nullptr); },
        std::move(content), options);
}

operation_options options_for(const contract::operation_shape& operation, bool is_stream,
                              operation_options options) {
    options.one_way |= operation.one_way;
    options.streamed |= is_stream;
    if (options.reply_action.empty())
        options.reply_action = operation.reply_action;
    return options;
}

soap::fault make_fault(const contract::operation_shape& operation, const contract::type& detail,
                       std::shared_ptr<const void> value, std::string reason, soap::qname code) {
    soap::fault answer;
    if (!code.local.empty())
        answer.codes = {std::move(code)};
    answer.reasons = {{std::move(reason), ""}};
    answer.action = contract::fault_action(operation, detail);
    answer.detail = [&detail, v = std::move(value)](nbfx::writer& out) {
        contract::write_fault_detail(out, detail, v.get());
    };
    return answer;
}

}  // namespace nettcp::typed
