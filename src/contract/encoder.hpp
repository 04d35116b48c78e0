#pragma once

#include "contract/place.hpp"
#include "contract/plan.hpp"

#include <nettcp/contract/codec.hpp>

#include <deque>
#include <map>
#include <utility>

namespace nettcp::contract {

/// Writes one value: elements and attributes as .NET's serializer chooses them.
class encoder {
public:
    encoder(nbfx::writer& out, const graph_limits& limits, std::string* path)
        : out_(out), limits_(limits), path_(path) {}

    /// Into the element just started, which has this namespace.
    void root(const type& what, const void* value, std::string_view element_ns);

private:
    /// A structure that comes again and again: its members' tags.
    struct repeated {
        const plan::content* names;
        nbfx::field_writer fields;
    };
    struct entry_context;

    const repeated* repetition_of(const type& item, const void* first);
    void repeat(const plan::content& list, const repeated& again, const structure_row& row,
                const void* value, const place& at);
    void members_from(std::size_t next, const plan::content& names, const structure_row& row,
                      const void* value, const place& at);

    void content(const type& what, const void* value, const member_options& options,
                 const place& at);
    void primitive(const type& what, const void* value, const place& at);
    void null();
    void enumeration(const type& what, const void* value, const place& at);
    void structure(const type& what, const void* value, const place& at);
    void members(const plan::content& names, const structure_row& row, const void* value,
                 const place& at);
    void member(const planned_member& m, const void* value, const place& at);
    void unknown(const plan::content& names, const structure_row& row, void* value,
                 std::uint32_t place_of_next, std::size_t& written);
    void list(const type& what, const plan::content& names, const void* value,
              const member_options& options, const place& at);
    void bits(const type& what, const plan::content& names, const void* value, std::size_t count);
    bool array(const type& item, const plan::content& names, const void* first, std::size_t count);
    void map(const type& what, const plan::content& names, const void* value,
             const member_options& options, const place& at);
    bool entry(const entry_context& context, const void* key, const void* value);
    void anything(const void* value, const place& at);
    /// Writes xsi:type.
    void type_name(nbfx::dictionary_string local, nbfx::dictionary_string ns);
    /// Writes z:Id, or z:Ref: then the object has been written, and false comes back.
    bool first_time(const type& what, const void* value);
    void element(const type& what, const nbfx::dictionary_string& name,
                 const nbfx::dictionary_string& ns, const void* value);
    void fail(boost::system::error_code code, const place& at, std::uint32_t got = 0,
              std::uint32_t limit = 0);
    bool enter(const place& at);

    nbfx::writer& out_;
    const graph_limits& limits_;
    std::string* path_;
    std::uint32_t depth_ = 0;
    std::uint32_t items_ = 0;
    const repeated* again_ = nullptr;  ///< the structure that lists repeat here
    std::deque<repeated> repeated_;
    std::map<std::pair<const void*, const structure_row*>, std::uint32_t> written_;
    std::string text_;
};

}  // namespace nettcp::contract
