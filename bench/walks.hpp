#pragma once

#include "document.hpp"
#include "measure.hpp"

#include <nettcp/base/octet_buffer.hpp>
#include <nettcp/nbfx/reader.hpp>

#include <string>

namespace nettcp::bench {

/// What a program does that looks at everything: each name, each value as .NET's `Value` gives it.
class full_walk {
public:
    void operator()(const document& of) {
        in_.open(of.octets, &of.received);
        for (nbfx::node now = in_.next(); now != nbfx::node::end_of_document; now = in_.next()) {
            if (now == nbfx::node::text) {
                look_at(in_.value());
            } else if (now == nbfx::node::element) {
                seen_ += in_.local_name().size() + in_.namespace_uri().size();
                for (const auto& declared : in_.declarations())
                    seen_ += declared.prefix.size() + declared.uri.size();
                for (const auto& attribute : in_.attributes()) {
                    seen_ += attribute.local.size();
                    look_at(attribute.value);
                }
            } else if (now == nbfx::node::failed) {
                expect(false, "a document cannot be read");
            }
        }
        keep(seen_);
    }

    /// Whether numbers are turned to text, as .NET's `Value` does it.
    bool as_text = false;

private:
    void look_at(const nbfx::value& v) {
        if (v.kind() == nbfx::value_kind::chars) {
            seen_ += v.chars().size();
        } else if (as_text) {
            text_.clear();
            expect(v.append_text(text_).has_value(), "a value is no text");
            seen_ += text_.size();
        } else {
            seen_ += static_cast<std::size_t>(v.kind());
        }
    }

    nbfx::reader in_;
    std::string text_;
    std::size_t seen_ = 0;
};

/// A document written again by its calls.
class rewriting {
public:
    void operator()(document& of) {
        out_.clear();
        writer_.open(out_, &of.sent);
        write_again(of, writer_);
        expect(writer_.finish().has_value(), "a document cannot be written");
    }

    bytes_view written() const { return out_.view(); }

private:
    nbfx::writer writer_;
    octet_buffer out_;
};

}  // namespace nettcp::bench
