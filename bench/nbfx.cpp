// Binary XML: documents read and written as a whole, and a MiB of octets against memcpy. Beside it,
// bench/dotnet does the same with .NET's reader and writer: `bench_nbfx --export FOLDER` gives it
// the documents.

#include "document.hpp"
#include "measure.hpp"
#include "walks.hpp"

#include <nettcp/nbfx/reader.hpp>

#include <cstdio>
#include <cstring>
#include <string_view>

namespace {

using namespace nettcp;
using namespace nettcp::bench;

constexpr std::size_t mebibyte = std::size_t{1} << 20;

/// A MiB as the content of an element.
class bulk {
public:
    void write() {
        out_.clear();
        writer_.open(out_);
        writer_.start_element("Blob", "");
        writer_.bytes(octets_);
        writer_.end_element();
        expect(writer_.finish().has_value(), "octets cannot be written");
    }

    /// To a place of the caller's, a record at a time.
    void read() {
        in_.open(out_.view());
        std::size_t got = 0;
        for (nbfx::node now = in_.next(); now != nbfx::node::end_of_document; now = in_.next()) {
            if (now != nbfx::node::text)
                continue;
            const bytes_view part = in_.value().octets();
            std::memcpy(target_.data() + got, part.data(), part.size());
            got += part.size();
        }
        keep(target_[0]);
        expect(got >= mebibyte - 2 && in_.ok(), "octets got lost");
    }

    void copy() {
        std::memcpy(target_.data(), octets_.data(), octets_.size());
        keep(target_[0]);
    }

private:
    std::vector<std::byte> octets_ = std::vector<std::byte>(mebibyte, std::byte{0x5a});
    std::vector<std::byte> target_ = std::vector<std::byte>(mebibyte);
    nbfx::writer writer_;
    nbfx::reader in_;
    octet_buffer out_;
};

}  // namespace

int main(int argc, char** argv) {
    const auto documents = load_documents(NETTCP_BENCH_DOCUMENTS);
    if (argc == 3 && std::string_view(argv[1]) == "--export") {
        export_documents(documents, argv[2]);
        return 0;
    }

    full_walk typed;
    full_walk as_text;
    as_text.as_text = true;
    rewriting again;
    bulk octets;
    octets.write();

    std::vector<measurement> all;
    const auto add = [&all](std::string name, auto turn) {
        all.push_back({std::move(name), "ns",
                       [turn](double seconds) { return nanoseconds_per_turn(seconds, turn); }});
    };
    for (const auto& one : documents) {
        document* const d = one.get();
        again(*d);
        if (d->name !=
            "complex-req")  // has arrays, which are written as the elements they stand for
            expect(nettcp::as_text(again.written()) == nettcp::as_text(d->octets), "octets differ");
        add(d->name + " walk", [&typed, d] { typed(*d); });
        add(d->name + " walk as text", [&as_text, d] { as_text(*d); });
        add(d->name + " write", [&again, d] { again(*d); });
    }
    add("1 MiB memcpy", [&octets] { octets.copy(); });
    add("1 MiB write", [&octets] { octets.write(); });
    add("1 MiB read", [&octets] { octets.read(); });
    return run(argc, argv, all);
}
