#include <nettcp/calls/typed_call.hpp>

#include <nettcp/contract/errc.hpp>

namespace nettcp {

service_fault::service_fault(soap::fault answer)
    : fault_(std::make_shared<const soap::fault>(std::move(answer))) {}

service_fault::~service_fault() = default;

const char* service_fault::what() const noexcept {
    return fault_->reasons.empty() ? "SOAP fault" : fault_->reasons.front().text.c_str();
}

namespace typed {
namespace {

diagnostics failed(const error& why, std::string path = {}) {
    diagnostics known;
    known.stage = stage::receive;
    known.set(why);
    known.path = std::move(path);
    return known;
}

}  // namespace

void set_stream(call_options& options, const contract::operation_shape& operation,
                void* const* values) {
    options.stream = contract::find_stream(operation.request, values)->release();
    if (options.stream == nullptr)
        options.stream = make_body_source(std::vector<std::byte>());
}

diagnostics read_reply(reply& answer, const contract::operation_shape& operation,
                       void* const* values, std::optional<soap::fault>& fault) {
    if (answer.is_fault()) {
        auto found = answer.fault();
        if (!found)
            return failed(found.error());
        fault = std::move(*found);
        return {};
    }
    std::string path;
    if (contract::stream* const body = contract::find_stream(operation.reply, values))
        *body = answer.stream();
    else if (!contract::read_reply(answer.body(), operation, values, &path))
        return failed(answer.body().failure(), std::move(path));
    else if (const auto end = answer.message().read_end(); !end)
        return failed(end.error());
    const auto open = [&](std::string_view local, std::string_view ns) -> nbfx::reader* {
        for (const soap::other_header& each : answer.headers().others)
            if (each.local == local && each.ns == ns)
                return &answer.message().header(each);
        return nullptr;
    };
    if (contract::has_headers(operation.reply) &&
        !contract::read_headers(operation.reply, values, open))
        return failed({make_error_code(contract::errc::header_missing), 0, 0}, "Header");
    return {};
}

bool read_detail(reply& answer, const contract::type& what, void* value) {
    if (!answer.is_fault() || !answer.fault())
        return false;
    nbfx::reader* const in = answer.fault_detail();
    return in != nullptr && contract::read_fault_detail(*in, what, value);
}

}  // namespace typed
}  // namespace nettcp
