#include "console.hpp"
#include "finding_text.hpp"

#include <boost/json.hpp>

namespace nettcp::cli {
namespace {

namespace json = boost::json;
using inspect::finding;
using inspect::finding_type;

std::string base64(bytes_view octets) {
    constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve((octets.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < octets.size(); i += 3) {
        const std::size_t left = std::min<std::size_t>(octets.size() - i, 3);
        std::uint32_t bits = 0;
        for (std::size_t k = 0; k < 3; ++k)
            bits = bits << 8 | (k < left ? std::to_integer<std::uint32_t>(octets[i + k]) : 0);
        for (std::size_t k = 0; k < 4; ++k)
            out += k <= left ? digits[bits >> (18 - 6 * k) & 63u] : '=';
    }
    return out;
}

void add_envelope(json::object& line, const finding& found) {
    line["size"] = found.size;
    if (found.type == finding_type::unsized_envelope)
        line["chunks"] = json::value_from(found.chunks);
    if (!found.new_strings.empty()) {
        json::array strings;
        for (const auto& [id, text] : found.new_strings)
            strings.push_back(json::object{{"id", id}, {"text", as_utf8(text)}});
        line["strings"] = std::move(strings);
    }
    if (found.is_xml)
        line["xml"] = as_utf8(found.xml);
    else
        line["data"] = base64(found.octets);
}

}  // namespace

std::string json_line(const finding& found, std::string_view file) {
    json::object line;
    if (!file.empty())
        line["file"] = as_utf8(file);
    line["conn"] = found.connection;
    line["dir"] = to_string(found.direction);
    line["record"] = to_string(found.type);
    switch (found.type) {
    case finding_type::sized_envelope:
    case finding_type::unsized_envelope: add_envelope(line, found); break;
    case finding_type::handshake:
    case finding_type::frame: line["value"] = as_utf8(found.value); [[fallthrough]];
    case finding_type::opaque:
        line["offset"] = found.offset;
        line["size"] = found.size;
        break;
    case finding_type::error:
        line["offset"] = found.offset;
        line["message"] = as_utf8(found.message);
        break;
    case finding_type::end:
    case finding_type::preamble_ack:
    case finding_type::preamble_end:
    case finding_type::upgrade_response: break;  // these say nothing but their name
    case finding_type::version:
    case finding_type::mode:
    case finding_type::via:
    case finding_type::known_encoding:
    case finding_type::extensible_encoding:
    case finding_type::upgrade_request:
    case finding_type::fault: line["value"] = as_utf8(found.value); break;
    }
    return json::serialize(line) + "\n";
}

}  // namespace nettcp::cli
