#include <security/negotiate_player.hpp>
#include <support/catch.hpp>

#include <filesystem>
#include <fstream>

using namespace nettcp;
using namespace nettcp::security;

namespace {

/// One side of a transcript: what it sent, and its tokens and payloads taken out of that.
struct side_of_transcript {
    struct message {
        unsigned type = 0;
        std::vector<std::byte> payload;
    };

    std::vector<std::byte> octets;
    std::vector<message> messages;
    std::vector<std::vector<std::byte>> payloads;  ///< of frames; of raw octets, in one piece
    std::size_t handshake_size = 0;

    void take_messages() {
        std::size_t at = 0;
        // A handshake has ended when what is next is no message: the size of a frame is no 0x0100
        // in its upper half.
        while (octets.size() - at >= 5 && octets[at + 1] == std::byte{1} &&
               octets[at + 2] == std::byte{0} &&
               (messages.empty() || messages.back().type == 0x16)) {
            const auto size = std::to_integer<std::size_t>(octets[at + 3]) << 8 |
                              std::to_integer<std::size_t>(octets[at + 4]);
            const auto payload = bytes_view(octets).subspan(at + 5, size);
            messages.push_back(
                {std::to_integer<unsigned>(octets[at]), {payload.begin(), payload.end()}});
            at += 5 + size;
        }
        handshake_size = at;
    }

    void take_frames(bool is_raw) {
        bytes_view rest = bytes_view(octets).subspan(handshake_size);
        if (is_raw && !rest.empty()) {
            payloads.emplace_back(rest.begin(), rest.end());
            return;
        }
        while (!rest.empty()) {
            const auto size =
                std::to_integer<std::size_t>(rest[0]) | std::to_integer<std::size_t>(rest[1]) << 8;
            const auto payload = rest.subspan(4, size);
            payloads.emplace_back(payload.begin(), payload.end());
            rest = rest.subspan(4 + size);
        }
    }
};

struct transcript {
    side_of_transcript client;
    side_of_transcript server;
    bool is_raw = false;
    bool is_established = false;
};

transcript read_transcript(const std::filesystem::path& path) {
    transcript found;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        found.is_raw = found.is_raw || line.find("sign=False") != line.npos;
        auto& side = line.starts_with("C>S") ? found.client : found.server;
        if ((line.starts_with("C>S ") || line.starts_with("S>C ")) && line.substr(4) != "FIN") {
            const auto octets = hex(line.substr(4));
            side.octets.insert(side.octets.end(), octets.begin(), octets.end());
        }
    }
    found.client.take_messages();
    found.server.take_messages();
    found.is_established =
        !found.server.messages.empty() && found.server.messages.back().type == 0x14;
    found.client.take_frames(found.is_raw);
    found.server.take_frames(found.is_raw);
    return found;
}

/// Says what one side of a transcript said, and insists on hearing what the other side said.
class replayed_mechanism final : public mechanism {
public:
    replayed_mechanism(const side_of_transcript& ours, const side_of_transcript& theirs, role side,
                       bool is_raw)
        : ours_(ours), theirs_(theirs), side_(side), is_raw_(is_raw) {}

    step_result step(bytes_view token) noexcept override {
        step_result result;
        if (side_ == role::acceptor || said_count_ > 0) {
            CHECK(to_hex(token) == to_hex(theirs_.messages.at(heard_count_).payload));
            ++heard_count_;
        } else {
            CHECK(token.empty());
        }
        if (said_count_ == ours_.messages.size()) {  // completed by the peer's last token
            result.outcome = step_outcome::complete;
            return result;
        }
        const auto& message = ours_.messages[said_count_++];
        if (message.type == 0x15) {
            result.why = {make_error_code(errc::mechanism_failed)};
            for (std::size_t i = 4; i-- > 0;)
                result.peer_code =
                    result.peer_code << 8 | std::to_integer<std::uint32_t>(message.payload[i]);
            return result;
        }
        result.outcome =
            message.type == 0x14 ? step_outcome::complete : step_outcome::continue_needed;
        result.token.append(message.payload);
        return result;
    }

