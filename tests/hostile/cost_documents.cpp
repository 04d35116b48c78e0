#include "hostile/cost_documents.hpp"

#include <channel/envelope_codec.hpp>

#include <nettcp/nbfx/copy.hpp>

#include <memory>
#include <stdexcept>

namespace hostile {

using namespace nettcp;
using framing::encoding;
using namespace std::string_literals;

namespace {

constexpr std::uint32_t max_message_size = 4u << 20;

class reading {
public:
    explicit reading(encoding how)
        : codec_(std::make_shared<channel::message_pool>(), default_max_session_size,
                 max_message_size) {
        codec_.start(*channel::traits_of(how), {}, true);
    }

    result<channel::message> decode(std::string_view payload) {
        return codec_.decode(as_bytes(payload));
    }

    /// All nodes of a body, and the texts of all values; how many nodes there were.
    std::size_t walk(channel::message& m) {
        nbfx::reader& in = m.body();
        std::size_t nodes = 0;
        const std::uint32_t outside = in.depth();
        for (nbfx::node now = in.current(); in.ok(); now = in.next()) {
            ++nodes;
            if (now == nbfx::node::element)
                for (const nbfx::attribute& one : in.attributes())
                    look_at(one.value);
            if (now == nbfx::node::text)
                look_at(in.value());
            if (now == nbfx::node::end_element && in.depth() <= outside)
                break;
        }
        return in.ok() && m.read_end() ? nodes : 0;
    }

private:
    void look_at(const nbfx::value& value) {
        text_.clear();
        (void)value.append_text(text_);
    }

    channel::envelope_codec codec_;
    std::string text_;
};

std::size_t copy(channel::message& m) {
    m.reopen_body();
    octet_buffer octets;
    nbfx::writer out;
    out.open(octets);
    nbfx::copy_element(m.body(), out);
    return out.finish() ? octets.size() : 0;
}

void must(bool good, const std::string& why) {
    if (!good)
        throw std::runtime_error("octets that were to be read are refused: " + why);
}

}  // namespace

std::string binary_envelope(std::string_view body) {
    // s is SOAP's namespace, a WS-Addressing's; names by their ids in [MC-NBFS].
    static const std::string start = "\x56\x02\x0b\1s\x04\x0b\1a\x06\x56\x08"
                                     "\x44\x0a\x99\5urn:x\1\x56\x0e"s;
    return start + std::string(body) + "\1\1";
}

std::string text_envelope(std::string_view body) {
    return "<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope' "
           "xmlns:a='http://www.w3.org/2005/08/addressing'><s:Header><a:Action>urn:x</a:Action>"
           "</s:Header><s:Body>" +
           std::string(body) + "</s:Body></s:Envelope>";
}

workload read_payload(encoding how, std::string payload, bool may_fail) {
    const std::size_t size = payload.size();
    return {size, [how, may_fail, payload = std::move(payload)]() -> std::size_t {
                reading one(how);
                auto read = one.decode(payload);
                must(may_fail || read, read ? "" : read.error().code.message());
                if (!read)
                    return 0;
                const std::size_t nodes = one.walk(*read);
                must(may_fail || nodes != 0, read->body().failure().code.message());
                return nodes;
            }};
}

workload copy_payload(encoding how, std::string payload) {
    workload work = read_payload(how, payload);
    work.done = [how, payload = std::move(payload)]() -> std::size_t {
        reading one(how);
        auto read = one.decode(payload);
        must(read.has_value(), "");
        const std::size_t size = copy(*read);
        must(size != 0, read->body().failure().code.message());
        return size;
    };
    return work;
}

workload read_binary(const std::string& body) {
    return read_payload(encoding::binary, binary_envelope(body));
}

workload copy_binary(const std::string& body) {
    return copy_payload(encoding::binary, binary_envelope(body));
}

}  // namespace hostile
