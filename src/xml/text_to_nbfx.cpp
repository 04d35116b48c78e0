// From XML text to binary XML. Expat finds tags and text; namespaces are resolved here, because
// prefixes must survive: QNames in content depend on them.
#include <nettcp/xml/text_to_nbfx.hpp>

#include <nettcp/base/errc.hpp>
#include <nettcp/nbfx/errc.hpp>
#include <nettcp/nbfx/static_dictionary.hpp>

#include <expat.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nettcp::xml {
namespace {

using nbfx::errc;

constexpr std::string_view xml_namespace = "http://www.w3.org/XML/1998/namespace";
constexpr std::string_view xmlns_namespace = "http://www.w3.org/2000/xmlns/";

struct name {
    std::string_view prefix;
    std::string_view local;
};

/// What Expat calls a character set that is not the text's own to declare.
const XML_Char* protocol_charset(charset value) noexcept {
    switch (value) {
    case charset::declared: break;
    case charset::utf8: return "UTF-8";
    case charset::utf16le: return "UTF-16LE";
    case charset::utf16be: return "UTF-16BE";
    }
    return nullptr;
}

struct parser_deleter {
    void operator()(XML_ParserStruct* parser) const noexcept { XML_ParserFree(parser); }
};

class converter {
public:
    converter(nbfx::writer& out, const binary_options& options)
        : out_(out),
          options_(options),
          parser_(XML_ParserCreate(protocol_charset(options.charset))) {
        if (!parser_)
            throw std::bad_alloc();
        XML_Parser const p = parser_.get();
        XML_SetUserData(p, this);
        XML_SetElementHandler(p, on<&converter::start, const XML_Char*, const XML_Char**>,
                              on<&converter::end, const XML_Char*>);
        XML_SetCharacterDataHandler(p, on<&converter::characters, const XML_Char*, int>);
        XML_SetCommentHandler(p, on<&converter::comment, const XML_Char*>);
        XML_SetProcessingInstructionHandler(
            p, on<&converter::instruction, const XML_Char*, const XML_Char*>);
        XML_SetStartDoctypeDeclHandler(
            p, on<&converter::doctype, const XML_Char*, const XML_Char*, const XML_Char*, int>);
    }

    result<void> run(std::string_view text) {
        constexpr std::size_t piece_size = std::size_t{1} << 20;  // Expat counts in int
        bool last = false;
        while (!last) {
            const std::string_view piece = text.substr(0, piece_size);
            text.remove_prefix(piece.size());
            last = text.empty();
            if (XML_Parse(parser_.get(), piece.data(), static_cast<int>(piece.size()), last) !=
                XML_STATUS_OK)
                return stopped();
        }
        return {};
    }

private:
    struct binding {
        std::string prefix;
        std::string uri;
    };
    /// Whether `xop:Include` may stand here: only where nothing but white space is beside it.
    enum class inclusion : std::uint8_t {
        impossible,
        possible,  ///< an element has begun
        open,      ///< within one
        done,      ///< behind one
    };

    // Nothing may be thrown through Expat's C frames: it is kept until `stopped`.
    template <auto Handler, class... Arguments>
    static void on(void* self, Arguments... arguments) {
        auto& c = *static_cast<converter*>(self);
        if (c.failure_ || c.thrown_)
            return;
        try {
            (c.*Handler)(arguments...);
            if (!c.failure_ && !c.out_.ok())
                c.fail(c.out_.failure().code, c.out_.failure().got, c.out_.failure().limit);
        } catch (...) {
            c.thrown_ = std::current_exception();
            XML_StopParser(c.parser_.get(), XML_FALSE);
        }
    }

    std::uint64_t offset() const noexcept {
        return static_cast<std::uint64_t>(
            std::max<XML_Index>(0, XML_GetCurrentByteIndex(parser_.get())));
    }

    void fail(boost::system::error_code code, std::uint32_t got = 0, std::uint32_t limit = 0) {
        if (failure_)
            return;
        failure_ = error{code, offset(), got, limit};
        XML_StopParser(parser_.get(), XML_FALSE);
    }

    error stopped() {
        if (thrown_)
            std::rethrow_exception(thrown_);
        if (failure_)
            return *failure_;
        const XML_Error reason = XML_GetErrorCode(parser_.get());
        if (reason == XML_ERROR_NO_MEMORY)
            throw std::bad_alloc();
        return error{make_error_code(errc::xml_malformed), offset(),
                     static_cast<std::uint32_t>(reason)};
    }

