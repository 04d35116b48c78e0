// Decides which values of an envelope become parts, and what is certain not to occur in any part.

#include <channel/mime_parts.hpp>
#include <channel/mtom_encoding.hpp>

#include <nettcp/base/uuid.hpp>
#include <nettcp/channel/mtom_content_type.hpp>
#include <nettcp/xml/inclusions.hpp>

#include <algorithm>
#include <charconv>
#include <limits>
#include <span>
#include <vector>

namespace nettcp::channel {
namespace {

/// Where the first boundary occurs in a message, it has another number.
constexpr std::string_view boundary_start = first_boundary.substr(0, first_boundary.size() - 2);

/// The parts that one envelope makes, whose octets lie in its document.
class part_list final : public xml::inclusion_sink {
public:
    std::size_t least_size() const noexcept override {
        return ends_.size() + 1 < max_mime_parts ? mtom_threshold
                                                 : std::numeric_limits<std::size_t>::max();
    }

    std::string take(std::span<const bytes_view> pieces) override {
        pieces_.insert(pieces_.end(), pieces.begin(), pieces.end());
        ends_.push_back(pieces_.size());
        return "cid:" + id_of(ends_.size());
    }

    static std::string id_of(std::size_t number) {
        return "part" + std::to_string(number) + "@nettcp";
    }

    std::size_t count() const noexcept { return ends_.size(); }

    /// The octets of part `number`, counted from 1.
    std::span<const bytes_view> pieces(std::size_t number) const noexcept {
        const std::size_t begin = number == 1 ? 0 : ends_[number - 2];
        return std::span(pieces_).subspan(begin, ends_[number - 1] - begin);
    }

private:
    std::vector<bytes_view> pieces_;
    std::vector<std::size_t> ends_;
};

/// Where the pieces of a part meet, and what is around. The writer of binary XML cuts off an octet
/// or two, so that a boundary may go on in the next piece.
std::string seams_of(std::span<const bytes_view> pieces) {
    constexpr std::size_t reach = 70;  // no boundary is longer
    std::string seams;
    for (const bytes_view piece : pieces) {
        const std::string_view text = as_text(piece);
        if (text.size() <= 2 * reach) {
            seams.append(text);
            continue;
        }
        seams.append(text.substr(0, reach)).push_back('\n');
        seams.append(text.substr(text.size() - reach));
    }
    return seams;
}

/// Calls `look` with all text in which there must be no boundary.
template <class Function>
void for_each_text(bytes_view root, const part_list& parts, Function look) {
    look(as_text(root));
    for (std::size_t number = 1; number <= parts.count(); ++number) {
        const auto pieces = parts.pieces(number);
        for (const bytes_view piece : pieces)
            look(as_text(piece));
        if (pieces.size() > 1)
            look(std::string_view(seams_of(pieces)));
    }
}

/// Adds the numbers of the boundaries in `text` to `used`.
void note_boundaries(std::string_view text, std::vector<std::uint64_t>& used) {
    for (auto at = text.find(boundary_start); at != text.npos; at = text.find(boundary_start, at)) {
        at += boundary_start.size();
        std::uint64_t number = 0;
        if (std::from_chars(text.data() + at, text.data() + text.size(), number).ec == std::errc())
            used.push_back(number);
    }
}

/// A boundary that occurs neither in the root nor in a part. The values of a message are no secret
/// to those who gave them: with a fixed boundary they could write parts of their own.
std::string unused_boundary(std::string_view wanted, bytes_view root, const part_list& parts) {
    bool is_used = !is_mime_boundary(wanted);
    for_each_text(root, parts,
                  [&](std::string_view text) { is_used |= text.find(wanted) != text.npos; });
    if (!is_used)
        return std::string(wanted);
    std::vector<std::uint64_t> used;
    for_each_text(root, parts, [&](std::string_view text) { note_boundaries(text, used); });
    std::ranges::sort(used);
    std::uint64_t number = 1;
    for (const std::uint64_t taken : used)
        number += taken == number ? 1 : 0;
    return std::string(boundary_start).append(std::to_string(number)).append("_");
}

class message_writer {
public:
    message_writer(octet_buffer& out, std::string boundary)
        : out_(out), boundary_(std::move(boundary)) {}

