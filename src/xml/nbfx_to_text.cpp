// From binary XML to text. Nothing is reordered but one thing: the declaration of an element's own
// prefix comes first, as in .NET's documents, so that text made from text is the same text.
#include <nettcp/xml/nbfx_to_text.hpp>

#include "nbfx/xml_name.hpp"
#include "xml/escape.hpp"

#include <nettcp/base/errc.hpp>
#include <nettcp/base/utf8.hpp>
#include <nettcp/nbfx/errc.hpp>

#include <algorithm>
#include <optional>
#include <vector>

namespace nettcp::xml {
namespace {

using nbfx::errc;
using nbfx::node;

constexpr std::string_view replacement = "\xef\xbf\xbd";
/// Levels below this stay in its column: four octets of a document must not make kilobytes of text.
constexpr std::size_t deepest_indent = 64;

class text_maker {
public:
    text_maker(nbfx::reader& in, std::string& out, const text_options& options)
        : in_(in),
          out_(out),
          options_(options),
          before_(out.size()),
          replace_(options.unwritable == unwritable::replace) {}

    result<void> run() {
        const bool fragment = in_.current() == node::element;
        const bool inside = in_.current() == node::end_element || in_.current() == node::text ||
                            in_.current() == node::comment;
        if (inside)  // an empty body, say: what it is in has gone by
            return error{make_error_code(base_errc::invalid_state), in_.offset(), 0};
        if (!fragment)
            in_.next();
        fragment_ = fragment;
        for (;; in_.next()) {
            write_node();
            if (!failure_ && out_.size() - before_ > options_.max_size)
                fail(errc::expansion_exceeded, clamp_u32(out_.size() - before_),
                     clamp_u32(options_.max_size));
            if (failure_ || in_.current() == node::end_of_document)
                break;
            if (fragment && open_.empty()) {
                in_.next();
                break;
            }
        }
        if (options_.layout == layout::indented)
            indent();
        if (failure_)
            return *failure_;
        return {};
    }

private:
    struct binding {
        std::string_view prefix;
        std::string_view uri;
    };
    struct open_element {
        std::size_t bindings;  // how many were in force outside
        std::size_t number;  // of all elements, in the order of their start tags
    };
    /// A place in the text where a line may begin, if `owner` holds only elements.
    struct line_break {
        std::size_t at;
        std::size_t owner;
        std::size_t level;
    };

    void write_node() {
        switch (in_.current()) {
        case node::element: return start_element();
        case node::end_element: return end_element();
        case node::text: return text();
        case node::comment: return comment();
        case node::need_more: return fail(errc::needs_whole_document);
        case node::failed: failure_ = in_.failure(); return;
        case node::end_of_document:
            if (!fragment_ && has_text_.empty())  // binary readers take a document of nothing
                fail(errc::root_missing);
            return;
        case node::none: return;
        }
    }

    void fail(boost::system::error_code code, std::uint32_t got = 0, std::uint32_t limit = 0) {
        if (!failure_)
            failure_ = error{code, in_.offset(), got, limit};
    }
    void fail(const error& why) { fail(why.code, why.got, why.limit); }

    void start_element() {
        put_octets(false);
        close_start_tag();
        child();
        open_.push_back({bindings_.size(), has_text_.size()});
        has_text_.push_back(false);
        out_.push_back('<');
        name(in_.prefix(), in_.local_name());
        declarations();
        for (const nbfx::attribute& attribute : in_.attributes())
            write_attribute(attribute);
        in_start_tag_ = true;
    }

    void declarations() {
        const auto all = in_.declarations();
        const auto own = std::ranges::find(all, in_.prefix(), &nbfx::namespace_declaration::prefix);
        if (own != all.end())
            declare(own->prefix, own->uri);
        else
            need(in_.prefix(), in_.namespace_uri());
        for (const auto& other : all)
            if (other.prefix != in_.prefix())
                declare(other.prefix, other.uri);
        if (!fragment_)  // a document has all that it needs
            return;
        for (const nbfx::attribute& attribute : in_.attributes()) {
            if (!attribute.prefix.empty())
                need(attribute.prefix, attribute.ns);
            need_for_value(attribute.value);
        }
    }

