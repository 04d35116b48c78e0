#pragma once

#include <nettcp/nbfx/reader.hpp>
#include <nettcp/nbfx/writer.hpp>

#include <string_view>
#include <vector>

namespace nettcp::nbfx {

/// What a field is in memory.
enum class field_kind : std::uint8_t {
    other,  ///< what is not read or written here
    boolean,
    int8,
    uint8,
    int16,
    uint16,
    int32,
    uint32,
    int64,
    float32,
    float64,
    text,  ///< std::string
};

/// A part of a structure that is an element without attributes, whose name has a short id.
struct field {
    field_kind kind = field_kind::other;
    /// Type and id of its start tag as they lie in a document; 0: not known yet, or never. To write
    /// it the id alone counts.
    std::uint8_t tag[2] = {};
    std::uint32_t name_size = 0;
    std::size_t offset = 0;  ///< from the start of the structure
};

/// Reads fields of structures that come again and again in a document: tags are compared as
/// octets, values go from their records to memory. Nothing that is not usual is read here: the
/// cursor then stands in front of it, and the caller reads on as always.
class field_reader {
public:
    explicit field_reader(std::size_t count) : fields(count) {}

    /// The cursor stands on the start tag of `fields[index]`: remembers what it is made of.
    void learn(const reader& in, std::size_t index);

    /// The cursor stands on a start tag. If it is that of `fields[index]`, reads that and those
    /// behind it as long as they come in their order, and moves behind them like
    /// `reader::read_element_text`. Returns how many were read.
    std::size_t read(reader& in, std::size_t index, void* structure) const;

    /// What became of a structure.
    enum class outcome : std::uint8_t {
        inside,  ///< the cursor stands on the first node within that was not read
        behind,  ///< all of it was read, and the cursor stands behind it
        another,  ///< the same, and there is the start tag of one more like it
    };
    /// The cursor stands on the start tag of a structure: reads the fields that come first in it,
    /// in their order, and says how many those are.
    outcome read_structure(reader& in, void* structure, std::size_t& count) const;

    /// Kind and offset are the caller's to set.
    std::vector<field> fields;

private:
    /// From the tag at `p` on; returns the position behind what was read, and how many that is.
    const std::byte* read_from(reader& in, const std::byte* p, std::size_t index,
                               std::size_t& count, void* structure) const;
    bool can_read_inside(const reader::state& s) const noexcept;
    static outcome leave_structure(reader::state& s, const std::byte* p) noexcept;
    std::uint64_t size_of_names(std::size_t index, std::size_t count) const noexcept;
    bool is_ours(std::string_view ns) const noexcept {
        return ns.data() == ns_.data() && ns.size() == ns_.size();
    }

    // All tags have one prefix, which stands for one namespace; 0 before the first.
    std::byte type_{};
    std::string_view prefix_;
    std::string_view ns_;
    std::uint64_t all_names_ = 0;  ///< their size
};

/// Writes fields of structures that come again and again: the octets of tags are known. What is
/// not usual is left to the caller.
class field_writer {
public:
    explicit field_writer(std::size_t count) : fields(count) {}

    /// The name of `fields[index]`, if it has an id by now, which is short and not 0.
    void name(const writer& out, std::size_t index, const dictionary_string& name);

    /// Starts an element as `writer::start_element` would.
    static void start(writer& out, const dictionary_string& name, const dictionary_string& ns);

    /// Writes `fields[index]` and those behind it, elements in namespace `ns`, and returns how many
    /// were written before one that cannot be written here.
    std::size_t write(writer& out, std::size_t index, const dictionary_string& ns,
                      const void* structure) const;

    /// Kind and offset are the caller's to set.
    std::vector<field> fields;

private:
    static unsigned type_for(writer& out, const dictionary_string& ns);
};

}  // namespace nettcp::nbfx
