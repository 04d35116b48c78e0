// Writes and reads binary XML: a list of small typed rows, and one long run of octets.

#include "stopwatch.hpp"

#include <nettcp/nbfx/reader.hpp>
#include <nettcp/nbfx/writer.hpp>

#include <cstdlib>
#include <string_view>
#include <vector>

namespace {

using namespace nettcp;

constexpr std::string_view ns = "http://bench.test/data";
constexpr int rows = 200;

void expect(bool holds, const char* claim) {
    if (holds)
        return;
    std::fprintf(stderr, "bench: %s\n", claim);
    std::exit(1);
}

void write_rows(nbfx::writer& out) {
    out.start_element("Rows", ns);
    out.declare_namespace("", ns);
    for (int i = 0; i < rows; ++i) {
        out.start_element("Row", ns);
        out.start_element("Id", ns);
        out.int64(i * 1001);
        out.end_element();
        out.start_element("Name", ns);
        out.text("a name of usual length");
        out.end_element();
        out.start_element("Price", ns);
        out.float64(i * 1.37);
        out.end_element();
        out.start_element("Sold", ns);
        out.boolean(i % 3 == 0);
        out.end_element();
        out.end_element();
    }
    out.end_element();
}

void write_blob(nbfx::writer& out, bytes_view octets) {
    out.start_element("Blob", ns);
    out.declare_namespace("", ns);
    out.bytes(octets);
    out.end_element();
}

template <class Write>
void write_document(nbfx::writer& writer, octet_buffer& document, Write write) {
    document.clear();
    writer.open(document);
    write(writer);
    expect(writer.finish().has_value(), "a document could not be written");
}

void walk(nbfx::reader& reader, bytes_view document) {
    reader.open(document);
    nbfx::node node = reader.next();
    while (node != nbfx::node::end_of_document && node != nbfx::node::failed)
        node = reader.next();
    expect(node == nbfx::node::end_of_document, "a document could not be walked");
}

std::int64_t read_rows(nbfx::reader& reader, bytes_view document) {
    reader.open(document);
    std::int64_t sum = 0;
    reader.read_start_element("Rows", ns);
    while (reader.is_start_element("Row", ns)) {
        reader.read_start_element("Row", ns);
        sum += reader.read_element_int64();
        sum += static_cast<std::int64_t>(reader.read_element_text().size());
        sum += static_cast<std::int64_t>(reader.read_element_float64());
        sum += reader.read_element_boolean() ? 1 : 0;
        reader.read_end_element();
    }
    reader.read_end_element();
    expect(reader.ok(), "rows could not be read");
    return sum;
}

}  // namespace

int main() {
    nbfx::writer writer;
    nbfx::reader reader;
    octet_buffer document;

    write_document(writer, document, write_rows);
    const std::size_t size = document.size();
    bench::measure("nbfx rows, typed write", size,
                   [&] { write_document(writer, document, write_rows); });
    bench::measure("nbfx rows, walk", size, [&] { walk(reader, document.view()); });
    const std::int64_t sum = read_rows(reader, document.view());
    bench::measure("nbfx rows, typed read", size,
                   [&] { expect(read_rows(reader, document.view()) == sum, "the sum changed"); });

    const std::vector<std::byte> octets(1u << 20, std::byte{0x5a});
    const auto blob = [&](nbfx::writer& out) { write_blob(out, octets); };
    bench::measure("nbfx 1 MiB of octets, write", octets.size(),
                   [&] { write_document(writer, document, blob); });
    bench::measure("nbfx 1 MiB of octets, read", octets.size(), [&] {
        reader.open(document.view());
        reader.move_to_content();
        expect(reader.read_element_bytes().size() == octets.size(), "octets got lost");
    });
    return 0;
}
