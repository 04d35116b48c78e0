#pragma once

#include <nettcp/base/limits.hpp>
#include <nettcp/nbfx/value.hpp>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nettcp::nbfx {

/// What the cursor of a `reader` stands on.
enum class node : std::uint8_t {
    none,             ///< before the first `next()`
    element,          ///< a start tag: names and attributes are readable
    end_element,      ///< the end of the element whose names are readable
    text,             ///< a text record, or a part of one when streamed
    comment,
    end_of_document,  ///< the root element is closed and nothing but white space followed
    need_more,        ///< streamed only: `supply` more octets, then call `next()` again
    failed,           ///< `failure()` tells; final
};

/// An attribute of the current element. Views of the document and its dictionaries.
struct attribute {
    std::string_view prefix;
    std::string_view local;
    std::string_view ns;
    nbfx::value value;
};

/// A namespace declaration of the current element; prefix "" is the default namespace.
struct namespace_declaration {
    std::string_view prefix;
    std::string_view uri;
};

/// A pull reader for .NET binary XML: a cursor that `next()` moves from node to node.
///
/// Buffered (`open`): the document is one span that outlives the reading; names, values and
/// attributes are views of it and stay good. Streamed (`open_streamed`, `supply`): octets come
/// in windows, `next()` answers `need_more` at the end of one, long text and bytes come in
/// parts, and views die with the next `next()` or `supply`.
///
/// Accepts what .NET's XmlBinaryReader accepts, with the exceptions that docs/nbfx.md lists.
/// Array records appear as the elements they stand for. Does not recurse; every size is
/// checked against the octets that are there and against the quotas before use. Reusable:
/// `open` forgets everything but its storage, and a warm reader does not allocate.
///
/// Spec: [MC-NBFX], [MC-NBFS], [MC-NBFSE].
class NETTCP_EXPORT reader {
public:
    explicit reader(const reader_quotas& quotas = {});
    reader(reader&&) noexcept;
    reader& operator=(reader&&) noexcept;
    ~reader();

    /// Starts on a whole document. `session` (may be null: odd ids are then illegal) and
    /// `document` must outlive the reading.
    void open(bytes_view document, const received_dictionary* session = nullptr) noexcept;

    /// Starts on a document whose octets arrive in windows.
    void open_streamed(const received_dictionary* session = nullptr) noexcept;

    /// Streamed: the octets from `consumed()` on that have arrived so far; `last` when no more
    /// will come. The window must live until the next `supply`.
    void supply(bytes_view window, bool last) noexcept;

    /// Streamed: octets of the current window that are done with; drop them before `supply`.
    std::size_t consumed() const noexcept;

    /// Moves to the next node and returns its type. After `failed` or `end_of_document` it stays.
    node next() noexcept;

    node current() const noexcept { return shown_->current; }
    bool ok() const noexcept { return current() != node::failed; }
    /// The first failure: rule, octet offset in the document, offending value.
    const error& failure() const noexcept;
    /// Records a failure of the caller's own at the current position, as if a rule of the
    /// document were broken: reading stops. The first failure stays.
    void fail(boost::system::error_code code, std::uint32_t got = 0,
              std::uint32_t limit = 0) noexcept;
    /// The same for a failure that was found elsewhere; where is not kept.
    void fail(const error& found) noexcept { fail(found.code, found.got, found.limit); }

    /// Octet offset in the document of the current node: of its record, or of the octets of an
    /// array's item or of a part of a text.
    std::uint64_t offset() const noexcept;
    /// Open elements, the current one included.
    std::uint32_t depth() const noexcept;

    /// Names of the current element or end_element; of the element around a text or comment.
    std::string_view prefix() const noexcept { return shown_->element->prefix; }
    std::string_view local_name() const noexcept { return shown_->element->local; }
    std::string_view namespace_uri() const noexcept { return shown_->element->ns; }

    /// Attributes and namespace declarations of the current element, in document order; none
    /// when the current node is something else.
    std::span<const attribute> attributes() const noexcept {
        const std::size_t own = shown_->element->attributes;
        if (current() != node::element || own == 0)
            return {};
        return {shown_->attributes.data(), own};
    }
    std::span<const namespace_declaration> declarations() const noexcept {
        const std::size_t own = shown_->element->declarations;
        if (current() != node::element || own == 0)
            return {};
        return {shown_->declarations.data() + shown_->element->first_declaration, own};
    }
    /// The attribute of that name, or null.
    const attribute* find_attribute(std::string_view local, std::string_view ns) const noexcept;

    /// The current text or comment (a comment is `chars`). Streamed text may be partial: then
    /// `partial()` is true and the next node continues it.
    const nbfx::value& value() const noexcept { return shown_->value; }
    bool partial() const noexcept { return shown_->partial; }

    /// The namespace a prefix stands for here; nothing when undeclared.
    std::optional<std::string_view> find_namespace(std::string_view prefix) const noexcept;

    // Reading by expectation, as .NET's XmlReader offers it. Each call skips comments and white
    // space, fails sticky, and yields an empty value after a failure: check `ok()` at the end.
    // Buffered documents only; a streamed one fails with `errc::needs_whole_document`.

    /// Moves over comments and white space to an element, end_element or text, and names it.
    node move_to_content() noexcept;
    /// Whether the content here is a start tag (of that name).
    bool is_start_element() noexcept;
    bool is_start_element(std::string_view local, std::string_view ns) noexcept;
    /// Expects that start tag and moves behind it.
    void read_start_element(std::string_view local, std::string_view ns) noexcept;
    /// Expects an end tag and moves behind it.
    void read_end_element() noexcept;
    /// Moves behind the current element, whatever it holds.
    void skip() noexcept;

    /// Reads the text of the current element and moves behind its end tag; a child element is
    /// a failure. Records and comments in between are joined as .NET's ReadElementContentAs….
    std::string read_element_text();
    bool read_element_boolean();
    std::int32_t read_element_int32();
    std::int64_t read_element_int64();
    std::uint64_t read_element_uint64();
    float read_element_float32();
    double read_element_float64();
    decimal read_element_decimal();
    date_time read_element_date_time();
    time_span read_element_time_span();
    uuid read_element_uuid();
    std::vector<std::byte> read_element_bytes();

private:
    friend class field_reader;
    friend struct read_position;

    struct scope {
        std::string_view prefix;
        std::string_view local;
        std::string_view ns;
        std::uint32_t declarations = 0;  ///< how many of its own
        std::uint32_t attributes = 0;
        std::uint32_t first_declaration = 0;  ///< if it has any
        bool ends_quickly = false;  ///< its end leaves nothing to be undone
        std::uint32_t name_block = 0;  ///< streamed: where the names kept for it begin
        std::size_t name_offset = 0;
    };

    /// The part of the state that the accessors above read, so that they are inline.
    struct shown {
        node current = node::none;
        bool partial = false;
        const scope* element = nullptr;  ///< never null after construction
        nbfx::value value;
        std::vector<attribute> attributes;  ///< the first of them are `element`'s
        std::vector<namespace_declaration> declarations;  ///< the first of them are in scope
    };

    struct state;
    std::unique_ptr<state> state_;
    const shown* shown_;
};

}  // namespace nettcp::nbfx
