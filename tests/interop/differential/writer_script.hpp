#pragma once

#include <nettcp/nbfx/writer.hpp>

#include <string>

namespace nettcp::interop {

/// Drives our writer and writes down the same calls as the oracle's script, so that both sides
/// do the same by construction. The words are those of tests/interop/README.md.
class writer_script {
public:
    explicit writer_script(nbfx::writer& out) : out_(out) {}

    const std::string& text() const noexcept { return script_; }

    /// `prefix` null: the writer chooses. Name and namespace are both plain or both dictionary.
    void start_element(const std::string* prefix, const nbfx::xml_string& local,
                       const nbfx::xml_string& ns);
    void end_element();
    void start_attribute(const std::string& prefix, const nbfx::xml_string& local,
                         const nbfx::xml_string& ns);
    void end_attribute();
    void declare_namespace(const std::string* prefix, const nbfx::xml_string& uri);

    void string(const nbfx::xml_string& value);
    void comment(const std::string& value);
    void qualified_name(const nbfx::xml_string& local, const nbfx::xml_string& ns);
    void boolean(bool value);
    void int64(std::int64_t value);
    void uint64(std::uint64_t value);
    void float32(float value);
    void float64(double value);
    void decimal(const nettcp::decimal& value);
    void date_time(nettcp::date_time value);
    void time_span(nettcp::time_span value);
    void uuid(const nettcp::uuid& value);
    void unique_id(const std::string& value);
    void bytes(bytes_view octets);
    void start_list();
    void end_list();

    template <class T>
    void array(const std::string& prefix, const nbfx::xml_string& local, const nbfx::xml_string& ns,
               std::span<const T> items) {
        step("array");
        plain(prefix);
        field(local);
        field(ns);
        word(type_name(T{}));
        for (const T& item : items)
            word(value_text(item));
        out_.array(prefix, local, ns, items);
    }

private:
    static const char* type_name(bool) { return "bool"; }
    static const char* type_name(std::int16_t) { return "int16"; }
    static const char* type_name(std::int32_t) { return "int32"; }
    static const char* type_name(std::int64_t) { return "int64"; }
    static const char* type_name(std::uint64_t) { return "uint64"; }
    static const char* type_name(float) { return "float"; }
    static const char* type_name(double) { return "double"; }
    static const char* type_name(const nettcp::decimal&) { return "decimal"; }
    static const char* type_name(nettcp::date_time) { return "datetime"; }
    static const char* type_name(nettcp::time_span) { return "timespan"; }
    static const char* type_name(const nettcp::uuid&) { return "guid"; }

    static std::string value_text(bool value) { return value ? "true" : "false"; }
    static std::string value_text(std::int64_t value) { return std::to_string(value); }
    static std::string value_text(std::int32_t value) { return std::to_string(value); }
    static std::string value_text(std::int16_t value) { return std::to_string(value); }
    static std::string value_text(std::uint64_t value) { return std::to_string(value); }
    static std::string value_text(float value);
    static std::string value_text(double value);
    static std::string value_text(const nettcp::decimal& value);
    static std::string value_text(nettcp::date_time value);
    static std::string value_text(nettcp::time_span value);
    static std::string value_text(const nettcp::uuid& value);

    void step(const char* name);
    void word(const std::string& text);
    void plain(const std::string& text);
    void field(const nbfx::xml_string& text);
    template <class T>
    void typed(const T& value);

    nbfx::writer& out_;
    std::string script_;
    bool in_list_ = false;
};

/// Octets of UTF-8 escaped as the oracle reads them: all but letters, digits and . _ ~ / - as %XX.
std::string escaped(std::string_view text);

}  // namespace nettcp::interop
