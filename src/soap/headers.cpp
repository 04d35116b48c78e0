// Decides what the headers of a received envelope mean: which are addressing headers of ours,
// which are for others, and which break a rule.

#include <soap/headers.hpp>

#include <soap/text_reader.hpp>
#include <soap/version_names.hpp>

#include <nettcp/soap/errc.hpp>

#include <algorithm>

namespace nettcp::soap {
namespace {

/// What the attributes of a header say about it.
struct header_attributes {
    std::string_view role;
    std::string_view relationship;
    bool must_understand = false;
    bool relay = false;
    bool for_us = true;
};

bool is_our_role(std::string_view role, soap_version version) noexcept {
    if (version == soap_version::soap11)
        return role.empty() || role == names::actor_next.text;
    return role.empty() || role == names::role_ultimate_receiver.text ||
           role == names::role_next.text;
}

/// Whether `text` starts with a scheme and has something behind it: all that .NET's rules for an
/// absolute URI come to for addresses that are only compared and passed on.
bool is_absolute_uri(std::string_view text) noexcept {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const auto colon = text.find(':');
    if (colon == text.npos || colon + 1 == text.size() || !letter(text.front()))
        return false;
    const auto in_scheme = [&](char c) {
        return letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
    };
    const auto printable = [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7f; };
    return std::ranges::all_of(text.substr(0, colon), in_scheme) &&
           std::ranges::all_of(text, printable);
}

/// Reads the children of one `s:Header`.
class header_reader {
public:
    header_reader(nbfx::reader& in, headers_view& out, const header_limits& limits,
                  soap_version version) noexcept
        : in_(in),
          out_(out),
          limits_(limits),
          version_(version),
          soap_ns_(soap_namespace(version).text),
          role_(version == soap_version::soap12 ? names::role.text : names::actor.text) {}

    void read_all() {
        const std::uint64_t start = in_.offset();
        in_.next();
        while (in_.move_to_content() == nbfx::node::element) {
            read_one();
            ++index_;
            if (in_.ok() && in_.offset() - start > limits_.max_headers_size)
                in_.fail(make_error_code(errc::headers_too_large), limits_.max_headers_size);
        }
        if (in_.current() != nbfx::node::end_element)
            in_.fail(make_error_code(errc::header_malformed));  // text between headers
    }

private:
    void read_one() {
        const header_attributes attributes = read_attributes();
        if (!in_.ok())
            return;
        if (attributes.for_us && is_addressing(in_.namespace_uri())) {
            if (read_addressing(attributes))
                return;
        }
        read_other(attributes);
    }

    /// Whether this is the namespace of the addressing headers. The first of them decides.
    bool is_addressing(std::string_view ns) noexcept {
        if (ns == addressing_ns_)
            return true;
        if (ns != names::ns_addressing200408.text || addressing_seen_)
            return false;
        addressing_ns_ = ns;
        out_.addressing = addressing_version::addressing200408;
        return true;
    }

    header_attributes read_attributes() {
        header_attributes seen;
        for (const nbfx::attribute& a : in_.attributes()) {
            if (a.ns == soap_ns_ && a.local == names::must_understand.text)
                seen.must_understand = truth(a.value);
            else if (a.ns == soap_ns_ && a.local == names::relay.text &&
                     version_ == soap_version::soap12)
                seen.relay = truth(a.value);
            else if (a.ns == soap_ns_ && a.local == role_)
                seen.role = attribute_text(in_, a.value, out_.joined_texts);
            else if (a.ns.empty() && a.local == names::relationship_type.text)
                seen.relationship = attribute_text(in_, a.value, out_.joined_texts);
        }
        seen.for_us = is_our_role(seen.role, version_);
        return seen;
    }

    bool truth(const nbfx::value& value) {
        const auto said = value.to_boolean();
        if (!said)
            in_.fail(make_error_code(errc::must_understand_invalid));
        return said && *said;
    }

    /// Takes one of the headers of WS-Addressing; false when it is none that we know.
    bool read_addressing(const header_attributes& attributes) {
        const std::string_view local = in_.local_name();
        if (local == names::action.text) {
            if (once(action_seen_))
                out_.action = read_address();
        } else if (local == names::message_id.text) {
            if (once(out_.message_id.has_value()))
                out_.message_id = read_unique_id();
        } else if (local == names::relates_to.text) {
            if (!is_reply(attributes.relationship))
                return false;
            if (once(out_.relates_to.has_value()))
                out_.relates_to = read_unique_id();
        } else if (local == names::to.text) {
            if (once(out_.to.has_value()))
                out_.to = recommended(absolute(read_address()));
        } else if (local == names::reply_to.text) {
            if (once(out_.reply_to.has_value()))
                out_.reply_to = read_endpoint_reference();
        } else if (local == names::fault_to.text) {
            if (once(out_.fault_to.has_value()))
                out_.fault_to = read_endpoint_reference();
        } else if (local == names::from.text) {
            if (once(out_.from.has_value()))
                out_.from = read_endpoint_reference();
        } else {
            return false;
        }
        action_seen_ = action_seen_ || local == names::action.text;
        addressing_seen_ = true;
        return true;
    }