    const party& peer() const noexcept override { return peer_; }
    framing_of_octets octets() const noexcept override {
        return is_raw_ ? framing_of_octets::raw : framing_of_octets::frames;
    }
    result<void> wrap(bytes_view plain, octet_buffer& out) noexcept override {
        CHECK(as_text(plain) == "hello");
        out.append(ours_.payloads.at(0));
        return {};
    }
    result<bytes_view> unwrap(std::span<std::byte> payload) noexcept override {
        CHECK(to_hex(payload) == to_hex(theirs_.payloads.at(0)));
        return as_bytes("hello");
    }
    std::string_view said() const noexcept override { return {}; }

private:
    const side_of_transcript& ours_;
    const side_of_transcript& theirs_;
    party peer_;
    role side_;
    bool is_raw_;
    std::size_t said_count_ = 0;
    std::size_t heard_count_ = 0;
};

void replay(const transcript& script, role side, std::size_t stroke) {
    const bool is_client = side == role::initiator;
    const auto& ours = is_client ? script.client : script.server;
    const auto& theirs = is_client ? script.server : script.client;
    player us(side, std::make_shared<replayed_mechanism>(ours, theirs, side, script.is_raw));
    us.gets(theirs.octets, stroke);
    if (script.is_established) {
        CHECK(us.state() == "established");
        CHECK(us.plain == (theirs.payloads.empty() ? "" : "hello"));
        if (!ours.payloads.empty())
            CHECK(us.engine->write(as_bytes("hello")).has_value());
        CHECK(us.engine->surplus().empty());
    } else {
        CHECK(us.state() == "failed");
        if (!theirs.messages.empty() && theirs.messages.back().type == 0x15)
            CHECK(us.failure() == cause::refused);
        else
            CHECK(us.failure() == errc::mechanism_failed);
    }
    CHECK(us.sends() == to_hex(ours.octets));
}

}  // namespace

TEST_CASE("Negotiate says and understands, octet for octet, what .NET's NegotiateStream does") {
    int established = 0;
    int failed = 0;
    for (const auto& entry : std::filesystem::directory_iterator("tests/security/transcripts")) {
        if (entry.path().extension() != ".txt")
            continue;
        INFO(entry.path());
        const transcript script = read_transcript(entry.path());
        for (const role side : {role::initiator, role::acceptor}) {
            for (const std::size_t stroke : {std::size_t{1}, std::size_t{11}, SIZE_MAX})
                replay(script, side, stroke);
        }
        ++(script.is_established ? established : failed);
    }
    CHECK(established == 15);
    CHECK(failed == 13);
}

TEST_CASE("Negotiate waits at every prefix of a handshake and fails when the stream ends there") {
    for (const char* name : {"krb_ccache", "ntlm_ok", "ntlm_none", "krb_nokeytab_ntlmfile"}) {
        CAPTURE(name);
        const transcript script =
            read_transcript(std::string("tests/security/transcripts/") + name + ".txt");
        for (const role side : {role::initiator, role::acceptor}) {
            const bool is_client = side == role::initiator;
            const auto& ours = is_client ? script.client : script.server;
            const auto& theirs = is_client ? script.server : script.client;
            for (std::size_t size = 0; size < theirs.handshake_size; ++size) {
                player us(side,
                          std::make_shared<replayed_mechanism>(ours, theirs, side, script.is_raw));
                us.gets(bytes_view(theirs.octets).first(size));
                REQUIRE(us.state().empty());
                us.gets_eof();
                REQUIRE(us.state() == "failed");
                REQUIRE(us.failure() == errc::handshake_cut_short);
                REQUIRE(us.engine->failure().at == size);
            }
        }
    }
}
