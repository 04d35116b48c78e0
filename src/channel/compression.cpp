// The only file that knows zlib. Its state lives as long as one message or stream: kept for each
// session, the compressor's alone would take a quarter of a megabyte.

#include <channel/compression.hpp>

#include <nettcp/channel/errc.hpp>

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>
#include <span>

namespace nettcp::channel {
namespace {

constexpr std::size_t smallest_step = 4096;
constexpr std::size_t largest_step = std::size_t{1} << 20;

/// zlib's number for the largest window, and how it is told which wrapping to use.
constexpr int window_of(compression how) noexcept {
    return how == compression::gzip ? MAX_WBITS + 16 : -MAX_WBITS;
}

/// Frees a stream whatever happens.
template <int (*End)(z_streamp)>
struct zlib_stream : z_stream {
    zlib_stream() : z_stream{} {}
    zlib_stream(const zlib_stream&) = delete;
    zlib_stream& operator=(const zlib_stream&) = delete;
    ~zlib_stream() { End(this); }

    /// zlib counts in 32 bits; returns how much of `octets` it was given.
    std::size_t give(bytes_view octets) noexcept {
        const auto size = std::min<std::size_t>(octets.size(), std::numeric_limits<uInt>::max());
        // zlib reads only, and takes a pointer to const where it was told to (ZLIB_CONST).
        next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(octets.data()));
        avail_in = static_cast<uInt>(size);
        return size;
    }

    void lend(std::span<std::byte> space) noexcept {
        next_out = reinterpret_cast<Bytef*>(space.data());
        avail_out = static_cast<uInt>(space.size());
    }
};

/// Steps double with what is there already, so that much is not moved often.
std::span<std::byte> step(octet_buffer& out, std::size_t done, std::size_t at_most) {
    const std::size_t size =
        std::min(std::clamp(done, smallest_step, largest_step), std::max<std::size_t>(at_most, 1));
    return out.prepare(size).first(size);
}

void check_memory(int outcome) {
    if (outcome == Z_MEM_ERROR)
        throw std::bad_alloc();
}

}  // namespace

result<void> decompress(compression how, bytes_view packed, octet_buffer& out,
                        std::size_t max_size) {
    zlib_stream<inflateEnd> stream;
    check_memory(inflateInit2(&stream, window_of(how)));
    const std::size_t before = out.size();
    std::size_t given = stream.give(packed);
    int outcome = Z_OK;
    const auto broken = [&](errc rule) {
        return error{make_error_code(rule), given - stream.avail_in, 0,
                     rule == errc::decompressed_too_large ? clamp_u32(max_size) : 0};
    };
    while (outcome != Z_STREAM_END) {
        if (stream.avail_in == 0 && given < packed.size())
            given += stream.give(packed.subspan(given));
        // At the limit one octet more is lent, to see whether something would go into it.
        const std::size_t done = out.size() - before;
        const auto space = step(out, done, max_size - done);
        stream.lend(space);
        outcome = inflate(&stream, Z_NO_FLUSH);
        const std::size_t made = space.size() - stream.avail_out;
        check_memory(outcome);
        if (made > max_size - done)
            return broken(errc::decompressed_too_large);
        out.commit(made);
        const bool stuck = made == 0 && stream.avail_in == 0 && given == packed.size();
        if (outcome != Z_STREAM_END && (stuck || (outcome != Z_OK && outcome != Z_BUF_ERROR)))
            return broken(errc::compressed_malformed);
    }
    if (stream.avail_in != 0 || given != packed.size())
        return broken(errc::compressed_malformed);
    return {};
}

struct unpacker::state {
    zlib_stream<inflateEnd> stream;
    std::uint64_t left = 0;  ///< of what may come out
    std::uint64_t used = 0;  ///< of what has come in
    bool ended = false;
};

unpacker::unpacker(compression how, std::uint64_t max_size) : state_(std::make_unique<state>()) {
    check_memory(inflateInit2(&state_->stream, window_of(how)));
    state_->left = max_size;
}
unpacker::unpacker(unpacker&&) noexcept = default;
unpacker& unpacker::operator=(unpacker&&) noexcept = default;
unpacker::~unpacker() = default;

bool unpacker::ended() const noexcept {
    return state_->ended;
}

result<std::size_t> unpacker::take(bytes_view packed, octet_buffer& out, std::size_t enough) {
    z_stream& stream = state_->stream;
    const std::size_t given = state_->stream.give(packed);
    const auto used = [&] { return given - stream.avail_in; };
    const auto broken = [&](errc rule) {
        return error{make_error_code(rule), state_->used + used(), 0, 0};
    };
    while (!state_->ended && out.size() < enough) {
        const auto space = step(out, smallest_step, enough - out.size());
        state_->stream.lend(space);
        const int outcome = inflate(&stream, Z_NO_FLUSH);
        check_memory(outcome);
        const std::size_t made = space.size() - stream.avail_out;
        if (made > state_->left)
            return broken(errc::decompressed_too_large);
        if (outcome != Z_OK && outcome != Z_BUF_ERROR && outcome != Z_STREAM_END)
            return broken(errc::compressed_malformed);
        out.commit(made);
        state_->left -= made;
        state_->ended = outcome == Z_STREAM_END;
        if (made == 0 && stream.avail_in == 0)
            break;
    }
    if (state_->ended && used() != packed.size())
        return broken(errc::compressed_malformed);
    state_->used += used();
    return used();
}

struct packer::state {
    zlib_stream<deflateEnd> stream;

    void run(int flush, octet_buffer& out) {
        int outcome = Z_OK;
        do {
            const auto space = step(out, out.size(), largest_step);
            stream.lend(space);
            outcome = deflate(&stream, flush);
            out.commit(space.size() - stream.avail_out);
        } while (stream.avail_out == 0 || (flush == Z_FINISH && outcome != Z_STREAM_END));
    }
};

packer::packer(compression how) : state_(std::make_unique<state>()) {
    check_memory(deflateInit2(&state_->stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_of(how), 8,
                              Z_DEFAULT_STRATEGY));
}
packer::packer(packer&&) noexcept = default;
packer& packer::operator=(packer&&) noexcept = default;
packer::~packer() = default;

void packer::add(bytes_view octets, octet_buffer& out) {
    while (!octets.empty()) {
        octets = octets.subspan(state_->stream.give(octets));
        state_->run(Z_SYNC_FLUSH, out);
    }
}

void packer::end(octet_buffer& out) {
    (void)state_->stream.give({});
    state_->run(Z_FINISH, out);
}

void compress(compression how, std::initializer_list<bytes_view> parts, octet_buffer& out) {
    zlib_stream<deflateEnd> stream;
    check_memory(deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_of(how), 8,
                              Z_DEFAULT_STRATEGY));
    const std::size_t before = out.size();
    const auto run = [&](int flush) {
        int outcome = Z_OK;
        do {
            const auto space = step(out, out.size() - before, largest_step);
            stream.lend(space);
            outcome = deflate(&stream, flush);
            out.commit(space.size() - stream.avail_out);
        } while (stream.avail_out == 0 || (flush == Z_FINISH && outcome != Z_STREAM_END));
    };
    for (bytes_view part : parts) {
        while (!part.empty()) {
            part = part.subspan(stream.give(part));
            run(Z_NO_FLUSH);
        }
    }
    run(Z_FINISH);
}

}  // namespace nettcp::channel
