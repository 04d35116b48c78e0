#pragma once

#include "echo_service/contract.hpp"

#include <nettcp/nbfx/reader.hpp>
#include <nettcp/nbfx/writer.hpp>

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Bodies as WCF's serializer reads and writes them: a wrapper element with one element for each
/// parameter, all in the contract's namespace.
namespace nettcp::echo_service {

using text_parameter = std::optional<std::string>;               ///< null is empty
using bytes_parameter = std::optional<std::vector<std::byte>>;  ///< null is empty

/// Whether the start tag that `in` stands on says xsi:nil.
bool is_nil(const nbfx::reader& in);
/// Reads the element that `in` stands on, and moves behind it.
text_parameter read_text(nbfx::reader& in);
bytes_parameter read_bytes(nbfx::reader& in);

/// A parameter to be read: `read` is called on its start tag and moves behind its end tag.
struct parameter {
    std::string_view name;
    std::function<void(nbfx::reader&)> read;
};

/// Reads a wrapper and the parameters in it, as WCF does: unknown elements are skipped, a missing
/// parameter keeps what it was, and so does one that stands in front of its place. Failures are
/// the reader's.
void read_wrapper(nbfx::reader& in, std::string_view wrapper,
                  std::initializer_list<parameter> parameters);

/// Writes xsi:nil into the element just started.
void write_nil(nbfx::writer& out);
/// Writes one parameter each, in the contract's namespace.
void write_text(nbfx::writer& out, nbfx::dictionary_string name, const text_parameter& text);
void write_bytes(nbfx::writer& out, nbfx::dictionary_string name, const bytes_parameter& octets);
void write_int32(nbfx::writer& out, nbfx::dictionary_string name, std::int32_t number);

}  // namespace nettcp::echo_service
