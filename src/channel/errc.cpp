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
    {"encoding_unsupported", cause::local,
     "this build cannot read or write the content type",
     "use a binary or a text encoding"},
    {"message_id_reused", cause::peer,
     "two open requests carry the same message id",
     "report it to the maker of the peer"},
    {"initialization_expired", cause::peer,
     "the preamble was not complete in time",
     "check the network and what the peer waits for"},
    {"receive_expired", cause::peer,
     "no message came in time",
     "raise the receive timeout or send more often"},
    {"send_expired", cause::environment,
     "the peer does not take our octets in time",
     "look at the peer: it reads too slowly"},
    {"compressed_malformed", cause::peer,
     "the compressed message is damaged",
     "capture the message; the peer's encoder is at fault"},
    {"decompressed_too_large", cause::peer,
     "the message is larger than the limit once it is decompressed",
     "raise max_message_size (WCF: MaxReceivedMessageSize) on the receiving side"},
    {"charset_mismatch", cause::peer,
     "the text is not in the character set that the preamble named",
     "use the same message encoding on both sides"},
    {"headers_too_large", cause::peer,
     "the headers of a streamed message are larger than the limit",
     "raise session.max_streamed_header_size (WCF: MaxBufferSize) on the receiving side, or have the peer send less of them"},
    {"stream_malformed", cause::peer,
     "the body of the message is not one stream of octets",
     "use the same contract on both sides: a stream is the only content of its element"},
    {"stream_unsupported", cause::local,
     "a stream needs transfer in pieces and plain binary encoding",
     "choose a streamed transfer and the binary encoding, or send the content as one value"},
    {"callbacks_unsupported", cause::local,
     "there is no way back for callbacks in a streamed transfer",
     "choose the buffered transfer for contracts with callbacks"},
};

}  // namespace

const rule_category& category() noexcept {
    static const rule_category instance("nettcp.channel", rules);
    return instance;
}

}  // namespace nettcp::channel
