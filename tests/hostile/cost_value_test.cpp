// What values cost that are given as text, and objects that a few octets ask for.
#include "hostile/cost_documents.hpp"
#include "support/catch.hpp"

#include <nettcp/contract/codec.hpp>
#include <nettcp/nbfx/reader.hpp>
#include <nettcp/nbfx/writer.hpp>

#include <stdexcept>

using namespace hostile;
using namespace nettcp;

namespace hostile_cost {

struct point {
    std::int32_t x = 0;
    std::string name;
};
consteval auto contract_of(contract::tag<point>) {
    return contract::data_contract(
        "Point", "urn:t",
        {contract::member<&point::x>("X"), contract::member<&point::name>("Name")});
}

}  // namespace hostile_cost

namespace {

octet_buffer element_of(std::string_view text) {
    octet_buffer out;
    nbfx::writer to;
    to.open(out);
    to.start_element("", "x", "");
    to.text(text);
    to.end_element();
    to.finish().value();
    return out;
}

/// One value of an element whose text repeats `piece`; whether it is one does not matter.
template <class Read>
kind_of_input value(std::string name, std::string begin, std::string piece, Read read) {
    return {std::move(name), [=](std::size_t size) -> workload {
                const auto document = std::make_shared<const octet_buffer>(
                    element_of(begin + repeated(piece, size / piece.size())));
                return {document->size(), [=]() -> std::size_t {
                            nbfx::reader in;
                            in.open(document->view());
                            in.move_to_content();
                            read(in);
                            return in.ok() ? 1 : 0;
                        }};
            }};
}

/// Many short numbers.
kind_of_input benign_numbers() {
    return {"whole numbers of four digits", [](std::size_t size) -> workload {
                const auto document = std::make_shared<octet_buffer>();
                nbfx::writer to;
                to.open(*document);
                to.start_element("", "v", "");
                while (document->size() < size) {
                    to.start_element("", "i", "");
                    to.text("4711");
                    to.end_element();
                }
                to.end_element();
                to.finish().value();
                return {document->size(), [=] {
                            nbfx::reader in;
                            in.open(document->view());
                            in.read_start_element("v", "");
                            std::size_t numbers = 0;
                            for (; in.is_start_element("i", ""); ++numbers)
                                in.read_element_int64();
                            return numbers;
                        }};
            }};
}

/// A list in which this element comes again and again.
kind_of_input list(std::string name, const std::function<void(nbfx::writer&)>& item,
                   double memory_bound) {
    return {std::move(name),
            [=](std::size_t size) -> workload {
                const auto document = std::make_shared<octet_buffer>();
                nbfx::writer to;
                to.open(*document);
                to.start_element("", "v", "urn:t");
                while (document->size() < size) {
                    to.start_element("", "Point", "urn:t");
                    item(to);
                    to.end_element();
                }
                to.end_element();
                to.finish().value();
                return {document->size(), [=] {
                            nbfx::reader in;
                            in.open(document->view());
                            in.move_to_content();
                            std::vector<hostile_cost::point> points;
                            if (!contract::read_element(in, points))
                                throw std::runtime_error(in.failure().code.message());
                            return points.size();
                        }};
            },
            memory_bound};
}

}  // namespace

TEST_CASE("What hostile values cost is bounded", "[hostile][cost]") {
    check_costs(
        "values given as text", benign_numbers(),
        {
            value("text", "", "Springfield ",
                  [](nbfx::reader& in) { return in.read_element_text(); }),
            value("a decimal", "0.", "123456789",
                  [](nbfx::reader& in) { return in.read_element_decimal(); }),
            value("a floating-point number", "0.", "123456789",
                  [](nbfx::reader& in) { return in.read_element_float64(); }),
            value("a floating-point number of many zeros", "", "0",
                  [](nbfx::reader& in) { return in.read_element_float64(); }),
            value("an integer", "", "0", [](nbfx::reader& in) { return in.read_element_int64(); }),
            value("a duration", "P", "1Y1M",
                  [](nbfx::reader& in) { return in.read_element_time_span(); }),
            value("a date", "2026-11-23T00:00:00.", "0",
                  [](nbfx::reader& in) { return in.read_element_date_time(); }),
            value("base64", "", "QUJD ", [](nbfx::reader& in) { return in.read_element_bytes(); }),
            value("a truth among spaces", "true", " ",
                  [](nbfx::reader& in) { return in.read_element_boolean(); }),
        });
}

TEST_CASE("What hostile contracts cost is bounded", "[hostile][cost]") {
    const auto nothing = [](nbfx::writer&) {};
    const auto full = [](nbfx::writer& to) {
        to.start_element("", "Name", "urn:t");
        to.text("Springfield");
        to.end_element();
        to.start_element("", "X", "urn:t");
        to.int64(4711);
        to.end_element();
    };
    const auto strange = [](nbfx::writer& to) {
        for (int i = 0; i != 20; ++i) {
            to.start_element("", "a", "urn:t");
            to.end_element();
        }
    };
    check_costs("typed lists", list("objects with their members", full, 8),
                {list("objects without members", nothing, 24),
                 list("objects with members that nobody knows", strange, 8)});
}
