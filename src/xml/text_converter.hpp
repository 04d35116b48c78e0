#pragma once

#include <nbfx/attribute_set.hpp>

#include <nettcp/nbfx/writer.hpp>
#include <nettcp/xml/text_to_nbfx.hpp>

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct XML_ParserStruct;  // Expat's

namespace nettcp::xml {

/// XML text to binary XML, in one piece or in many: Expat finds tags and text; namespaces are
/// resolved here, because prefixes must survive: QNames in content depend on them.
///
/// Who derives from it may take over where it likes.
class text_converter {
public:
    /// `out` and `options` must outlive it.
    text_converter(nbfx::writer& out, const binary_options& options);
    text_converter(const text_converter&) = delete;
    text_converter& operator=(const text_converter&) = delete;
    virtual ~text_converter();

    /// Reads the next piece of the text, of at most a MiB; `last`: it ends behind it.
    result<void> read(std::string_view piece, bool last);

protected:
    /// An element begins; `true`: it is to be converted.
    virtual bool takes_element(std::string_view local, std::string_view uri, const char** pairs);
    /// An element ends, or some text comes; `true`: as above.
    virtual bool takes_end();
    virtual bool takes_text(std::string_view text);
    virtual bool takes_comment();

    /// Open elements, the one that begins or ends among them.
    std::size_t depth() const noexcept { return bindings_before_.size(); }
    nbfx::writer& out() noexcept { return out_; }
    /// Text that has come and is not written yet.
    const std::string& pending_text() const noexcept { return text_; }
    void fail(boost::system::error_code code, std::uint32_t got = 0, std::uint32_t limit = 0);
    /// Ends `read` behind the tag at hand; `go_on` reads the rest of that piece.
    void suspend() noexcept;
    result<void> go_on();
    /// Reads no more.
    void stop() noexcept;
    /// The reference in the start tag of an `xop:Include`. Nothing: it has failed.
    std::optional<std::string> reference_in(const char** pairs);

private:
    struct name {
        std::string_view prefix;
        std::string_view local;
    };
    struct attribute_name {
        name parts;
        std::string_view uri;
    };
    struct binding {
        std::string prefix;
        std::string uri;
    };
    struct parser_deleter {
        void operator()(XML_ParserStruct* parser) const noexcept;
    };
    /// Whether `xop:Include` may stand here: only where nothing but white space is beside it.
    enum class inclusion : std::uint8_t {
        impossible,
        possible,  ///< an element has begun
        open,      ///< within one
        done,      ///< behind one
    };

    template <auto Handler, class... Arguments>
    static void on(void* self, Arguments... arguments);

    void start(const char* qualified, const char** pairs);
    void end(const char*);
    void characters(const char* text, int size);
    void comment(const char* text);
    void instruction(const char*, const char*);
    void doctype(const char*, const char*, const char*, int);

    std::uint64_t offset() const noexcept;
    result<void> outcome(int status);
    error stopped();
    std::optional<name> split(std::string_view qualified);
    std::optional<std::string_view> resolve(std::string_view prefix);
    nbfx::xml_string from_dictionary(std::string_view text, bool session) const;
    // Names and namespaces repeat within a session; texts seldom do.
    nbfx::xml_string as_name(std::string_view text) const { return from_dictionary(text, true); }
    nbfx::xml_string as_text(std::string_view text) const { return from_dictionary(text, false); }
    void include(const char** pairs);
    bool take_declarations(const char** pairs);
    bool declare(std::string_view prefix, std::string_view uri);
    std::optional<attribute_name> name_of_attribute(std::string_view qualified);
    void write_attributes(const char** pairs);
    void check_attributes(const char** pairs);
    void flush_text();

    nbfx::writer& out_;
    const binary_options& options_;
    std::unique_ptr<XML_ParserStruct, parser_deleter> parser_;
    std::vector<binding> bindings_;
    std::vector<std::size_t> bindings_before_;  // one for each open element
    nbfx::attribute_set attributes_;
    std::string text_;
    inclusion inclusion_ = inclusion::impossible;
    bool stopped_ = false;
    std::optional<error> failure_;
    std::exception_ptr thrown_;
};

/// Whether `text` is nothing but white space of XML.
bool is_white_space(std::string_view text) noexcept;

}  // namespace nettcp::xml