    void declare(std::string_view prefix, std::string_view uri) {
        if (prefix == "xml" && uri == "http://www.w3.org/XML/1998/namespace")
            return;  // true everywhere, and text has no need to say so
        const bool reserved = prefix == "xml" || prefix == "xmlns" ||
                              uri == "http://www.w3.org/XML/1998/namespace" ||
                              uri == "http://www.w3.org/2000/xmlns/";
        if (reserved && !replace_)  // binary readers are laxer than XML Namespaces is
            return fail(errc::prefix_reserved);
        bindings_.push_back({prefix, uri});
        out_ += " xmlns";
        if (!prefix.empty()) {
            out_.push_back(':');
            part_of_name(prefix);
        }
        out_ += "=\"";
        escaped(uri, text_place::attribute);
        out_.push_back('"');
    }

    // Declares what stands for a namespace outside of the fragment.
    void need(std::string_view prefix, std::string_view uri) {
        if (prefix == "xml")
            return;
        for (auto at = bindings_.rbegin(); at != bindings_.rend(); ++at)
            if (at->prefix == prefix) {
                if (at->uri != uri)
                    declare(prefix, uri);
                return;
            }
        if (!prefix.empty() || !uri.empty())
            declare(prefix, uri);
    }

    // Values such as that of xsi:type name types by prefix.
    void need_for_value(const nbfx::value& value) {
        std::string_view prefix;
        char letter = 0;
        if (value.kind() == nbfx::value_kind::qname) {
            letter = value.qname().prefix;
            prefix = {&letter, 1};
        } else if (value.kind() == nbfx::value_kind::chars) {
            const auto colon = value.chars().find(':');
            prefix = colon == value.chars().npos ? "" : value.chars().substr(0, colon);
        }
        if (!nbfx::is_ncname(prefix))
            return;
        for (const binding& known : bindings_)
            if (known.prefix == prefix)
                return;
        if (const auto uri = in_.find_namespace(prefix); uri && !uri->empty())
            declare(letter != 0 ? letter_text(letter) : prefix, *uri);
    }

    static std::string_view letter_text(char letter) noexcept {
        constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz";
        return letters.substr(static_cast<std::size_t>(letter - 'a'), 1);
    }

    void write_attribute(const nbfx::attribute& attribute) {
        out_.push_back(' ');
        // Text XML would take these for declarations.
        const bool taken =
            attribute.prefix == "xmlns" || (attribute.prefix.empty() && attribute.local == "xmlns");
        if (taken && !replace_)
            return fail(errc::name_invalid);
        if (taken)
            out_.push_back('_');
        name(attribute.prefix, attribute.local);
        out_ += "=\"";
        value(attribute.value, text_place::attribute);
        out_.push_back('"');
    }

    void end_element() {
        if (!octets_.empty())
            put_octets(true);
        const open_element ended = open_.back();
        open_.pop_back();
        bindings_.resize(ended.bindings);
        if (in_start_tag_) {
            out_ += "/>";
            in_start_tag_ = false;
            return;
        }
        if (options_.layout == layout::indented)
            breaks_.push_back({out_.size(), ended.number, open_.size()});
        out_ += "</";
        name(in_.prefix(), in_.local_name());
        out_.push_back('>');
    }

    void text() {
        if (open_.empty())
            return;  // white space around the root element
        if (options_.inclusions != nullptr && (in_start_tag_ || !octets_.empty()) &&
            in_.value().kind() == nbfx::value_kind::bytes)
            return octets_.push_back(in_.value().octets());
        put_octets(false);
        put_value(in_.value());
    }

    void put_value(const nbfx::value& value) {
        value_text(value);
        if (scratch_.empty())
            return;  // stays an empty element
        close_start_tag();
        has_text_[open_.back().number] = true;
        put_scratch(text_place::content);
    }

    // Octets wait until it is known whether they are all that their element holds.
    void put_octets(bool alone) {
        std::size_t size = 0;
        for (const bytes_view piece : octets_)
            size += piece.size();
        if (alone && size >= options_.inclusions->least_size()) {
            close_start_tag();
            has_text_[open_.back().number] = true;
            out_ += "<xop:Include href=\"";
            escaped(options_.inclusions->take(octets_), text_place::attribute);
            out_ += "\" xmlns:xop=\"";
            out_ += xop_namespace;
            out_ += "\"/>";
        } else {
            for (const bytes_view piece : octets_)
                put_value(nbfx::value::of_bytes(piece));
        }
        octets_.clear();
    }

