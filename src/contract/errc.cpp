// Generated from proto/contract/errors.table by tools/protogen.py. Do not edit.
// clang-format off
#include <nettcp/contract/errc.hpp>

namespace nettcp::contract {
namespace {

// The row of value n stands at index n - 1.
constexpr rule_text rules[] = {
    {"member_required", cause::peer,
     "a member that must be there is missing",
     "compare the contract of both sides"},
    {"value_null", cause::peer,
     "null where the contract allows no null",
     "compare the contract of both sides"},
    {"enumerator_unknown", cause::peer,
     "the text is no enumerator of the enumeration",
     "compare the contract of both sides"},
    {"type_unknown", cause::peer,
     "the value is of a type that the contract does not know",
     "add the type to the known types of the contract"},
    {"type_missing", cause::peer,
     "the value does not say of which type it is",
     "compare the contract of both sides"},
    {"reference_undefined", cause::peer,
     "a reference to an object that has not come",
     "report it to the maker of the peer"},
    {"reference_duplicate", cause::peer,
     "two objects have the same reference id",
     "report it to the maker of the peer"},
    {"reference_type", cause::peer,
     "a reference to an object of another type",
     "compare the contract of both sides"},
    {"items_exceeded", cause::peer,
     "the value has more objects than the limit",
     "raise max_items_in_object_graph if such values are expected"},
    {"memory_exceeded", cause::peer,
     "the value would take more memory than the limit",
     "raise max_object_octets if such values are expected"},
    {"nesting_exceeded", cause::peer,
     "objects are nested deeper than the limit",
     "raise max_depth if such values are expected"},
    {"wrapper_unexpected", cause::peer,
     "the body is not the element of the operation",
     "compare the contract of both sides"},
    {"header_missing", cause::peer,
     "a header that must be there is missing",
     "compare the contract of both sides"},
    {"type_undeclared", cause::local,
     "the object's type is not among the known types of its contract",
     "add it to the known types"},
    {"enumerator_undeclared", cause::local,
     "the value is no enumerator of the enumeration",
     "correct the value or the declaration"},
    {"graph_too_deep", cause::local,
     "objects are nested deeper than the limit, or in a circle",
     "declare the type as a reference, or raise max_depth"},
};

}  // namespace

const rule_category& category() noexcept {
    static const rule_category instance("nettcp.contract", rules);
    return instance;
}

}  // namespace nettcp::contract