    void line(std::initializer_list<std::string_view> words) {
        for (const std::string_view word : words)
            out_.append(as_bytes(word));
        out_.append(as_bytes("\r\n"));
    }
    void octets(bytes_view octets) { out_.append(octets); }
    std::string_view boundary() const noexcept { return boundary_; }
    /// The line end before it is not part of what comes before.
    void delimiter(std::string_view end = "") { line({"\r\n--", boundary_, end}); }

private:
    octet_buffer& out_;
    std::string boundary_;
};

std::string_view media_of(soap::soap_version version) noexcept {
    return version == soap::soap_version::soap11 ? "text/xml" : "application/soap+xml";
}

std::string_view name_of(charset value) noexcept {
    switch (value) {
    case charset::utf16le: return "utf-16LE";
    case charset::utf16be: return "utf-16BE";
    case charset::utf8: break;
    }
    return "utf-8";
}

/// Writes the headers of a message and its root.
void write_root(message_writer& out, bytes_view root, charset root_in, soap::soap_version version) {
    const std::string_view media = media_of(version);
    out.line({"MIME-Version: 1.0"});
    out.line({"Content-Type: multipart/related;type=\"application/xop+xml\";boundary=\"",
              out.boundary(), "\";start=\"<root@nettcp>\";start-info=\"", media, "\""});
    out.delimiter();
    out.line({"Content-ID: <root@nettcp>"});
    out.line({"Content-Transfer-Encoding: ", root_in == charset::utf8 ? "8bit" : "binary"});
    out.line(
        {"Content-Type: application/xop+xml;charset=", name_of(root_in), ";type=\"", media, "\""});
    out.line({});
    out.octets(root);
}

/// Writes what goes before the octets of a part.
void begin_part(message_writer& out, std::string_view id) {
    out.delimiter();
    out.line({"Content-ID: <", id, ">"});
    out.line({"Content-Transfer-Encoding: binary"});
    out.line({"Content-Type: application/octet-stream"});
    out.line({});
}

void write_message(message_writer& out, bytes_view root, charset root_in,
                   soap::soap_version version, const part_list& parts) {
    write_root(out, root, root_in, version);
    for (std::size_t number = 1; number <= parts.count(); ++number) {
        begin_part(out, part_list::id_of(number));
        for (const bytes_view piece : parts.pieces(number))
            out.octets(piece);
    }
    out.delimiter("--");
}

}  // namespace

std::string_view default_mtom_content_type(soap::soap_version version) noexcept {
    static_assert(first_boundary == "=_nettcp_part_1_");
    return version == soap::soap_version::soap11
               ? "multipart/related; type=\"application/xop+xml\";start=\"<root@nettcp>\";"
                 "boundary=\"=_nettcp_part_1_\";start-info=\"text/xml\""
               : "multipart/related; type=\"application/xop+xml\";start=\"<root@nettcp>\";"
                 "boundary=\"=_nettcp_part_1_\";start-info=\"application/soap+xml\"";
}

std::string mtom_content_type(soap::soap_version version, std::string_view boundary) {
    std::string made = "multipart/related; type=\"application/xop+xml\";start=\"<root@nettcp>\";";
    return made.append("boundary=\"")
        .append(boundary)
        .append("\";start-info=\"")
        .append(media_of(version))
        .append("\"");
}

result<void> mtom_from_document(bytes_view document, charset out_in, soap::soap_version version,
                                octet_buffer& out, std::string& scratch,
                                std::string_view boundary) {
    part_list parts;
    octet_buffer root;
    if (const auto written = text_from_document(document, out_in, root, scratch, &parts); !written)
        return written;
    message_writer writer(out, unused_boundary(boundary, root.view(), parts));
    write_message(writer, root.view(), out_in, version, parts);
    return {};
}

void append_mtom_front(octet_buffer& out, bytes_view root, charset root_in,
                       soap::soap_version version, std::string_view boundary) {
    message_writer writer(out, std::string(boundary));
    write_root(writer, root, root_in, version);
    begin_part(writer, stream_part_id);
}

void append_mtom_end(octet_buffer& out, std::string_view boundary) {
    message_writer(out, std::string(boundary)).delimiter("--");
}

std::string unforeseeable_boundary() {
    std::string boundary = "=_nettcp_";
    nettcp::append_text(boundary, random_uuid());
    return boundary;
}

}  // namespace nettcp::channel
