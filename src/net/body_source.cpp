#include <nettcp/net/body_source.hpp>

#include <boost/asio/system_executor.hpp>

#include <algorithm>

namespace nettcp {

namespace asio = boost::asio;

namespace {

class function_source final : public body_source {
public:
    explicit function_source(std::function<std::size_t(std::span<std::byte>)> fill)
        : fill_(std::move(fill)) {}

    void read(std::span<std::byte> room, read_handler done) override {
        const std::size_t size = fill_(room);
        boost::system::error_code end;
        if (size == 0)
            end = asio::error::eof;
        std::move(done)(end, size);
    }

private:
    std::function<std::size_t(std::span<std::byte>)> fill_;
};

}  // namespace

body_source::~body_source() = default;

asio::any_io_executor body_source::get_executor() const {
    return asio::system_executor();
}

std::shared_ptr<body_source>
make_body_source(std::function<std::size_t(std::span<std::byte>)> fill) {
    return std::make_shared<function_source>(std::move(fill));
}

std::shared_ptr<body_source> make_body_source(std::vector<std::byte> octets) {
    return make_body_source(std::function<std::size_t(std::span<std::byte>)>(
        [kept = std::move(octets), at = std::size_t{0}](std::span<std::byte> room) mutable {
            const std::size_t size = std::min(room.size(), kept.size() - at);
            std::copy_n(kept.begin() + static_cast<std::ptrdiff_t>(at), size, room.begin());
            at += size;
            return size;
        }));
}

}  // namespace nettcp
