"""Error codes: enumerations, texts, blame, hints, and the page that lists them."""

from .tables import banner, cpp_string, doc, header, markdown_table, page, read_table, sentence

MODULES = ["base", "framing", "security", "nbfx", "soap", "contract", "channel", "net"]
BLAMES = {"peer": "the other side broke a rule",
          "local": "our side, or the code that calls it, broke a rule",
          "environment": "something around both sides: network, machine, load",
          "refused": "the other side understood and said no"}


def shape(module):
    """Names that differ between base, which lives in nettcp itself, and the other modules."""
    if module == "base":
        return "nettcp", "base_errc", "base_category"
    return f"nettcp::{module}", "errc", "category"


def rows_of(module):
    rows = read_table(f"{module}/errors.table")
    for row in rows:
        if row["blame"] not in BLAMES:
            row.fail(f"{row['blame']} is no blame")
    return rows


def errc_header(module):
    namespace, errc, category = shape(module)
    source = f"proto/{module}/errors.table"
    body = doc(f"The rules that module {module} checks; each value names the rule that was broken. "
               "Compares with `cause` to tell whose fault it is.")
    body += f"enum class {errc} : int {{\n"
    for number, row in enumerate(rows_of(module), 1):
        body += doc(f"{sentence(row['text'])} ({row['blame']}).", "    ")
        body += f"    {row['name']} = {number},\n"
    body += "};\n\n"
    body += doc(f"The error category of `{errc}`; its name is `nettcp.{module}`.")
    body += f"NETTCP_EXPORT const rule_category& {category}() noexcept;\n\n"
    body += doc(f"The code of a broken rule; makes `{errc}` convert to `error_code`.")
    body += (f"inline boost::system::error_code make_error_code({errc} rule) noexcept {{\n"
             f"    return {{static_cast<int>(rule), {category}()}};\n}}\n\n")
    body += doc("What a person could try; one clause, no full stop. Static text.")
    body += (f"inline std::string_view hint({errc} rule) noexcept {{\n"
             f"    return {category}().hint(static_cast<int>(rule));\n}}\n")
    out = header(source, module, ["<nettcp/base/export.hpp>", "<nettcp/base/rule_category.hpp>",
                                  "<boost/system/error_code.hpp>", "<string_view>",
                                  "<type_traits>"], body, namespace=namespace)
    return out + ("\ntemplate <>\n"
                  f"struct boost::system::is_error_code_enum<{namespace}::{errc}> : std::true_type "
                  "{};\n")


def errc_source(module):
    namespace, errc, category = shape(module)
    out = banner(f"proto/{module}/errors.table") + f"#include <nettcp/{module}/errc.hpp>\n\n"
    out += f"namespace {namespace} {{\nnamespace {{\n\n"
    out += "// The row of value n stands at index n - 1.\nconstexpr rule_text rules[] = {\n"
    for row in rows_of(module):
        out += (f"    {{{cpp_string(row['name'])}, cause::{row['blame']},\n"
                f"     {cpp_string(row['text'])},\n     {cpp_string(row['hint'])}}},\n")
    out += "};\n\n}  // namespace\n\n"
    out += (f"const rule_category& {category}() noexcept {{\n"
            f"    static const rule_category instance(\"nettcp.{module}\", rules);\n"
            f"    return instance;\n}}\n\n}}  // namespace {namespace}\n")
    return out


def errors_page():
    body = "Every error names the broken rule. Whose fault it is can be asked with `cause`:\n\n"
    body += markdown_table(["cause", "meaning"], [[f"`{k}`", v] for k, v in BLAMES.items()])
    for module in MODULES:
        body += f"\n## nettcp.{module}\n\n" + markdown_table(
            ["value", "rule", "cause", "text", "what to try"],
            [[str(n), f"`{r['name']}`", r["blame"], r["text"], r["hint"]]
             for n, r in enumerate(rows_of(module), 1)])
    return page("Errors", "proto/*/errors.table", body)


def outputs():
    out = {"docs/reference/errors.md": errors_page()}
    for module in MODULES:
        out[f"include/nettcp/{module}/errc.hpp"] = errc_header(module)
        out[f"src/{module}/errc.cpp"] = errc_source(module)
    return out
