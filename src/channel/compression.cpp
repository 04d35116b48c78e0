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

/// One stream that is being packed.
struct deflation {
    zlib_stream<deflateEnd> stream;

    explicit deflation(compression how) {
        check_memory(deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_of(how), 8,
                                  Z_DEFAULT_STRATEGY));
    }

    void add(bytes_view octets, octet_buffer& out, int flush) {
        while (!octets.empty()) {
            octets = octets.subspan(stream.give(octets));
            run(flush, out);
        }
    }

    void end(octet_buffer& out) {
        (void)stream.give({});
        run(Z_FINISH, out);
    }

private:
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

}  // namespace

struct unpacker::state {
    zlib_stream<inflateEnd> stream;
    std::uint64_t max_size = 0;
    std::uint64_t left = 0;  ///< of what may come out
    std::uint64_t used = 0;  ///< of what has come in
    bool ended = false;
};

unpacker::unpacker(compression how, std::uint64_t max_size) : state_(std::make_unique<state>()) {
    check_memory(inflateInit2(&state_->stream, window_of(how)));
    state_->max_size = state_->left = max_size;
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
        return error{make_error_code(rule), state_->used + used(), 0,
                     rule == errc::decompressed_too_large ? clamp_u32(state_->max_size) : 0};
    };
    while (!state_->ended && out.size() < enough) {
        // At the limit one octet more is lent, to see whether something would go into it.
        const auto space =
            step(out, out.size(), std::min<std::uint64_t>(enough - out.size(), state_->left));
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

struct packer::state : deflation {
    using deflation::deflation;
};

packer::packer(compression how) : state_(std::make_unique<state>(how)) {}
packer::packer(packer&&) noexcept = default;
packer& packer::operator=(packer&&) noexcept = default;
packer::~packer() = default;

void packer::add(bytes_view octets, octet_buffer& out) {
    state_->add(octets, out, Z_SYNC_FLUSH);
}

void packer::end(octet_buffer& out) {
    state_->end(out);
}

result<void> decompress(compression how, bytes_view packed, octet_buffer& out,
                        std::size_t max_size) {
    unpacker stream(how, max_size);
    const std::size_t size = packed.size();
    do {
        const auto used = stream.take(packed, out, std::numeric_limits<std::size_t>::max());
        if (!used)
            return used.error();
        packed = packed.subspan(*used);
    } while (!stream.ended() && !packed.empty());
    if (!stream.ended())
        return error{make_error_code(errc::compressed_malformed), size};
    return {};
}

void compress(compression how, std::initializer_list<bytes_view> parts, octet_buffer& out) {
    deflation stream(how);
    for (const bytes_view part : parts)
        stream.add(part, out, Z_NO_FLUSH);
    stream.end(out);
}

}  // namespace nettcp::channel
