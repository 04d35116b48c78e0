// Where the documents come from, and how a document becomes the calls that write it.
#include "document.hpp"

#include "measure.hpp"

#include <nettcp/nbfx/reader.hpp>
#include <nettcp/nbfx/static_dictionary.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>

namespace nettcp::bench {
namespace {

using nbfx::dictionary_string;
using nbfx::value_kind;
using nbfx::xml_string;
using namespace nbfx::literals;

constexpr auto contract = "http://peers.test/svc"_dict;
constexpr auto contract_of_records = "http://peers.test/data"_dict;

/// The static string as its users have it: with its id.
dictionary_string standard(std::string_view text) {
    return nbfx::lasting_string(text, nbfx::static_id(text).value());
}

void write_record(nbfx::writer& out, unsigned number) {
    const auto& ns = contract_of_records;
    // Spreads like chance, but always alike; never 0, which would be a shorter record.
    const unsigned scatter = (number + 1) * 2654435761u;
    out.start_element("b", "Rec"_dict, ns);
    const auto field = [&](dictionary_string name, auto write) {
        out.start_element("b", name, ns);
        write();
        out.end_element();
    };
    field("Id"_dict, [&] { out.int64(1'000'000 + number); });
    field("Name"_dict,
          [&] { out.text("customer name " + std::to_string(100'000 + scatter % 900'000)); });
    field("Qty"_dict, [&] { out.int64(300 + scatter % 29'700); });
    field("Price"_dict, [&] { out.float64(static_cast<double>(scatter) / 4'294'967.295); });
    field("Active"_dict, [&] { out.boolean(number % 2 == 0); });
    field("Note"_dict, [&] {
        out.text("some note text number and more padding, " +
                 std::to_string(10'000'000 + scatter % 90'000'000));
    });
    out.end_element();
}

/// An envelope of 10,000 records, as .NET's DataContractSerializer would have it written.
void write_records(nbfx::writer& out) {
    const auto soap = standard("http://www.w3.org/2003/05/soap-envelope");
    const auto addressing = standard("http://www.w3.org/2005/08/addressing");
    out.start_element("s", standard("Envelope"), soap);
    out.declare_namespace("a", addressing);
    out.start_element("s", standard("Header"), soap);
    out.start_element("a", standard("Action"), addressing);
    out.attribute("s", standard("mustUnderstand"), soap, "1");
    out.text("http://peers.test/svc/IEcho/Bulk"_dict);
    out.end_element();
    out.end_element();
    out.start_element("s", standard("Body"), soap);
    out.start_element("", "Bulk"_dict, contract);
    out.start_element("", "recs"_dict, contract);
    out.declare_namespace("b", contract_of_records);
    out.declare_namespace("i", "http://www.w3.org/2001/XMLSchema-instance"_dict);
    for (unsigned i = 0; i != 10'000; ++i)
        write_record(out, i);
    for (int i = 0; i != 4; ++i)
        out.end_element();
}

std::vector<std::byte> read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    expect(in.is_open(), "a document is missing");
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto octets = as_bytes(std::string_view(text));
    return {octets.begin(), octets.end()};
}

void receive_strings(document& of) {
    nbfx::sent_dictionary table;
    for (const std::string& text : of.strings) {
        expect(table.id_of(text) != table.no_id, "a string does not fit");
        expect(of.sent.id_of(text) != table.no_id, "a string does not fit");
    }
    std::vector<std::byte> octets(table.table_size());
    table.write_table(octets.data());
    of.sent.write_table(octets.data());
    expect(of.received.read_table(octets).has_value(), "a string table is broken");
}

/// Turns what a reader shows into calls.
class call_recorder {
public:
    explicit call_recorder(document& of) : of_(of) {}

    void record() {
        nbfx::reader in;
        in.open(of_.octets, &of_.received);
        of_.texts.reserve(64 * 1024 + 4 * of_.octets.size());  // beyond what a reader expands it to
        for (nbfx::node now = in.next(); now != nbfx::node::end_of_document; now = in.next()) {
            expect(in.ok(), "a document cannot be read");
            of_.nodes += 1 + in.attributes().size() + in.declarations().size();
            if (now == nbfx::node::element)
                tag(in);
            else if (now == nbfx::node::end_element)
                of_.calls.push_back({});
            else
                of_.calls.push_back(with_value(in.value()));
        }
    }

private:
    const xml_string* word(std::string_view text) {
        const auto known = words_.find(text);
        if (known != words_.end())
            return known->second;
        expect(of_.texts.capacity() - of_.texts.size() >= text.size(), "texts would move");
        const std::size_t at = of_.texts.size();
        const std::string_view kept =
            std::string_view(of_.texts.append(text)).substr(at, text.size());
        const bool in_session = std::ranges::find(of_.strings, text) != of_.strings.end();
        const auto id = in_session ? std::nullopt : nbfx::static_id(text);
        const auto made =
            in_session || id
                ? xml_string(nbfx::lasting_string(kept, id.value_or(nbfx::no_static_id)))
                : xml_string(kept);
        return words_[kept] = &of_.words.emplace_back(made);
    }

    void tag(const nbfx::reader& in) {
        of_.calls.push_back({.what = writer_call::kind::start_element,
                             .prefix = in.prefix(),
                             .local = word(in.local_name()),
                             .ns = word(in.namespace_uri())});
        for (const auto& declared : in.declarations())
            if (declared.prefix != in.prefix())  // that one the writer declares by itself
                of_.calls.push_back({.what = writer_call::kind::declaration,
                                     .prefix = declared.prefix,
                                     .ns = word(declared.uri)});
        for (const auto& attribute : in.attributes()) {
            of_.calls.push_back({.what = writer_call::kind::start_attribute,
                                 .prefix = attribute.prefix,
                                 .local = word(attribute.local),
                                 .ns = word(attribute.ns)});
            of_.calls.push_back(with_value(attribute.value));
            of_.calls.push_back({.what = writer_call::kind::end_attribute});
        }
    }

    writer_call with_value(const nbfx::value& value) {
        using kind = writer_call::kind;
        switch (value.kind()) {
        case value_kind::chars:
        case value_kind::utf16:
        case value_kind::list:
        case value_kind::qname:
            return {.what = kind::text, .value = {.text = word(value.to_text().value())}};
        case value_kind::boolean:
            return {.what = kind::boolean, .value = {.integer = value.boolean() ? 1 : 0}};
        case value_kind::int64: return {.what = kind::int64, .value = {.integer = value.int64()}};
        case value_kind::float64:
            return {.what = kind::float64, .value = {.number = value.float64()}};
        default: return {.what = kind::other, .value = {.other = &of_.values.emplace_back(value)}};
        }
    }

    std::map<std::string_view, const xml_string*> words_;
    document& of_;
};

std::unique_ptr<document> make_records() {
    auto made = std::make_unique<document>();
    made->name = "records";
    octet_buffer octets;
    nbfx::writer out;
    nbfx::sent_dictionary session;
    out.open(octets, &session);
    write_records(out);
    expect(out.finish().has_value(), "the records cannot be written");
    made->octets.assign(octets.view().begin(), octets.view().end());

    std::vector<std::byte> table(session.table_size());
    session.write_table(table.data());
    nbfx::received_dictionary strings;
    expect(strings.read_table(table).has_value(), "a string table is broken");
    for (std::uint32_t i = 0; i != strings.count(); ++i)
        made->strings.emplace_back(strings.find(2 * i + 1).value());
    return made;
}

std::unique_ptr<document> load(const std::filesystem::path& folder, const std::string& name) {
    auto loaded = std::make_unique<document>();
    loaded->name = name;
    loaded->octets = read_file(folder / (name + ".bin"));
    std::ifstream strings(folder / (name + ".strings"));
    for (std::string line; std::getline(strings, line);)
        loaded->strings.push_back(line);
    return loaded;
}

void write_other(const nbfx::value& v, nbfx::writer& out) {
    switch (v.kind()) {
    case value_kind::bytes: return out.bytes(v.octets());
    case value_kind::uint64: return out.uint64(v.uint64());
    case value_kind::float32: return out.float32(v.float32());
    case value_kind::decimal: return out.decimal(v.decimal());
    case value_kind::date_time: return out.date_time(v.date_time());
    case value_kind::time_span: return out.time_span(v.time_span());
    case value_kind::unique_id: return out.unique_id(v.uuid());
    case value_kind::uuid: return out.uuid(v.uuid());
    default: expect(false, "a value was not recorded as it should be");
    }
}

}  // namespace

std::vector<std::unique_ptr<document>> load_documents(const std::filesystem::path& folder) {
    std::vector<std::unique_ptr<document>> all;
    for (const char* name : {"echo-req", "echo-rep", "complex-req"})
        all.push_back(load(folder, name));
    all.push_back(make_records());
    for (const auto& one : all) {
        receive_strings(*one);
        call_recorder(*one).record();
    }
    return all;
}

void export_documents(const std::vector<std::unique_ptr<document>>& all,
                      const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder);
    for (const auto& one : all) {
        std::ofstream octets(folder / (one->name + ".bin"), std::ios::binary);
        octets << as_text(one->octets);
        std::ofstream strings(folder / (one->name + ".strings"));
        for (const std::string& text : one->strings)
            strings << text << '\n';
    }
    std::ofstream standard_strings(folder / "static");
    for (std::uint32_t id = 0; const auto text = nbfx::static_string(id); id += 2)
        standard_strings << *text << '\n';
    expect(standard_strings.good(), "documents cannot be exported");
}

void write_again(const document& from, nbfx::writer& out) {
    using kind = writer_call::kind;
    for (const writer_call& call : from.calls)
        switch (call.what) {
        case kind::start_element: out.start_element(call.prefix, *call.local, *call.ns); break;
        case kind::declaration: out.declare_namespace(call.prefix, *call.ns); break;
        case kind::start_attribute: out.start_attribute(call.prefix, *call.local, *call.ns); break;
        case kind::end_attribute: out.end_attribute(); break;
        case kind::end_element: out.end_element(); break;
        case kind::text: out.text(*call.value.text); break;
        case kind::boolean: out.boolean(call.value.integer != 0); break;
        case kind::int64: out.int64(call.value.integer); break;
        case kind::float64: out.float64(call.value.number); break;
        case kind::other: write_other(*call.value.other, out); break;
        default: __builtin_unreachable();  // nor does a program look up what it does next
        }
}

}  // namespace nettcp::bench
