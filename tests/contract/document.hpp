#pragma once

#include <nettcp/contract/codec.hpp>
#include <nettcp/nbfx/errc.hpp>

#include <functional>
#include <string>
#include <vector>

namespace nettcp::contract {

/// A document that is written by hand: `write` puts content into the root element `v` in urn:t.
inline std::vector<std::byte> document_of(const std::function<void(nbfx::writer&)>& write) {
    octet_buffer octets;
    nbfx::writer out;
    out.open(octets);
    out.start_element("", "v", "urn:t");
    write(out);
    out.end_element();
    out.finish().value();
    return {octets.view().begin(), octets.view().end()};
}

/// What a value is written as, or why it is not, and where.
struct written {
    std::vector<std::byte> octets;
    boost::system::error_code code;
    std::string path;
};

template <class T>
written write(const T& value, const graph_limits& limits = {}) {
    using nbfx::literals::operator""_dict;
    octet_buffer octets;
    nbfx::writer out;
    out.open(octets);
    written result;
    write_element(out, "v"_dict, "urn:t"_dict, value, &result.path, limits);
    const auto done = out.finish();
    if (!done)
        result.code = done.error().code;
    result.octets.assign(octets.view().begin(), octets.view().end());
    return result;
}

/// What a document is read as, or why it is not, and where.
template <class T>
struct read_result {
    T value{};
    boost::system::error_code code;
    std::string path;
};

template <class T>
read_result<T> read(const std::vector<std::byte>& document, const graph_limits& limits = {}) {
    nbfx::reader in;
    in.open(document);
    in.move_to_content();
    read_result<T> result;
    if (!read_element(in, result.value, &result.path, limits))
        result.code = in.failure().code;
    return result;
}

/// Writes a text element.
inline void element(nbfx::writer& out, const char* local, const char* ns, const char* text) {
    out.start_element("", local, ns);
    out.text(text);
    out.end_element();
}

}  // namespace nettcp::contract