    void comment() {
        put_octets(false);
        close_start_tag();
        child();
        // A comment has no escapes: what it cannot hold as it is, it cannot hold.
        const std::string_view text = in_.value().chars();
        const bool hyphens = text.find("--") != text.npos || text.ends_with('-');
        const bool carriage_return = text.find('\r') != text.npos;  // would come back as line feed
        scratch_.clear();
        const bool characters = append_escaped(scratch_, text, text_place::content, false);
        scratch_.clear();
        if (!replace_ && (hyphens || carriage_return || !characters))
            return fail(is_utf8(text) ? errc::character_not_xml : errc::utf8_invalid);
        out_ += "<!--";
        if (!characters)
            out_ += replacement;
        else if (hyphens)
            put_with_hyphens_apart(text);
        else
            out_ += text;
        out_ += "-->";
    }

    void put_with_hyphens_apart(std::string_view text) {
        for (std::size_t i = 0; i != text.size(); ++i) {
            out_.push_back(text[i]);
            if (text[i] == '-' && (i + 1 == text.size() || text[i + 1] == '-'))
                out_.push_back(' ');
        }
    }

    void close_start_tag() {
        if (in_start_tag_)
            out_.push_back('>');
        in_start_tag_ = false;
    }

    void child() {
        if (options_.layout == layout::indented && !(open_.empty() && out_.size() == before_))
            breaks_.push_back(
                {out_.size(), open_.empty() ? none : open_.back().number, open_.size()});
    }

    void value(const nbfx::value& v, text_place place) {
        value_text(v);
        put_scratch(place);
    }

    void value_text(const nbfx::value& v) {
        scratch_.clear();
        if (v.kind() == nbfx::value_kind::chars) {
            scratch_ = v.chars();  // invalid UTF-8 is found while escaping
            return;
        }
        if (const auto appended = v.append_text(scratch_); !appended) {
            if (!replace_)
                return fail(appended.error());
            scratch_ = replacement;
        }
    }

    void put_scratch(text_place place) {
        if (!failure_)
            escaped(scratch_, place);
        scratch_.clear();
    }

    void escaped(std::string_view text, text_place place) {
        if (append_escaped(out_, text, place, replace_))
            return;
        fail(is_utf8(text) ? errc::character_not_xml : errc::utf8_invalid);
    }

    void name(std::string_view prefix, std::string_view local) {
        if (!prefix.empty()) {
            part_of_name(prefix);
            out_.push_back(':');
        }
        part_of_name(local);
    }

    void part_of_name(std::string_view part) {
        if (nbfx::is_ncname(part)) {
            out_ += part;
            return;
        }
        if (!replace_)
            return fail(errc::name_invalid);
        out_.push_back('_');
        for (const char c : part)
            out_.push_back(nbfx::is_ncname({&c, 1}) || (c >= '0' && c <= '9') ? c : '_');
    }

    void indent() {
        if (breaks_.empty())
            return;
        std::string plain = out_.substr(before_);
        out_.resize(before_);
        std::size_t done = 0;
        for (const line_break& b : breaks_) {
            if (b.owner != none && has_text_[b.owner])
                continue;
            const std::size_t at = b.at - before_;
            out_.append(plain, done, at - done);
            done = at;
            if (out_.size() - before_ > options_.max_size)
                return fail(errc::expansion_exceeded, clamp_u32(out_.size() - before_),
                            clamp_u32(options_.max_size));
            out_.push_back('\n');
            out_.append(2 * std::min(b.level, deepest_indent), ' ');
        }
        out_.append(plain, done);
    }

    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    nbfx::reader& in_;
    std::string& out_;
    const text_options& options_;
    const std::size_t before_;
    const bool replace_;
    bool fragment_ = false;
    bool in_start_tag_ = false;
    std::vector<open_element> open_;
    std::vector<binding> bindings_;
    std::vector<bool> has_text_;  // for every element so far; filled for both layouts
    std::vector<line_break> breaks_;  // only when indenting
    std::vector<bytes_view> octets_;  // of the element whose start tag came last
    std::string scratch_;
    std::optional<error> failure_;
};

}  // namespace

result<void> nbfx_to_text(nbfx::reader& in, std::string& out, const text_options& options) {
    return text_maker(in, out, options).run();
}

}  // namespace nettcp::xml
