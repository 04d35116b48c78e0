"""SOAP and WS-Addressing: names with their static dictionary ids."""

from .nbfx import UNSAFE_STATIC_ID, static_dictionary
from .tables import doc, header, markdown_table, page, read_table, wrapped


def rows_checked():
    texts = static_dictionary()
    ids = {t: 2 * i for i, t in enumerate(texts) if 2 * i != UNSAFE_STATIC_ID}
    rows = read_table("soap/names.table")
    for row in rows:
        given = None if row["id"] == "-" else int(row["id"], 16)
        if given != ids.get(row["text"]):
            row.fail(f"the static dictionary says {ids.get(row['text'])}")
    return rows


def outputs():
    rows = rows_checked()
    body = ""
    for row in rows:
        number = "nbfx::no_static_id" if row["id"] == "-" else row["id"]
        body += doc(f"{row['source']}.")
        line = (f"inline constexpr nbfx::dictionary_string {row['name']} = "
                f"nbfx::lasting_string({wrapped(row['text'])}, {number});\n")
        if len(line.split("\n")[0]) > 100:
            line = line.replace("= nbfx", "=\n    nbfx", 1)
        body += line
    names = header("proto/soap/names.table", "soap", ["<nettcp/nbfx/dictionary_string.hpp>"], body,
                   namespace="nettcp::soap::names")
    docs = page("Names of SOAP and WS-Addressing", "proto/soap/names.table",
                "Constants of `nettcp::soap::names`.\n\n"
                + markdown_table(["constant", "id", "text", "source"],
                                 [[f"`{r['name']}`", r["id"], f"`{r['text']}`", r["source"]]
                                  for r in rows]))
    return {"include/nettcp/soap/names.hpp": names, "docs/reference/soap-names.md": docs}
