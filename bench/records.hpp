#pragma once

#include <nettcp/nbfx/reader.hpp>
#include <nettcp/nbfx/session_dictionary.hpp>
#include <nettcp/nbfx/writer.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace nettcp::bench {

/// A record of a typed contract: six members.
struct record {
    std::int32_t id = 0;
    std::string name;
    std::int32_t quantity = 0;
    double price = 0;
    bool active = false;
    std::string note;
};

/// Ten thousand records, always the same, and both ends of a session that knows all names already,
/// as from its second message on.
class typed_records {
public:
    typed_records();

    /// From the structures to octets.
    void write();
    /// From the octets to new structures.
    std::vector<record> read();
    /// What .NET's program reads: octets, the session's strings, and what the members sum up to.
    void export_to(const std::filesystem::path& folder) const;

private:
    std::vector<record> value_;
    nbfx::sent_dictionary sent_;
    nbfx::received_dictionary received_;
    std::vector<std::string> strings_;
    nbfx::writer writer_;
    nbfx::reader reader_;
    octet_buffer out_;
    std::vector<std::byte> octets_;
};

}  // namespace nettcp::bench
