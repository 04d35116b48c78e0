#pragma once

#include <nettcp/nbfx/writer.hpp>
#include <nettcp/soap/names.hpp>

#include <functional>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace nettcp::soap {

using write_function = std::function<void(nbfx::writer&)>;

/// The octets of a document that `write` writes.
inline std::vector<std::byte> document(const write_function& write) {
    octet_buffer out;
    nbfx::writer w;
    w.open(out);
    write(w);
    if (!w.finish())
        throw std::logic_error("the document of the test is wrong");
    return {out.view().begin(), out.view().end()};
}

/// An element of SOAP's, around what `content` writes.
inline void soap_element(nbfx::writer& out, std::string_view local, const write_function& content) {
    out.start_element("s", local, names::ns_soap12);
    if (content)
        content(out);
    out.end_element();
}

/// A header of WS-Addressing's, around what `content` writes.
inline void addressing_element(nbfx::writer& out, std::string_view local,
                               const write_function& content) {
    out.start_element("a", local, names::ns_addressing10);
    if (content)
        content(out);
    out.end_element();
}

inline void addressing_text(nbfx::writer& out, std::string_view local, std::string_view text) {
    addressing_element(out, local, [&](nbfx::writer& w) { w.text(text); });
}

/// An envelope around the children that `content` writes.
inline std::vector<std::byte> envelope_of(const write_function& content) {
    return document([&](nbfx::writer& out) { soap_element(out, "Envelope", content); });
}

/// An envelope with these headers and body content; null: none.
inline std::vector<std::byte> envelope(const write_function& headers,
                                       const write_function& body = {}) {
    return envelope_of([&](nbfx::writer& out) {
        soap_element(out, "Header", headers);
        soap_element(out, "Body", body);
    });
}

}  // namespace nettcp::soap
