#pragma once

#include <nettcp/base/bytes.hpp>
#include <nettcp/base/date_time.hpp>
#include <nettcp/base/decimal.hpp>
#include <nettcp/base/export.hpp>
#include <nettcp/base/result.hpp>
#include <nettcp/base/uuid.hpp>
#include <nettcp/nbfx/session_dictionary.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nettcp::nbfx {

/// What a text record holds.
enum class value_kind : std::uint8_t {
    chars,       ///< UTF-8: Chars, EmptyText, DictionaryText
    utf16,       ///< UnicodeChars
    bytes,       ///< Bytes; its text is base64
    boolean,     ///< FalseText, TrueText, BoolText
    int64,       ///< ZeroText, OneText, Int8Text to Int64Text
    uint64,      ///< UInt64Text
    float32,     ///< FloatText
    float64,     ///< DoubleText
    decimal,     ///< DecimalText
    date_time,   ///< DateTimeText
    time_span,   ///< TimeSpanText
    unique_id,   ///< UniqueIdText; its text is `urn:uuid:` and the GUID
    uuid,        ///< UuidText
    qname,       ///< QNameDictionaryText; the prefix is not resolved
    list,        ///< StartListText … EndListText: values joined by one space
};

/// A prefix letter and a local name, as in QNameDictionaryText.
struct prefixed_name {
    char prefix;
    std::string_view local;
};

/// One typed value of a document, as its record holds it; a view of the document.
///
/// Text inside (`chars`, `utf16`) is not validated until a conversion asks for it, as in .NET.
class NETTCP_EXPORT value {
public:
    value() noexcept : kind_(value_kind::chars), chars_{} {}
    static value of_chars(std::string_view text) noexcept {
        value v(value_kind::chars);
        v.chars_ = text;
        return v;
    }
    static value of_utf16(bytes_view utf16) noexcept { return {value_kind::utf16, utf16}; }
    static value of_bytes(bytes_view octets) noexcept { return {value_kind::bytes, octets}; }
    /// `records` are whole text records that are legal in a list; `session` explains odd ids.
    static value of_list(bytes_view records, const received_dictionary* session) noexcept {
        value v(value_kind::list, records);
        v.session_ = session;
        return v;
    }
    static value of(bool b) noexcept {
        value v(value_kind::boolean);
        v.boolean_ = b;
        return v;
    }
    static value of(std::int64_t n) noexcept {
        value v(value_kind::int64);
        v.int64_ = n;
        return v;
    }
    static value of(std::uint64_t n) noexcept {
        value v(value_kind::uint64);
        v.uint64_ = n;
        return v;
    }
    static value of(float n) noexcept {
        value v(value_kind::float32);
        v.float32_ = n;
        return v;
    }
    static value of(double n) noexcept {
        value v(value_kind::float64);
        v.float64_ = n;
        return v;
    }
    static value of(const nettcp::decimal& n) noexcept {
        value v(value_kind::decimal);
        v.decimal_ = n;
        return v;
    }
    static value of(nettcp::date_time moment) noexcept {
        value v(value_kind::date_time);
        v.date_time_ = moment;
        return v;
    }
    static value of(nettcp::time_span span) noexcept {
        value v(value_kind::time_span);
        v.time_span_ = span;
        return v;
    }
    static value of_unique_id(const nettcp::uuid& id) noexcept {
        value v(value_kind::unique_id);
        v.uuid_ = id;
        return v;
    }
    static value of(const nettcp::uuid& id) noexcept {
        value v(value_kind::uuid);
        v.uuid_ = id;
        return v;
    }
    static value of(prefixed_name name) noexcept {
        value v(value_kind::qname);
        v.qname_ = name;
        return v;
    }

    value_kind kind() const noexcept { return kind_; }

    /// The content of a value of that kind, and of no other.
    std::string_view chars() const noexcept { return chars_; }
    bytes_view octets() const noexcept { return octets_; }  ///< `utf16`, `bytes`, list records
    bool boolean() const noexcept { return boolean_; }
    std::int64_t int64() const noexcept { return int64_; }
    std::uint64_t uint64() const noexcept { return uint64_; }
    float float32() const noexcept { return float32_; }
    double float64() const noexcept { return float64_; }
    const nettcp::decimal& decimal() const noexcept { return decimal_; }
    nettcp::date_time date_time() const noexcept { return date_time_; }
    nettcp::time_span time_span() const noexcept { return time_span_; }
    const nettcp::uuid& uuid() const noexcept { return uuid_; }  ///< also of `unique_id`
    prefixed_name qname() const noexcept { return qname_; }

    /// Appends the canonical text. Fails on invalid UTF-8 or UTF-16, with `out` as it was.
    result<void> append_text(std::string& out) const;
    /// Whether the text is empty or white space only (as XML defines it).
    bool is_white_space() const;

    /// Conversions as .NET's ReadContentAs…: exact where the record's kind has a direct path,
    /// else through the canonical text. They fail with `errc::conversion_invalid` or
    /// `errc::value_out_of_range`, or as `append_text` does; offsets count within the text.
    result<bool> to_boolean() const;
    result<std::int64_t> to_int64() const;
    result<std::uint64_t> to_uint64() const;
    result<std::int32_t> to_int32() const;
    result<float> to_float32() const;
    result<double> to_float64() const;
    result<nettcp::decimal> to_decimal() const;
    result<nettcp::date_time> to_date_time() const;
    result<nettcp::time_span> to_time_span() const;
    /// A GUID in any of .NET's forms N, D, B and P. A `unique_id` fails, as in .NET: its text is
    /// a URN; `uuid()` has its octets.
    result<nettcp::uuid> to_uuid() const;
    result<std::string> to_text() const;
    /// Appends what the value is as octets: `bytes` as they are, text as base64.
    result<void> append_octets(std::vector<std::byte>& out) const;

private:
    explicit value(value_kind kind) noexcept : kind_(kind), chars_{} {}
    value(value_kind kind, bytes_view octets) noexcept : kind_(kind), octets_{octets} {}

    value_kind kind_;
    union {
        std::string_view chars_;
        bytes_view octets_;
        bool boolean_;
        std::int64_t int64_;
        std::uint64_t uint64_;
        float float32_;
        double float64_;
        nettcp::decimal decimal_;
        nettcp::date_time date_time_;
        nettcp::time_span time_span_;
        nettcp::uuid uuid_;
        prefixed_name qname_;
    };
    const received_dictionary* session_ = nullptr;  ///< of `list`, whose items may hold ids
};

}  // namespace nettcp::nbfx