    std::optional<name> split(std::string_view qualified) {
        const auto colon = qualified.find(':');
        if (colon == qualified.npos)
            return name{{}, qualified};
        const name parts{qualified.substr(0, colon), qualified.substr(colon + 1)};
        // Expat has checked that all of it is a name; what follows the colon must start one.
        const bool starts =
            !parts.local.empty() && parts.local.find(':') == parts.local.npos &&
            std::string_view("-.0123456789").find(parts.local[0]) == std::string_view::npos;
        if (!parts.prefix.empty() && starts)
            return parts;
        fail(errc::name_invalid);
        return std::nullopt;
    }

    std::optional<std::string_view> resolve(std::string_view prefix) {
        if (prefix == "xml")
            return xml_namespace;
        for (auto at = bindings_.rbegin(); at != bindings_.rend(); ++at)
            if (at->prefix == prefix)
                return at->uri;
        if (prefix.empty())
            return prefix;
        fail(errc::namespace_prefix_undeclared);
        return std::nullopt;
    }

    nbfx::xml_string from_dictionary(std::string_view text, bool session) const {
        if (options_.dictionary == dictionary_use::none || text.empty())
            return text;
        if (const auto id = nbfx::static_id(text))
            return nbfx::dictionary_string{text, *id};
        if (session && options_.dictionary == dictionary_use::session)
            return nbfx::dictionary_string{text, nbfx::no_static_id};
        return text;
    }

    // Names and namespaces repeat within a session; texts seldom do.
    nbfx::xml_string as_name(std::string_view text) const { return from_dictionary(text, true); }
    nbfx::xml_string as_text(std::string_view text) const { return from_dictionary(text, false); }

    void start(const XML_Char* qualified, const XML_Char** pairs) {
        if (bindings_before_.size() == options_.max_depth)
            return fail(errc::depth_exceeded, options_.max_depth + 1, options_.max_depth);
        bindings_before_.push_back(bindings_.size());
        attributes_.clear();
        if (!take_declarations(pairs))
            return;
        const auto parts = split(qualified);
        const auto uri = parts ? resolve(parts->prefix) : std::nullopt;
        if (!uri)
            return;
        if (parts->prefix == "xmlns")
            return fail(errc::prefix_reserved);
        if (inclusion_ == inclusion::open)
            return fail(errc::xml_include_malformed);
        if (options_.inclusions != nullptr && parts->local == "Include" && *uri == xop_namespace)
            return include(pairs);
        flush_text();
        if (inclusion_ == inclusion::done)
            return fail(errc::xml_include_misplaced);
        inclusion_ = inclusion::possible;
        out_.start_element(parts->prefix, as_name(parts->local), as_name(*uri));
        for (std::size_t i = bindings_before_.back(); i != bindings_.size(); ++i)
            out_.declare_namespace(bindings_[i].prefix, as_name(bindings_[i].uri),
                                   nbfx::repeated::keep);
        for (; *pairs != nullptr; pairs += 2)
            if (!attribute(pairs[0], pairs[1]))
                return;
    }

    // The element itself leaves no trace: octets take its place in the one around it.
    void include(const XML_Char** pairs) {
        if (inclusion_ != inclusion::possible || !is_white_space(text_))
            return fail(errc::xml_include_misplaced);
        text_.clear();
        const XML_Char* href = nullptr;
        for (; *pairs != nullptr; pairs += 2) {
            const std::string_view qualified = pairs[0];
            if (qualified == "href")
                href = pairs[1];
            const auto colon = qualified.find(':');
            if (colon == qualified.npos || qualified.starts_with("xmlns:"))
                continue;
            const auto uri = resolve(qualified.substr(0, colon));
            if (!uri)
                return;
            if (*uri == xop_namespace)
                return fail(errc::xml_include_malformed);
        }
        if (href == nullptr)
            return fail(errc::xml_include_malformed);
        const auto octets = options_.inclusions->find(href);
        if (!octets)
            return fail(octets.error().code, octets.error().got);
        out_.bytes(*octets);
        inclusion_ = inclusion::open;
    }

    static bool is_white_space(std::string_view text) noexcept {
        return text.find_first_not_of(" \t\r\n") == text.npos;
    }

    // All declarations of a start tag come first: its own names use them.
    bool take_declarations(const XML_Char** pairs) {
        for (std::uint32_t count = 1; *pairs != nullptr; pairs += 2, ++count) {
            if (count > options_.max_attributes) {
                fail(errc::attributes_exceeded, options_.max_attributes + 1,
                     options_.max_attributes);
                return false;
            }
            const std::string_view key = pairs[0];
            const std::string_view uri = pairs[1];
            if (key == "xmlns") {
                if (!declare({}, uri))
                    return false;
            } else if (key.starts_with("xmlns:")) {
                const auto parts = split(key);
                if (!parts || !declare(parts->local, uri))
                    return false;
            }
        }
        return true;
    }

