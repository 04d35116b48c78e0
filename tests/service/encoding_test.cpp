// A client of every encoding against an endpoint of every encoding.

#include "service/test_service.hpp"
#include "support/catch.hpp"
#include "support/encodings.hpp"

#include <nettcp/client/client.hpp>

#include <algorithm>

using namespace raw;
using nettcp::framing::encoding;

namespace {

/// What the two sides call the encodings alike.
encoding said(encoding value) {
    return value == encoding::soap11_utf16be   ? encoding::soap11_utf16
           : value == encoding::soap12_utf16be ? encoding::soap12_utf16
                                               : value;
}

/// What comes back, or why nothing does.
std::string answer_of(std::uint16_t port, encoding ours, encoding theirs,
                      nettcp::transfer_mode transfer) {
    nettcp::client_options options;
    options.encoding = ours;
    options.transfer = transfer;
    nettcp::client caller("net.tcp://127.0.0.1:" + std::to_string(port) + "/" +
                              std::string(to_string(theirs)),
                          options);
    try {
        auto answer = caller.call("urn:echo", text_body("hello"));
        return text_of(answer.message());
    } catch (const std::exception& why) {
        return why.what();
    }
}

bool holds(std::string_view text, std::string_view part) {
    return text.find(part) != text.npos;
}

/// What a host says when it refuses this encoding: what was asked for, and what would do.
std::string log_line(encoding spoken, encoding taken) {
    const bool has_parts = spoken == encoding::mtom || spoken == encoding::mtom_soap11;
    // MTOM is named with a boundary that is another each time.
    std::string line = has_parts ? "It asks for \"multipart/related; " : "It asks for \"";
    switch (spoken) {
    case encoding::soap11_utf16: line += "text/xml; charset=utf-16LE"; break;
    case encoding::soap11_utf16be: line += "text/xml; charset=utf-16BE"; break;
    case encoding::soap12_utf16: line += "application/soap+xml; charset=utf-16LE"; break;
    case encoding::soap12_utf16be: line += "application/soap+xml; charset=utf-16BE"; break;
    case encoding::mtom:
    case encoding::mtom_soap11: return line;
    default: line += content_type(spoken);
    }
    return line + "\"; the endpoint takes " + std::string(to_string(said(taken)));
}

}  // namespace

TEST_CASE("A client and an endpoint of two encodings say so in words, on both sides",
          "[threaded]") {
    running_host host;
    for (const encoding theirs : nettcp::all_encodings)
        host.host.add_endpoint("/" + std::string(to_string(theirs)), echo_service(),
                               {.encodings = theirs, .transfer = nettcp::transfer_mode::any});
    int refused = 0;
    for (const auto transfer : {nettcp::transfer_mode::buffered, nettcp::transfer_mode::streamed}) {
        for (const encoding ours : nettcp::all_encodings) {
            for (const encoding theirs : nettcp::all_encodings) {
                CAPTURE(to_string(ours), to_string(theirs), static_cast<int>(transfer));
                const std::string answer = answer_of(host.where.port, ours, theirs, transfer);
                const bool is_streamed = transfer == nettcp::transfer_mode::streamed;
                const bool fits = is_streamed ? said(nettcp::channel::without_session(ours)) ==
                                                    said(nettcp::channel::without_session(theirs))
                                              : said(ours) == said(theirs);
                if (fits) {
                    CHECK(answer == "hello");
                    continue;
                }
                ++refused;
                INFO(answer);
                CHECK(holds(answer, "the peer has no encoder for our content type"));
                CHECK(holds(answer, "use the same message encoding on both sides"));
                const encoding spoken = is_streamed ? nettcp::channel::without_session(ours) : ours;
                CHECK(host.logged(log_line(spoken, theirs)));
            }
        }
    }
    CHECK(refused > 300);
}
