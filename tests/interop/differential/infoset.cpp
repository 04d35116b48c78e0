#include "infoset.hpp"

#include "writer_script.hpp"

#include <algorithm>
#include <vector>

namespace nettcp::interop {
namespace {

/// Collects the tokens; neighbouring texts are one.
class tokens {
public:
    void add(std::string token) {
        end_text();
        append(token);
    }
    void text(std::string_view more) { text_ += more; }
    std::string take() {
        end_text();
        return std::move(line_);
    }

private:
    void end_text() {
        if (!text_.empty())
            append("T:" + escaped(text_));
        text_.clear();
    }
    void append(std::string_view token) {
        if (!line_.empty())
            line_.push_back(' ');
        line_ += token;
    }

    std::string line_;
    std::string text_;
};

std::string name_of(std::string_view prefix, std::string_view local, std::string_view ns) {
    return escaped(prefix) + ":" + escaped(local) + "{" + escaped(ns) + "}";
}

/// The tokens of a start tag; false when the text of an attribute cannot be had.
bool add_start_tag(tokens& out, const nbfx::reader& in, error& why) {
    out.add("E:" + name_of(in.prefix(), in.local_name(), in.namespace_uri()));
    std::vector<nbfx::namespace_declaration> declared(in.declarations().begin(),
                                                      in.declarations().end());
    std::ranges::sort(declared, {}, &nbfx::namespace_declaration::prefix);
    for (const auto& [prefix, uri] : declared)
        out.add("N:" + escaped(prefix) + "={" + escaped(uri) + "}");
    for (const auto& named : in.attributes()) {
        const auto text = named.value.to_text();
        if (!text) {
            why = text.error();
            return false;
        }
        out.add("A:" + name_of(named.prefix, named.local, named.ns) + "=" + escaped(*text));
    }
    return true;
}

/// Reads on to the end; `more` supplies octets when they are needed.
template <class More>
read_outcome read_all(nbfx::reader& in, More more) {
    using nbfx::node;
    read_outcome outcome;
    tokens out;
    for (;;) {
        switch (in.next()) {
        case node::element:
            if (!add_start_tag(out, in, outcome.why))
                return outcome;
            break;
        case node::end_element: out.add("X"); break;
        case node::text:
        case node::comment: {
            const auto text = in.value().to_text();
            if (!text) {
                outcome.why = text.error();
                return outcome;
            }
            if (in.current() == node::comment)
                out.add("C:" + escaped(*text));
            else if (in.depth() != 0)
                out.text(*text);
            break;
        }
        case node::need_more: more(); break;
        case node::end_of_document:
            outcome.accepted = true;
            outcome.infoset = out.take();
            return outcome;
        default: outcome.why = in.failure(); return outcome;
        }
    }
}

}  // namespace

read_outcome read_infoset(nbfx::reader& in, bytes_view document,
                          const nbfx::received_dictionary* session) {
    in.open(document, session);
    return read_all(in, [] {});
}

read_outcome read_infoset_in_windows(nbfx::reader& in, bytes_view document,
                                     const nbfx::received_dictionary* session, std::size_t step) {
    in.open_streamed(session);
    std::size_t done = 0, arrived = 0;
    return read_all(in, [&] {
        done += in.consumed();
        arrived = std::min(arrived + step, document.size());
        in.supply(document.subspan(done, arrived - done), arrived == document.size());
    });
}

}  // namespace nettcp::interop
