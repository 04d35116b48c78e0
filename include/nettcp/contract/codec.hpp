#pragma once

#include <nettcp/contract/type_of.hpp>
#include <nettcp/nbfx/reader.hpp>
#include <nettcp/nbfx/writer.hpp>

#include <string>

namespace nettcp::contract {

/// Bounds on one value that is read or written.
struct graph_limits {
    /// Structures, lists and maps within each other. Also bounds what is written: a circle of
    /// pointers that is not declared as references fails there.
    std::uint32_t max_depth = 128;
    /// Objects, items and entries (WCF: MaxItemsInObjectGraph).
    std::uint32_t max_items_in_object_graph = 0x7fffffff;
    /// Octets of objects that items and pointers are made of, without what they own: a few octets
    /// of a message can ask for a large structure. (WCF: no such bound.)
    std::uint64_t max_object_octets = std::uint64_t{256} << 20;
};

/// Reads the element that `in` stands on into `value`, and moves behind it.
///
/// Follows .NET's DataContractSerializer: members in their order, unknown elements skipped, what
/// is missing stays as it is in a new `value`. On failure `in` has failed, `value` holds what was
/// read so far, and `path` (may be null) tells where, such as `Items[3]/Price`.
NETTCP_EXPORT bool read_value(nbfx::reader& in, const type& what, void* value,
                              std::string* path = nullptr, const graph_limits& limits = {});

/// Writes `value` into the element just started, declarations and attributes included, as .NET's
/// DataContractSerializer does. `element_ns` is the namespace of that element. On failure `out`
/// has failed, and `path` (may be null) tells where.
NETTCP_EXPORT void write_value(nbfx::writer& out, const type& what, const void* value,
                               std::string_view element_ns, std::string* path = nullptr,
                               const graph_limits& limits = {});

/// Reads the element that `in` stands on; see `read_value`.
template <class T>
bool read_element(nbfx::reader& in, T& value, std::string* path = nullptr,
                  const graph_limits& limits = {}) {
    return read_value(in, descriptor<T>::value, &value, path, limits);
}

/// Writes an element of that name; see `write_value`.
template <class T>
void write_element(nbfx::writer& out, nbfx::dictionary_string local, nbfx::dictionary_string ns,
                   const T& value, std::string* path = nullptr, const graph_limits& limits = {}) {
    out.start_element(local, ns);
    write_value(out, descriptor<T>::value, &value, ns.text, path, limits);
    out.end_element();
}

}  // namespace nettcp::contract
