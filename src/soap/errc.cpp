// Generated from proto/soap/errors.table by tools/protogen.py. Do not edit.
// clang-format off
#include <nettcp/soap/errc.hpp>

namespace nettcp::soap {
namespace {

// The row of value n stands at index n - 1.
constexpr rule_text rules[] = {
    {"not_an_envelope", cause::peer,
     "the document is not a SOAP envelope",
     "check that both sides use the same message version"},
    {"version_mismatch", cause::peer,
     "the envelope is of another SOAP version",
     "use the same message version on both sides"},
    {"envelope_malformed", cause::peer,
     "the envelope has children other than one header and one body",
     "report it to the maker of the peer"},
    {"header_misplaced", cause::peer,
     "the header does not stand first in the envelope",
     "report it to the maker of the peer"},
    {"header_duplicate", cause::peer,
     "an addressing header appears twice",
     "report it to the maker of the peer"},
    {"header_missing", cause::peer,
     "a required addressing header is missing",
     "check that both sides use WS-Addressing"},
    {"header_malformed", cause::peer,
     "a header does not have the form its specification asks for",
     "capture the message; the peer's encoder is at fault"},
    {"headers_exceeded", cause::peer,
     "the message has more headers than the limit",
     "raise the header limit if such messages are expected"},
    {"headers_too_large", cause::peer,
     "the headers have more octets than the limit",
     "raise the header limit if such messages are expected"},
    {"must_understand_invalid", cause::peer,
     "mustUnderstand is not a truth value",
     "report it to the maker of the peer"},
    {"must_understand_unknown", cause::peer,
     "a header that must be understood is not known here",
     "remove the header or add code that understands it"},
    {"body_missing", cause::peer,
     "the envelope has no body",
     "capture the message; the peer's encoder is at fault"},
    {"body_duplicate", cause::peer,
     "the envelope has two bodies",
     "capture the message; the peer's encoder is at fault"},
    {"address_invalid", cause::peer,
     "an address is not an absolute URI",
     "check the address the peer uses"},
    {"address_too_long", cause::peer,
     "an address is longer than the limit",
     "shorten the address"},
    {"message_id_invalid", cause::peer,
     "a message id is empty or too long",
     "report it to the maker of the peer"},
    {"fault_malformed", cause::peer,
     "a fault does not have the form SOAP asks for",
     "capture the message; the peer's encoder is at fault"},
    {"fault_too_large", cause::peer,
     "a fault is larger than the limit",
     "raise the fault limit or ask the service for less text"},
    {"fault_received", cause::refused,
     "the service answered with a fault",
     "read the fault's code, reason and detail"},
    {"action_not_supported", cause::refused,
     "the service has no operation for this action",
     "compare the action with the contract of the service"},
    {"destination_unreachable", cause::refused,
     "the service does not accept the address in To",
     "call the service by the address it is configured with"},
    {"access_denied", cause::refused,
     "the service does not let this caller do that",
     "ask for the right, or call as somebody who has it"},
    {"internal_service_fault", cause::refused,
     "the service failed inside",
     "look into the service's log"},
    {"deserialization_failed", cause::refused,
     "the service could not read the body",
     "compare the contract of both sides"},
    {"session_terminated", cause::refused,
     "the service ended the session",
     "open a new session"},
    {"action_empty", cause::local,
     "a message needs an action",
     "set the action"},
};

}  // namespace

const rule_category& category() noexcept {
    static const rule_category instance("nettcp.soap", rules);
    return instance;
}

}  // namespace nettcp::soap
