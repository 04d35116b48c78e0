#pragma once

#include <nettcp/base/octet_buffer.hpp>

#include <nbfx/base64.hpp>
#include <xml/text_converter.hpp>

#include <string>

namespace nettcp::xml {

/// A document that holds one stream of octets: base64 as the only content of one element, or what
/// an `xop:Include` in its place means, within the first element of one that is known by name.
struct text_stream_options {
    std::string_view container;  ///< the local name of that element, a child of the root
    std::string_view container_namespace;
    std::size_t max_tag = 65536;  ///< octets of one tag or comment at most
    bool has_inclusions = false;
    boost::system::error_code not_one;  ///< what it is to fail with that holds something else
};

/// Reads such a document in pieces: first all before the stream as binary XML, then the stream's
/// octets as they come. Holds no more than the former and one tag.
class text_stream final : private text_converter {
public:
    enum class standing : std::uint8_t {
        before,   ///< the stream's
        found,  ///< the first element of the container has begun: `go_on` when it is to be read
        none,  ///< there is no such element, or octets are included before it
        content,  ///< within the first element of the container
        ended,  ///< with the document
    };

    /// `head` takes the document up to the container, with nothing in that. It and `options` must
    /// outlive this.
    text_stream(octet_buffer& head, const binary_options& options,
                const text_stream_options& wanted);

    standing where() const noexcept { return where_; }
    /// Local name and namespace of the first element in the container, once that is found.
    const std::string& element() const noexcept { return element_; }
    const std::string& element_namespace() const noexcept { return element_namespace_; }

    /// Reads a piece of at most 64 KiB; octets of the stream are appended to `content`. Reads no
    /// more when the first element is found: after `go_on` this goes on with the rest first.
    result<void> read_piece(std::string_view piece, bool last, octet_buffer& content);
    result<void> go_on(octet_buffer& content);
    /// The reference of the `xop:Include` that stands for the stream; empty: none has come.
    const std::string& reference() const noexcept { return reference_; }

private:
    enum class part : std::uint8_t { before, digits, in_inclusion, behind_inclusion, behind };

    bool takes_element(std::string_view local, std::string_view uri, const char** pairs) override;
    bool takes_end() override;
    bool takes_text(std::string_view text) override;
    bool takes_comment() override;
    void element_found(std::string_view local, std::string_view uri);
    void content_element(std::string_view local, std::string_view uri, const char** pairs);
    bool is_inclusion(std::string_view local, std::string_view uri) const noexcept {
        return wanted_.has_inclusions && local == "Include" && uri == xop_namespace;
    }
    result<void> moved(result<void> read, std::size_t size);

    const text_stream_options& wanted_;
    nbfx::writer head_;
    octet_buffer* content_ = nullptr;
    nbfx::base64_reader digits_;
    std::string element_;
    std::string element_namespace_;
    std::string reference_;
    std::size_t quiet_ = 0;  ///< octets since the last tag or text
    bool in_container_ = false;
    bool has_moved_ = false;
    standing where_ = standing::before;
    part part_ = part::before;
};

}  // namespace nettcp::xml
