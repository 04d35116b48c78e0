// Decides what XML text means as binary XML: tags, namespaces, and the octets that xop:Include
// stands for.
#include <nbfx/declaration_limit.hpp>
#include <xml/text_converter.hpp>

#include <nettcp/base/errc.hpp>
#include <nettcp/nbfx/errc.hpp>
#include <nettcp/nbfx/static_dictionary.hpp>

#include <expat.h>

#include <algorithm>
#include <new>

namespace nettcp::xml {
namespace {

using nbfx::errc;

constexpr std::string_view xml_namespace = "http://www.w3.org/XML/1998/namespace";
constexpr std::string_view xmlns_namespace = "http://www.w3.org/2000/xmlns/";

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

}  // namespace

void text_converter::parser_deleter::operator()(XML_ParserStruct* parser) const noexcept {
    XML_ParserFree(parser);
}

// Nothing may be thrown through Expat's C frames: it is kept until `stopped`.
template <auto Handler, class... Arguments>
void text_converter::on(void* self, Arguments... arguments) {
    auto& c = *static_cast<text_converter*>(self);
    if (c.stopped_ || c.failure_ || c.thrown_)
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

text_converter::text_converter(nbfx::writer& out, const binary_options& options)
    : out_(out), options_(options), parser_(XML_ParserCreate(protocol_charset(options.charset))) {
    if (!parser_)
        throw std::bad_alloc();
    XML_Parser const p = parser_.get();
    XML_SetUserData(p, this);
    XML_SetElementHandler(p, on<&text_converter::start, const XML_Char*, const XML_Char**>,
                          on<&text_converter::end, const XML_Char*>);
    XML_SetCharacterDataHandler(p, on<&text_converter::characters, const XML_Char*, int>);
    XML_SetCommentHandler(p, on<&text_converter::comment, const XML_Char*>);
    XML_SetProcessingInstructionHandler(
        p, on<&text_converter::instruction, const XML_Char*, const XML_Char*>);
    XML_SetStartDoctypeDeclHandler(
        p, on<&text_converter::doctype, const XML_Char*, const XML_Char*, const XML_Char*, int>);
}

text_converter::~text_converter() = default;

result<void> text_converter::read(std::string_view piece, bool last) {
    return outcome(
        XML_Parse(parser_.get(), piece.data(), static_cast<int>(piece.size()), last ? 1 : 0));
}

void text_converter::suspend() noexcept {
    XML_StopParser(parser_.get(), XML_TRUE);
}

result<void> text_converter::go_on() {
    return outcome(XML_ResumeParser(parser_.get()));
}

void text_converter::stop() noexcept {
    stopped_ = true;
    XML_StopParser(parser_.get(), XML_FALSE);
}

result<void> text_converter::outcome(int status) {
    if (status == XML_STATUS_ERROR && !stopped_)
        return stopped();
    return {};
}

bool text_converter::takes_element(std::string_view, std::string_view, const char**) {
    return true;
}

bool text_converter::takes_end() {
    return true;
}

bool text_converter::takes_text(std::string_view) {
    return true;
}

bool text_converter::takes_comment() {
    return true;
}

std::uint64_t text_converter::offset() const noexcept {
    return static_cast<std::uint64_t>(
        std::max<XML_Index>(0, XML_GetCurrentByteIndex(parser_.get())));
}

void text_converter::fail(boost::system::error_code code, std::uint32_t got, std::uint32_t limit) {
    if (failure_)
        return;
    failure_ = error{code, offset(), got, limit};
    XML_StopParser(parser_.get(), XML_FALSE);
}

error text_converter::stopped() {
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

std::optional<text_converter::name> text_converter::split(std::string_view qualified) {
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

std::optional<std::string_view> text_converter::resolve(std::string_view prefix) {
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

nbfx::xml_string text_converter::from_dictionary(std::string_view text, bool session) const {
    if (options_.dictionary == dictionary_use::none || text.empty())
        return text;
    if (const auto id = nbfx::static_id(text))
        return nbfx::dictionary_string{text, *id};
    if (session && options_.dictionary == dictionary_use::session)
        return nbfx::dictionary_string{text, nbfx::no_static_id};
    return text;
}

void text_converter::start(const XML_Char* qualified, const XML_Char** pairs) {
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
    if (!takes_element(parts->local, *uri, pairs))
        return check_attributes(pairs);
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
    write_attributes(pairs);
}

// The element itself leaves no trace: octets take its place in the one around it.
void text_converter::include(const XML_Char** pairs) {
    if (inclusion_ != inclusion::possible || !is_white_space(text_))
        return fail(errc::xml_include_misplaced);
    text_.clear();
    const auto href = reference_in(pairs);
    if (!href)
        return;
    const auto octets = options_.inclusions->find(*href);
    if (!octets)
        return fail(octets.error().code, octets.error().got);
    out_.bytes(*octets);
    inclusion_ = inclusion::open;
}

std::optional<std::string> text_converter::reference_in(const XML_Char** pairs) {
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
            return std::nullopt;
        if (*uri == xop_namespace) {
            fail(errc::xml_include_malformed);
            return std::nullopt;
        }
    }
    if (href == nullptr) {
        fail(errc::xml_include_malformed);
        return std::nullopt;
    }
    return href;
}

// All declarations of a start tag come first: its own names use them.
bool text_converter::take_declarations(const XML_Char** pairs) {
    for (std::uint32_t count = 1; *pairs != nullptr; pairs += 2, ++count) {
        if (count > options_.max_attributes) {
            fail(errc::attributes_exceeded, options_.max_attributes + 1, options_.max_attributes);
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

bool text_converter::declare(std::string_view prefix, std::string_view uri) {
    if (prefix == "xml" && uri == xml_namespace)
        return true;  // true everywhere already
    if (prefix == "xml" || prefix == "xmlns" || uri == xml_namespace || uri == xmlns_namespace) {
        fail(errc::prefix_reserved);
        return false;
    }
    if (!prefix.empty() && uri.empty()) {
        fail(errc::prefix_unbindable);
        return false;
    }
    const std::uint32_t most = nbfx::max_declarations(options_.max_attributes);
    if (bindings_.size() >= most) {
        fail(errc::attributes_exceeded, most + 1, most);
        return false;
    }
    bindings_.push_back({std::string(prefix), std::string(uri)});
    return true;
}

/// The name and namespace of an attribute. Nothing: it is a declaration, or has failed.
std::optional<text_converter::attribute_name>
text_converter::name_of_attribute(std::string_view qualified) {
    if (qualified == "xmlns" || qualified.starts_with("xmlns:"))
        return std::nullopt;
    const auto parts = split(qualified);
    if (!parts)
        return std::nullopt;
    const auto uri = parts->prefix.empty() ? std::string_view{} : resolve(parts->prefix);
    if (!uri)
        return std::nullopt;
    if (attributes_.has(parts->local, *uri)) {
        fail(errc::attribute_duplicate);
        return std::nullopt;
    }
    attributes_.add(parts->local, *uri);
    return attribute_name{*parts, *uri};
}

void text_converter::write_attributes(const XML_Char** pairs) {
    for (; *pairs != nullptr && !failure_ && out_.ok(); pairs += 2) {
        if (const auto found = name_of_attribute(pairs[0]))
            out_.attribute(found->parts.prefix, as_name(found->parts.local), as_name(found->uri),
                           as_text(pairs[1]));
    }
}

/// Those of an element that is not written.
void text_converter::check_attributes(const XML_Char** pairs) {
    for (; *pairs != nullptr && !failure_; pairs += 2)
        (void)name_of_attribute(pairs[0]);
}

void text_converter::end(const XML_Char*) {
    if (takes_end()) {
        flush_text();
        if (failure_)
            return;
        if (inclusion_ == inclusion::open) {
            inclusion_ = inclusion::done;
        } else {
            out_.end_element();
            inclusion_ = inclusion::impossible;
        }
    }
    bindings_.resize(bindings_before_.back());
    bindings_before_.pop_back();
}

void text_converter::characters(const XML_Char* text, int size) {
    const std::string_view part(text, static_cast<std::size_t>(size));
    if (!bindings_before_.empty() && takes_text(part))
        text_.append(part);
}

void text_converter::comment(const XML_Char* text) {
    if (!takes_comment())
        return;
    flush_text();
    if (inclusion_ == inclusion::open || inclusion_ == inclusion::done)
        return fail(errc::xml_include_misplaced);
    inclusion_ = inclusion::impossible;
    out_.comment(text);
}

void text_converter::instruction(const XML_Char*, const XML_Char*) {
    fail(errc::xml_construct_unsupported);
}

void text_converter::doctype(const XML_Char*, const XML_Char*, const XML_Char*, int) {
    fail(errc::xml_dtd_refused);
}

void text_converter::flush_text() {
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

bool is_white_space(std::string_view text) noexcept {
    return text.find_first_not_of(" \t\r\n") == text.npos;
}

}  // namespace nettcp::xml
