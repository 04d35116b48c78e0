// Generated from proto/base/errors.table by tools/protogen.py. Do not edit.
// clang-format off
#include <nettcp/base/errc.hpp>

namespace nettcp {
namespace {

// The row of value n stands at index n - 1.
constexpr rule_text rules[] = {
    {"truncated", cause::peer,
     "the octets end inside a value",
     "wait for more octets; if the peer closed, look there for the reason"},
    {"size_overflow", cause::peer,
     "a size does not fit in 31 bits",
     "capture the octets: the peer does not speak this protocol or is out of step"},
    {"utf8_invalid", cause::peer,
     "text is not valid UTF-8",
     "check how the peer encodes its text"},
    {"limit_exceeded", cause::peer,
     "a number from the peer exceeds a limit",
     "raise the limit if the peer is trusted and the size is expected"},
    {"invalid_argument", cause::local,
     "an argument is outside its documented range",
     "correct the calling code"},
    {"invalid_state", cause::local,
     "the object cannot do this in its present state",
     "correct the order of the calls"},
    {"text_invalid", cause::peer,
     "a text is not a value of its type",
     "compare the contract of both sides"},
    {"value_out_of_range", cause::peer,
     "a value does not fit its type",
     "compare the contract of both sides"},
};

}  // namespace

const rule_category& base_category() noexcept {
    static const rule_category instance("nettcp.base", rules);
    return instance;
}

}  // namespace nettcp
