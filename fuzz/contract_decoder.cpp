// Invariants of reading typed contracts: whatever the octets are, reading them as a value of all
// that a contract can have either fails, and says so, or gives a value that is written, read again
// and written again as the same octets; objects stay within their limits; the same document with
// all names in line, which takes no short ways, gives the same value.
//
// Names of the contract have ids in the session.
// Reaches src/contract/decoder*.cpp
// Uses dict/nbfx
// Mutated by mutators/document

#include "../tests/interop/contract/shapes.hpp"

#include <nettcp/contract/codec.hpp>
#include <nettcp/nbfx/copy.hpp>

#include <cstdlib>

using namespace nettcp;
using namespace nettcp::contract;
using namespace nettcp::interop;
using nbfx::literals::operator""_dict;

namespace {

struct everything {
    std::vector<shapes::primitives> simple;
    std::vector<shapes::point> points;
    std::vector<shapes::enums> enums;
    std::vector<std::shared_ptr<shapes::nullables>> nullables;
    shapes::lists lists;
    shapes::maps maps;
    std::unique_ptr<shapes::tree> tree;
    shapes::shapes polymorphic;
    shapes::graph graph;
    std::vector<shapes::anything> anything;
    std::vector<shapes::version_one> versions;
};
consteval auto contract_of(tag<everything>) {
    using e = everything;
    return data_contract(
        "Everything", shapes::ns,
        {member<&e::simple>("Simple"), member<&e::points>("Points"), member<&e::enums>("Enums"),
         member<&e::nullables>("Nullables"), member<&e::lists>("Lists"), member<&e::maps>("Maps"),
         member<&e::tree>("Tree"), member<&e::polymorphic>("Shapes"), member<&e::graph>("Graph"),
         member<&e::anything>("Anything"), member<&e::versions>("Versions")});
}

void require(bool holds) {
    if (!holds)
        std::abort();
}

/// Gives ids to the names of a type and of all that it is made of.
void name_all(const type& what, std::set<const type*>& seen, nbfx::sent_dictionary& session) {
    if (!seen.insert(&what).second)
        return;
    if (what.structure != nullptr) {
        session.id_of(what.structure->name);
        session.id_of(what.structure->ns);
        for (const member_row& row : what.structure->members)
            session.id_of(row.name);
        if (what.structure->base.what != nullptr)
            name_all(what.structure->base.what(), seen, session);
        for (const member_row& row : what.structure->members)
            name_all(row.what(), seen, session);
        for (const known_row& row : what.structure->known)
            name_all(row.what(), seen, session);
    }
    for (const type* part : {what.item, what.key})
        if (part != nullptr)
            name_all(*part, seen, session);
}

const nbfx::sent_dictionary& names() {
    static const nbfx::sent_dictionary made = [] {
        nbfx::sent_dictionary session;
        std::set<const type*> seen;
        name_all(descriptor<everything>::value, seen, session);
        return session;
    }();
    return made;
}

/// A document and its session.
struct document {
    explicit document(nbfx::sent_dictionary session = names()) : sent(std::move(session)) {}

    void close() {
        std::vector<std::byte> table(sent.table_size());
        sent.write_table(table.data());
        require(received.read_table(table).has_value());
    }

    octet_buffer octets;
    nbfx::sent_dictionary sent;
    nbfx::received_dictionary received;
};

struct value {
    everything held;

    value() = default;
    value(const value&) = delete;
    ~value() { shapes::node::unlink_all(); }

    bool read(bytes_view octets, const nbfx::received_dictionary* session) {
        constexpr graph_limits limits{.max_items_in_object_graph = 20'000,
                                      .max_object_octets = 1 << 20};
        nbfx::reader in;
        in.open(octets, session);
        in.move_to_content();
        if (!in.ok())
            return false;
        std::string path;
        const bool good = read_element(in, held, &path, limits);
        require(good == in.ok());
        require(good || in.failure().code);
        require(held.points.size() <= limits.max_object_octets / sizeof(shapes::point));
        return good;
    }

    /// False if it is a value that cannot be written, such as an enumerator without a name.
    bool write(document& to) const {
        nbfx::writer out;
        out.open(to.octets, &to.sent);
        write_element(out, "v"_dict, "urn:v"_dict, held);
        const bool good = out.finish().has_value();
        to.close();
        return good;
    }
};

bool same(bytes_view a, bytes_view b) {
    return as_text(a) == as_text(b);
}

/// Writes a document anew with all names in line; false if that cannot be done.
bool in_line(bytes_view octets, const nbfx::received_dictionary& session, octet_buffer& to) {
    nbfx::reader in;
    in.open(octets, &session);
    if (in.move_to_content() != nbfx::node::element)
        return false;
    nbfx::writer out;
    out.open(to);
    nbfx::copy_element(in, out);
    return out.finish().has_value();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
    const bytes_view input(reinterpret_cast<const std::byte*>(octets), size);
    document session;
    session.close();
    document written;
    {
        value first;
        if (!first.read(input, &session.received) || !first.write(written))
            return 0;
    }
    {
        value second;
        document again;
        require(second.read(written.octets.view(), &written.received));
        require(second.write(again));
        require(same(written.octets.view(), again.octets.view()));
    }
    octet_buffer careful;
    if (!in_line(input, session.received, careful))
        return 0;
    value third;
    document from_careful;
    require(third.read(careful.view(), nullptr));
    {
        require(third.write(from_careful));
        require(same(written.octets.view(), from_careful.octets.view()));
    }
    return 0;
}