    bool declare(std::string_view prefix, std::string_view uri) {
        if (prefix == "xml" && uri == xml_namespace)
            return true;  // true everywhere already
        if (prefix == "xml" || prefix == "xmlns" || uri == xml_namespace ||
            uri == xmlns_namespace) {
            fail(errc::prefix_reserved);
            return false;
        }
        if (!prefix.empty() && uri.empty()) {
            fail(errc::prefix_unbindable);
            return false;
        }
        if (bindings_.size() >= options_.max_attributes) {  // each look-up may compare all of them
            fail(errc::attributes_exceeded, options_.max_attributes + 1, options_.max_attributes);
            return false;
        }
        bindings_.push_back({std::string(prefix), std::string(uri)});
        return true;
    }

    bool attribute(std::string_view qualified, std::string_view value) {
        if (qualified == "xmlns" || qualified.starts_with("xmlns:"))
            return true;
        const auto parts = split(qualified);
        if (!parts)
            return false;
        const auto uri = parts->prefix.empty() ? std::string_view{} : resolve(parts->prefix);
        if (!uri)
            return false;
        const std::pair expanded(*uri, parts->local);
        if (std::ranges::find(attributes_, expanded) != attributes_.end()) {
            fail(errc::attribute_duplicate);
            return false;
        }
        attributes_.push_back(expanded);
        out_.attribute(parts->prefix, as_name(parts->local), as_name(*uri), as_text(value));
        return out_.ok();
    }

    void end(const XML_Char*) {
        flush_text();
        if (failure_)
            return;
        if (inclusion_ == inclusion::open) {
            inclusion_ = inclusion::done;
        } else {
            out_.end_element();
            inclusion_ = inclusion::impossible;
        }
        bindings_.resize(bindings_before_.back());
        bindings_before_.pop_back();
    }

    void characters(const XML_Char* text, int size) {
        if (!bindings_before_.empty())
            text_.append(text, static_cast<std::size_t>(size));
    }

    void comment(const XML_Char* text) {
        flush_text();
        if (inclusion_ == inclusion::open || inclusion_ == inclusion::done)
            return fail(errc::xml_include_misplaced);
        inclusion_ = inclusion::impossible;
        out_.comment(text);
    }

    void instruction(const XML_Char*, const XML_Char*) { fail(errc::xml_construct_unsupported); }

    void doctype(const XML_Char*, const XML_Char*, const XML_Char*, int) {
        fail(errc::xml_dtd_refused);
    }

    void flush_text() {
        if (text_.empty())
            return;
        if (inclusion_ == inclusion::open || inclusion_ == inclusion::done) {
            if (!is_white_space(text_))
                fail(inclusion_ == inclusion::open ? errc::xml_include_malformed
                                                   : errc::xml_include_misplaced);
        } else {
            out_.text(as_text(text_));
        }
        text_.clear();
    }

    nbfx::writer& out_;
    const binary_options& options_;
    std::unique_ptr<XML_ParserStruct, parser_deleter> parser_;
    std::vector<binding> bindings_;
    std::vector<std::size_t> bindings_before_;  // one for each open element
    std::vector<std::pair<std::string_view, std::string_view>> attributes_;
    std::string text_;
    inclusion inclusion_ = inclusion::impossible;
    std::optional<error> failure_;
    std::exception_ptr thrown_;
};

}  // namespace

result<void> text_to_nbfx(std::string_view text, nbfx::writer& out, const binary_options& options) {
    if (!out.ok())
        return out.failure();
    result<void> outcome =
        text.size() > options.max_size
            ? result<void>(error{make_error_code(base_errc::limit_exceeded), 0, 0})
            : converter(out, options).run(text);
    if (!outcome)
        out.fail(outcome.error().code, outcome.error().got, outcome.error().limit);
    return outcome;
}

text_position position_in(std::string_view text, std::uint64_t offset) noexcept {
    const std::string_view before =
        text.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(offset, text.size())));
    const auto line_start = before.rfind('\n') + 1;  // npos + 1 is 0
    return {static_cast<std::uint32_t>(1 + std::ranges::count(before, '\n')),
            static_cast<std::uint32_t>(1 + before.size() - line_start)};
}

}  // namespace nettcp::xml
