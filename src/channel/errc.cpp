// Generated from proto/channel/errors.table by tools/protogen.py. Do not edit.
// clang-format off
#include <nettcp/channel/errc.hpp>

namespace nettcp::channel {
namespace {

// The row of value n stands at index n - 1.
constexpr rule_text rules[] = {
    {"session_faulted", cause::local,
     "the session has failed before",
     "open a new session; the first failure tells why"},
    {"session_closed", cause::local,
     "the session is closed",
     "open a new session"},
    {"session_not_open", cause::local,
     "the session is not open yet",
     "wait until open has completed"},
    {"peer_closed", cause::peer,
     "the peer closed the session before answering",
     "look into the service's log; it may have thrown"},
    {"message_too_large", cause::peer,
     "a message from the peer is larger than the limit",
     "raise the message size limit"},
    {"message_undecodable", cause::peer,
     "a message cannot be decoded with the session's encoding",
     "use the same message encoding on both sides"},
    {"compression_invalid", cause::peer,
     "a compressed message cannot be unpacked",
     "capture the message; the peer's encoder is at fault"},
    {"encoding_unsupported", cause::local,
     "this build cannot read or write the content type",
     "use a binary encoding"},
    {"reply_unexpected", cause::peer,
     "a reply to no request of ours",
     "a late reply after a timeout looks like this; otherwise capture the messages"},
    {"request_not_expected", cause::peer,
     "the peer sent a request to a side that serves none",
     "add a callback handler or call another service"},
    {"message_id_reused", cause::peer,
     "two open requests carry the same message id",
     "report it to the maker of the peer"},
    {"pending_replies_exceeded", cause::local,
     "more requests wait for replies than the limit",
     "wait for replies, or raise the limit"},
    {"pending_requests_exceeded", cause::peer,
     "the peer has more requests open than the limit",
     "raise the limit or have the peer wait for replies"},
    {"output_full", cause::local,
     "more octets wait to be sent than the limit",
     "wait for sends to complete, or raise the limit"},
    {"message_larger_than_peer", cause::local,
     "the message is larger than the limit for sending",
     "raise the limit on both sides or send less"},
    {"initialization_expired", cause::peer,
     "the preamble was not complete in time",
     "check the network and what the peer waits for"},
    {"receive_expired", cause::peer,
     "no message came in time",
     "raise the receive timeout or send more often"},
    {"send_expired", cause::environment,
     "the peer does not take our octets in time",
     "look at the peer: it reads too slowly"},
    {"close_expired", cause::peer,
     "the peer did not close in time",
     "look at the peer: an operation may still be running"},
    {"upgrade_expired", cause::peer,
     "the upgrade was not complete in time",
     "check the security configuration of both sides"},
};

}  // namespace

const rule_category& category() noexcept {
    static const rule_category instance("nettcp.channel", rules);
    return instance;
}

}  // namespace nettcp::channel