    bool once(bool seen_before) noexcept {
        if (seen_before)
            in_.fail(make_error_code(errc::header_duplicate));
        return !seen_before;
    }

    std::string_view read_address() {
        return trimmed(read_text(in_, out_.joined_texts, limits_.max_address_size,
                                 errc::address_too_long, errc::header_malformed)
                           .text);
    }

    std::string_view absolute(std::string_view address) noexcept {
        if (!is_absolute_uri(address))
            in_.fail(make_error_code(errc::address_invalid));
        return address;
    }

    /// In 2004 the relationship was a qualified name; the prefix can only be that of addressing.
    bool is_reply(std::string_view relationship) const noexcept {
        if (relationship.empty())
            return true;
        if (out_.addressing == addressing_version::addressing200408)
            return relationship == "Reply" || relationship.ends_with(":Reply");
        return relationship == names::reply_relationship.text;
    }

    /// The anonymous address as WS-Addressing 1.0 spells it.
    std::string_view recommended(std::string_view address) const noexcept {
        if (out_.addressing == addressing_version::addressing200408 &&
            address == names::anonymous200408.text)
            return names::anonymous.text;
        return address;
    }

    unique_id_view read_unique_id() {
        constexpr std::string_view urn = "urn:uuid:";
        const element_text content =
            read_text(in_, out_.joined_texts, limits_.max_message_id_size, errc::message_id_invalid,
                      errc::header_malformed, true);
        unique_id_view id{content.guid, trimmed(content.text)};
        if (id.text.starts_with(urn)) {
            if (const auto guid = parse_uuid(id.text.substr(urn.size())))
                id.guid = *guid;
        }
        if (!id.guid && id.text.empty())
            in_.fail(make_error_code(errc::message_id_invalid));
        return id;
    }

    /// The Address of an endpoint reference; what else it holds is passed over.
    std::string_view read_endpoint_reference() {
        in_.next();
        if (!in_.is_start_element(names::address.text, addressing_ns_)) {
            in_.fail(make_error_code(errc::header_malformed));
            return {};
        }
        const std::string_view address = recommended(absolute(read_address()));
        while (in_.move_to_content() == nbfx::node::element)
            in_.skip();
        if (in_.current() == nbfx::node::end_element)
            in_.next();
        else
            in_.fail(make_error_code(errc::header_malformed));
        return address;
    }

    void read_other(const header_attributes& attributes) {
        if (out_.others.size() >= limits_.max_other_headers) {
            in_.fail(make_error_code(errc::headers_exceeded), clamp_u32(out_.others.size() + 1),
                     clamp_u32(limits_.max_other_headers));
            return;
        }
        other_header h{.ns = in_.namespace_uri(),
                       .local = in_.local_name(),
                       .role = attributes.role,
                       .must_understand = attributes.must_understand,
                       .relay = attributes.relay,
                       .for_us = attributes.for_us,
                       .index = index_,
                       .offset = static_cast<std::uint32_t>(in_.offset()),
                       .size = 0};
        // A RelatesTo of another relationship is understood: it asks nothing of us.
        if (h.for_us && h.ns == addressing_ns_ && h.local == names::relates_to.text)
            h.must_understand = false;
        in_.skip();
        h.size = static_cast<std::uint32_t>(in_.offset()) - h.offset;
        out_.others.push_back(h);
    }

    nbfx::reader& in_;
    headers_view& out_;
    const header_limits& limits_;
    soap_version version_;
    std::string_view soap_ns_;
    std::string_view role_;
    std::string_view addressing_ns_ = names::ns_addressing10.text;
    std::uint32_t index_ = 0;
    bool action_seen_ = false;
    bool addressing_seen_ = false;
};

}  // namespace

void headers_view::clear() noexcept {
    addressing = addressing_version::addressing10;
    action = {};
    message_id.reset();
    relates_to.reset();
    to.reset();
    reply_to.reset();
    fault_to.reset();
    from.reset();
    others.clear();
    joined_texts.clear();
}

void read_headers(nbfx::reader& in, headers_view& out, const header_limits& limits,
                  soap_version version) {
    header_reader(in, out, limits, version).read_all();
}

}  // namespace nettcp::soap
