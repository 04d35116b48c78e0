// Decides how a reply whose body is a stream becomes one message.

#include "service/call_session.hpp"

namespace nettcp {

using boost::system::error_code;

void call_session::reply_stream(call_record& call, const std::function<void(nbfx::writer&)>& body,
                                std::shared_ptr<body_source> content,
                                const reply_options& options) {
    if (over_ || call.answered || call.one_way)
        return;
    call.answered = true;  // the answer is on its way
    const std::uint64_t number = ++gathered_count_;
    auto told = [this, number, share = call_share(call), body, action = std::string(options.action),
                 headers = options.headers](const error_code& code,
                                            std::vector<std::byte>&& octets) {
        const auto self = shared_from_this();
        gatherers::node_type kept;  // this function is in it
        if (gathering_ != nullptr)
            kept = gathering_->extract(number);
        source_gathered(*share, code, octets, body, {action, headers});
    };
    const auto gatherer = std::make_shared<net::body_gatherer>(
        store_->executor(), std::move(content), limits_.max_held, std::move(told));
    if (gathering_ == nullptr)
        gathering_ = std::make_unique<gatherers>();
    gathering_->emplace(number, gatherer);
    gatherer->start();
}

void call_session::source_gathered(call_record& call, const error_code& code, bytes_view octets,
                                   const std::function<void(nbfx::writer&)>& body,
                                   const reply_options& options) {
    if (over_)
        return;
    call.answered = false;
    if (code) {
        answer_exception(call, std::make_exception_ptr(boost::system::system_error(code)));
        return;
    }
    nbfx::writer* const out = begin_reply(call, options);
    if (out == nullptr)
        return;
    body(*out);
    out->bytes(octets);
    while (out->ok() && out->depth() > 2)
        out->end_element();
    end_reply(call);
}

}  // namespace nettcp
