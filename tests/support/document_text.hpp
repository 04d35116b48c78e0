#pragma once

#include <nettcp/base/rule_category.hpp>
#include <nettcp/nbfx/reader.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace nettcp::nbfx {

/// A document as the tests compare it: its text XML in the form that proto/nbfx/vectors.txt
/// describes (white space around the root left out), what its reading failed with, and the kinds
/// of nodes in their order.
struct shown_document {
    std::string text;
    std::string failed;  ///< "module.rule", empty when all was well
    std::uint64_t at = 0;
    std::string nodes;  ///< one letter per node; the parts of one text count once
};

/// `text` with the characters escaped that XML text, or an attribute's value, does not show.
inline void append_escaped(std::string& out, std::string_view text, bool in_attribute) {
    constexpr char digits[] = "0123456789ABCDEF";
    for (std::size_t i = 0; i != text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '"' && in_attribute)
            out += "&quot;";
        else if (c < 0x10)
            out.append("&#x").append(1, digits[c]).append(";");
        else if (c < 0x20)
            out.append("&#x1").append(1, digits[c - 16]).append(";");
        else if (text.substr(i).starts_with("\xef\xbf\xbe"))
            out += "&#xFFFE;", i += 2;
        else
            out.push_back(text[i]);
    }
}

/// Reads to the end. `more` is called at `need_more` and supplies octets.
template <class More>
shown_document show(reader& in, More more) {
    shown_document shown;
    bool within_text = false;
    const auto fail = [&](const error& why, std::uint64_t at) {
        const std::string_view module = why.code.category().name();
        shown.failed = module.substr(std::string_view("nettcp.").size());
        shown.failed.append(".").append(rule_of(why.code));
        shown.at = at;
    };
    const auto qualified = [](std::string_view prefix, std::string_view local) {
        std::string name(prefix);
        if (!prefix.empty())
            name.push_back(':');
        return name.append(local);
    };
    const auto append = [&](const value& v, bool in_attribute) {
        std::string text;
        if (const auto done = v.append_text(text); !done) {
            fail(done.error(), in.offset());
            return false;
        }
        append_escaped(shown.text, text, in_attribute);
        return true;
    };
    for (;;) {
        switch (in.next()) {
        case node::none: fail({}, 0); return shown;
        case node::need_more: more(); continue;
        case node::failed: fail(in.failure(), in.failure().at); return shown;
        case node::end_of_document: return shown;
        case node::element:
            shown.nodes.push_back('<');
            shown.text.append("<").append(qualified(in.prefix(), in.local_name()));
            for (const auto& declared : in.declarations()) {
                shown.text += declared.prefix.empty() ? " xmlns" : " xmlns:";
                shown.text.append(declared.prefix).append("=\"");
                append_escaped(shown.text, declared.uri, true);
                shown.text.push_back('"');
            }
            for (const auto& named : in.attributes()) {
                shown.text.append(" ").append(qualified(named.prefix, named.local)).append("=\"");
                if (!append(named.value, true))
                    return shown;
                shown.text.push_back('"');
            }
            shown.text.push_back('>');
            break;
        case node::end_element:
            shown.nodes.push_back('>');
            shown.text.append("</").append(qualified(in.prefix(), in.local_name())).append(">");
            break;
        case node::comment:
            shown.nodes.push_back('!');
            shown.text += "<!--";
            if (const auto done = in.value().append_text(shown.text); !done) {
                fail(done.error(), in.offset());
                return shown;
            }
            shown.text += "-->";
            break;
        case node::text:
            if (!within_text)
                shown.nodes.push_back('t');
            within_text = in.partial();
            if (in.depth() != 0 && !append(in.value(), false))
                return shown;
            break;
        }
    }
}

/// A whole document.
inline shown_document show_whole(bytes_view document, const received_dictionary* session,
                                 const reader_quotas& quotas = {}) {
    reader in(quotas);
    in.open(document, session);
    return show(in, [] {});
}

/// The same document in windows that grow by `step` octets, each in storage of its own, so that
/// a view that should have died is found by the sanitizer.
inline shown_document show_in_windows(bytes_view document, const received_dictionary* session,
                                      std::size_t step, const reader_quotas& quotas = {}) {
    reader in(quotas);
    in.open_streamed(session);
    std::vector<std::byte> window;
    std::size_t arrived = 0;
    return show(in, [&] {
        std::vector<std::byte> next(window.begin() + static_cast<std::ptrdiff_t>(in.consumed()),
                                    window.end());
        const std::size_t more = std::min(step, document.size() - arrived);
        const auto fresh = document.subspan(arrived, more);
        next.insert(next.end(), fresh.begin(), fresh.end());
        arrived += more;
        in.supply(next, arrived == document.size());
        window = std::move(next);  // moving keeps the storage that the reader looks at
    });
}

}  // namespace nettcp::nbfx
