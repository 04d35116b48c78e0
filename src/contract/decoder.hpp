#pragma once

#include "contract/place.hpp"
#include "contract/plan.hpp"

#include <nettcp/contract/codec.hpp>
#include <nettcp/contract/errc.hpp>

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace nettcp::contract {

/// Reads one value: members in their order, with .NET's leniency.
class decoder {
public:
    decoder(nbfx::reader& in, const graph_limits& limits, std::string* path)
        : in_(in), limits_(limits), path_(path) {}

    bool root(const type& what, void* value);

private:
    /// What the attributes of an element say.
    struct marks {
        bool nil = false;
        std::string_view id = {};
        std::string_view ref = {};
        std::string type_local = {};
        std::string_view type_ns = {};
        bool has_type = false;
    };
    /// Known types of the structures around, innermost first.
    struct known_scope {
        const known_scope* outer;
        std::span<const known_row> types;
    };
    struct shared_object {
        const type* what;
        std::shared_ptr<void> object;
    };
    /// A structure that comes again and again: its members' tags, as far as they are known.
    struct repeated {
        const plan::content* names;
        nbfx::field_reader fields;
    };
    struct entry_context;

    repeated* repetition_of(const type& item);
    void learn(repeated& again, std::size_t index, const void* start, const void* member);
    bool repeat(const type& list, void* value, repeated& again, place& here);
    bool value(const type& what, void* value, const member_options& options, const place& at);
    bool marked(const type& what, void* value, const member_options& options, const place& at);
    bool read_marks(marks& found, const place& at);
    bool content(const type& what, void* value, const place& at);
    bool primitive(const type& what, void* value);
    template <class T>
    bool integer(void* value);
    bool qualified_name(void* value);
    bool enumeration(const type& what, void* value, const place& at);
    bool enumerators(const type& what, std::string_view text, std::int64_t& number);
    bool slot(const type& what, void* value, const marks& found, const place& at);
    bool new_object(const type& what, void* value, const marks& found, const place& at);
    bool referred(const type& what, void* value, const marks& found, const place& at);
    bool structure(const type& what, void* value, const place& at);
    bool members(const type& what, const plan::content& names, void* value, const place& at);
    bool members_from(std::size_t next, const type& what, const plan::content& names, void* value,
                      const place& at);
    bool keep_unknown(const structure_row& row, void* value, std::uint32_t place_of_next);
    bool list(const type& what, const plan::content& names, void* value, const place& at);
    bool map(const type& what, const plan::content& names, void* value, const place& at);
    bool entry(const entry_context& context, void* key, void* value);
    bool anything(void* value, const marks& found, const place& at);
    const known_row* find_known(std::span<const known_row> types, const marks& found) const;
    bool charge(const type& what, const place& at);
    bool enter(const place& at);
    bool null(const type& what, void* value, const member_options& options, const place& at);
    bool fail(boost::system::error_code code, const place& at, std::uint32_t got = 0,
              std::uint32_t limit = 0);
    /// Says where, when the reader has failed by itself.
    bool done(const place& at);

    nbfx::reader& in_;
    const graph_limits& limits_;
    std::string* path_;
    bool path_known_ = false;
    std::uint32_t depth_ = 0;
    std::uint32_t items_ = 0;
    std::uint64_t octets_ = 0;
    const known_scope* known_ = nullptr;
    repeated* again_ = nullptr;  ///< the structure that lists repeat here
    std::deque<repeated> repeated_;
    std::map<std::string, shared_object, std::less<>> shared_;
    std::string text_;
};

}  // namespace nettcp::contract
