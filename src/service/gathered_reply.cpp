// Decides how a reply whose body is a stream becomes one message.

#include "service/call_session.hpp"

#include <nettcp/net/body_source.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <vector>

namespace nettcp {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

/// Reads a source to its end.
class gatherer : public std::enable_shared_from_this<gatherer> {
public:
    using taker = std::function<void(const error_code&, std::vector<std::byte>&&)>;

    gatherer(asio::any_io_executor executor, std::shared_ptr<body_source> from, std::size_t limit,
             taker done)
        : executor_(std::move(executor)),
          from_(std::move(from)),
          limit_(limit),
          done_(std::move(done)) {}

    void go_on() {
        octets_.resize(size_ + room_size);
        from_->read(std::span(octets_).subspan(size_),
                    [self = shared_from_this()](const error_code& code, std::size_t size) {
                        asio::post(self->executor_,
                                   [self, code, size] { self->arrived(code, size); });
                    });
    }

private:
    static constexpr std::size_t room_size = 16384;

    void arrived(const error_code& code, std::size_t size) {
        size_ += size;
        if (!code && size_ <= limit_) {
            go_on();
            return;
        }
        octets_.resize(size_);
        const bool ended = code == asio::error::eof;
        done_(ended  ? error_code()
              : code ? code
                     : error_code(asio::error::message_size),
              std::move(octets_));
    }

    asio::any_io_executor executor_;
    std::shared_ptr<body_source> from_;
    std::vector<std::byte> octets_;
    std::size_t size_ = 0;
    std::size_t limit_;
    taker done_;
};

}  // namespace

void call_session::reply_stream(call_record& call, const std::function<void(nbfx::writer&)>& body,
                                std::shared_ptr<body_source> content,
                                const reply_options& options) {
    if (over_ || call.answered || call.one_way)
        return;
    call.answered = true;  // the answer is on its way
    auto done = [share = call_share(call), body, action = std::string(options.action),
                 headers = options.headers](const error_code& code,
                                            std::vector<std::byte>&& octets) {
        if (const auto session = share->session.lock())
            session->source_gathered(*share, code, octets, body, {action, headers});
    };
    std::make_shared<gatherer>(store_->executor(), std::move(content), limits_.max_held,
                               std::move(done))
        ->go_on();
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
