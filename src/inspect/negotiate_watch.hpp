#pragma once

#include <nettcp/base/octet_buffer.hpp>
#include <nettcp/inspect/transcript.hpp>

#include <array>
#include <cstdint>
#include <string>

namespace nettcp::inspect {

/// Follows [MS-NNS] on one connection from outside: shows the handshake, and gives what its frames
/// hold as far as that is plain. Holds one message or frame of each direction, up to 64 KiB.
class negotiate_watch {
public:
    enum class kind : std::uint8_t {
        nothing,    ///< what is held is not whole
        message,    ///< of the handshake; `words` tells
        frame,  ///< `words` tells how it is protected; `plain` holds what it says, if it shows
        raw,  ///< `plain`: octets that nothing protects
        not_frames,  ///< the octets cannot be this protocol: `size` of them are left
        preamble,  ///< a client that begins a new session without protection; nothing is taken
    };
    struct part {
        kind what = kind::nothing;
        std::uint64_t size = 0;  ///< octets on the wire
        std::string words;
        bytes_view plain;  ///< good until the next `add` or `consume`
        std::size_t head = 0;  ///< octets on the wire in front of `plain`
    };

    void add(direction from, bytes_view octets) { held_[index(from)].append(octets); }
    /// What is at the front of what is held. `consume` its size, then ask again.
    part next(direction from);
    void consume(direction from, std::uint64_t size) {
        held_[index(from)].consume(static_cast<std::size_t>(size));
    }
    bytes_view held(direction from) const noexcept { return held_[index(from)].view(); }

private:
    static std::size_t index(direction d) noexcept { return static_cast<std::size_t>(d); }

    part next_message(direction from, bytes_view held);
    part next_frame(direction from, bytes_view held);
    void learn(direction from, bytes_view payload, std::string& words);

    std::array<octet_buffer, 2> held_;
    octet_buffer turned_;  ///< a rotated Kerberos token, put right
    bool is_over_ = false;  ///< the handshake
    bool is_failed_ = false;
    bool is_ntlm_ = false;
    std::uint32_t ntlm_flags_ = 0;
};

}  // namespace nettcp::inspect
