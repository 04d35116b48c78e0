#pragma once

#include <nettcp/base/date_time.hpp>
#include <nettcp/base/decimal.hpp>
#include <nettcp/base/export.hpp>
#include <nettcp/base/octet_buffer.hpp>
#include <nettcp/base/result.hpp>
#include <nettcp/base/uuid.hpp>
#include <nettcp/nbfx/dictionary_string.hpp>
#include <nettcp/nbfx/session_dictionary.hpp>

#include <memory>
#include <span>

namespace nettcp::nbfx {

/// Whether a declaration of what is in force already is written. .NET drops it.
enum class repeated : std::uint8_t { drop, keep };

/// Writes .NET binary XML, choosing records as .NET's XmlBinaryWriter does, octet for octet.
///
/// Calls follow XmlDictionaryWriter: start an element, its attributes and declarations, then
/// content, then end it. Namespaces that names need are declared as .NET would. Misuse (an
/// attribute after content, an unclosed element, a name that is no name) is remembered as the
/// first failure, later calls do nothing, and `finish()` reports it.
///
/// Spec: [MC-NBFX]; record choices as .NET's writer makes them (docs/nbfx.md).
class NETTCP_EXPORT writer {
public:
    writer();
    writer(writer&&) noexcept;
    writer& operator=(writer&&) noexcept;
    ~writer();

    /// Starts a document behind what `out` holds. `session` null: static dictionary only.
    /// Both must live until `finish()`. A warm writer does not allocate.
    void open(octet_buffer& out, sent_dictionary* session = nullptr);

    /// Ends the document: the octets are in `out`, or the first failure is returned, `out` is as
    /// it was, and `session` has forgotten this document's strings. A missing root element and
    /// elements still open are failures. Until then nobody else may touch `out`.
    result<void> finish() noexcept;

    bool ok() const noexcept;
    const error& failure() const noexcept;
    /// Records a failure of the caller's own; the first one stays.
    void fail(boost::system::error_code code, std::uint32_t got = 0,
              std::uint32_t limit = 0) noexcept;
    /// The same for a failure that was found elsewhere; where is not kept.
    void fail(const error& found) noexcept { fail(found.code, found.got, found.limit); }
    /// Open elements.
    std::uint32_t depth() const noexcept;

    /// Starts `prefix:local` in namespace `ns`; declares the prefix if it means something else.
    void start_element(std::string_view prefix, const xml_string& local, const xml_string& ns);
    /// The same with the innermost prefix that stands for `ns`, else as the default namespace.
    void start_element(const xml_string& local, const xml_string& ns);
    void end_element();

    /// Declares a prefix ("" = the default namespace) on the element just started.
    void declare_namespace(std::string_view prefix, const xml_string& uri,
                           repeated same = repeated::drop);
    /// Declares `uri` under an unused prefix as .NET would choose it (a, b, c, …) unless a
    /// prefix stands for it already; returns that prefix, good until the element ends. In
    /// content nothing can be declared any more: then a missing prefix is a failure.
    std::string_view ensure_prefix(const xml_string& uri);

    /// Starts an attribute; its value is written with the content calls below, then ended. With
    /// prefix "" and a namespace, a prefix is found or made: attributes have no default namespace.
    /// Text and octets may come in parts; a value of another type stands alone.
    void start_attribute(std::string_view prefix, const xml_string& local, const xml_string& ns);
    void end_attribute();
    /// A whole attribute with a text value.
    void attribute(std::string_view prefix, const xml_string& local, const xml_string& ns,
                   const xml_string& text);

    /// Text. "" writes nothing in an element, "0" and "1" become ZeroText and OneText, a
    /// `dictionary_string` becomes an id; else the shorter of UTF-8 and UTF-16 by .NET's rule.
    void text(const xml_string& text);
    /// Text that arrives in parts: each part a Chars record of UTF-8, whatever is shorter.
    void chars(std::string_view text);
    void boolean(bool v);
    void int64(std::int64_t v);  ///< the smallest record that holds it
    void uint64(std::uint64_t v);
    void float32(float v);  ///< an integer of up to 16 bits becomes an integer record
    void float64(double v);  ///< narrowed to float, then as `float32`, when that is exact
    void decimal(const nettcp::decimal& v);
    void date_time(nettcp::date_time v);
    void time_span(nettcp::time_span v);
    void uuid(const nettcp::uuid& v);
    void unique_id(const nettcp::uuid& v);
    void unique_id(std::string_view text);  ///< UniqueIdText if it is `urn:uuid:` + lower-case GUID
    /// Octets; several calls continue one base64 value, kept in threes as .NET does.
    void bytes(bytes_view octets);
    /// A qualified name as text; its namespace must be declared, or gets a prefix in an attribute.
    void qualified_name(const xml_string& local, const xml_string& ns);
    /// A list of values: content calls between these two are joined by spaces.
    void start_list();
    void end_list();

    /// Sibling elements of one name that hold one value each, as one array record; none for an
    /// empty span. As in .NET 10, name and namespace go inline even if they are dictionary strings.
    void array(std::string_view prefix, const xml_string& local, const xml_string& ns,
               std::span<const bool> items);
    void array(std::string_view prefix, const xml_string& local, const xml_string& ns,
               std::span<const std::int16_t> items);
    void array(std::string_view prefix, const xml_string& local, const xml_string& ns,
               std::span<const std::int32_t> items);
    void array(std::string_view prefix, const xml_string& local, const xml_string& ns,
               std::span<const std::int64_t> items);
    void array(std::string_view prefix, const xml_string& local, const xml_string& ns,
               std::span<const float> items);
    void array(std::string_view prefix, const xml_string& local, const xml_string& ns,
               std::span<const double> items);
    void array(std::string_view prefix, const xml_string& local, const xml_string& ns,
               std::span<const nettcp::decimal> items);
    void array(std::string_view prefix, const xml_string& local, const xml_string& ns,
               std::span<const nettcp::date_time> items);
    void array(std::string_view prefix, const xml_string& local, const xml_string& ns,
               std::span<const nettcp::time_span> items);
    void array(std::string_view prefix, const xml_string& local, const xml_string& ns,
               std::span<const nettcp::uuid> items);

    /// A comment; `--` inside and `-` at its end are failures, since text XML has no such comment.
    void comment(std::string_view text);

private:
    friend class field_writer;
    friend class written_part;

    struct state;

    template <class T>
    void write_array(std::string_view prefix, const xml_string& local, const xml_string& ns,
                     std::span<const T> items);

    std::unique_ptr<state> state_;
};

}  // namespace nettcp::nbfx
