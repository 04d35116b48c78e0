#include "echo_service/body.hpp"

namespace nettcp::echo_service {

using nbfx::literals::operator""_dict;

bool is_nil(const nbfx::reader& in) {
    const nbfx::attribute* nil = in.find_attribute("nil", names::ns_xsi.text);
    if (nil == nullptr)
        return false;
    const auto says = nil->value.to_boolean();
    return says && *says;
}

text_parameter read_text(nbfx::reader& in) {
    if (!is_nil(in))
        return in.read_element_text();
    in.skip();
    return std::nullopt;
}

bytes_parameter read_bytes(nbfx::reader& in) {
    if (!is_nil(in))
        return in.read_element_bytes();
    in.skip();
    return std::nullopt;
}

void read_wrapper(nbfx::reader& in, std::string_view wrapper,
                  std::initializer_list<parameter> parameters) {
    in.read_start_element(wrapper, names::ns.text);
    const parameter* next = parameters.begin();
    while (in.is_start_element()) {
        const parameter* found = next;
        while (found != parameters.end() && !in.is_start_element(found->name, names::ns.text))
            ++found;
        if (found == parameters.end()) {
            in.skip();
            continue;
        }
        found->read(in);
        next = found + 1;
    }
    in.read_end_element();
}

void write_nil(nbfx::writer& out) {
    out.start_attribute("i", "nil"_dict, names::ns_xsi);
    out.boolean(true);
    out.end_attribute();
}

void write_text(nbfx::writer& out, nbfx::dictionary_string name, const text_parameter& text) {
    out.start_element(name, names::ns);
    if (text)
        out.text(*text);
    else
        write_nil(out);
    out.end_element();
}

void write_bytes(nbfx::writer& out, nbfx::dictionary_string name, const bytes_parameter& octets) {
    out.start_element(name, names::ns);
    if (octets)
        out.bytes(*octets);
    else
        write_nil(out);
    out.end_element();
}

void write_int32(nbfx::writer& out, nbfx::dictionary_string name, std::int32_t number) {
    out.start_element(name, names::ns);
    out.int64(number);
    out.end_element();
}

}  // namespace nettcp::echo_service
