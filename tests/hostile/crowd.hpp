#pragma once

// Many hostile clients at a time from one thread, so that thousands of cases take seconds.

#include <nettcp/base/bytes.hpp>
#include <nettcp/service/service_host.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace hostile {

/// How a client leaves when it has said everything.
enum class leaving { fin, reset };

/// How the host ended the connection; `left` when the client did not wait for that.
enum class ending { fin, reset, left, nothing };

/// Some octets to send, and how many octets of answer must be there before the client goes on.
struct step {
    std::string octets;
    std::size_t answer = 0;
};

/// What one client does.
struct plan {
    std::vector<step> steps;
    leaving how = leaving::fin;
};

/// What became of it. `nothing` as an ending: the host let it wait until patience was over.
struct outcome {
    std::string answer;
    ending end = ending::nothing;
};

/// Carries out all plans, some dozens at a time. A client waits ten seconds for the host in all.
/// The host's octets are read as they come.
std::vector<outcome> send_crowd(const nettcp::listening_address& where,
                                const std::vector<plan>& plans);

/// One client that says this at once and leaves with a FIN.
outcome send_one(const nettcp::listening_address& where, std::string octets);

/// The octets of hex digits as text.
std::string text_of_hex(std::string_view digits);

/// `net.tcp` sizes: seven bits an octet.
std::string size_octets(std::uint32_t size);

/// Version, mode 2, via, encoding 8, end of preamble.
std::string preamble(std::string_view via, char mode = 2, std::string_view encoding = {"\3\x08"});

/// A sized envelope around a payload.
std::string sized(std::string_view payload);

/// What a host said, record by record: `ack envelope end fault(EndpointNotFound)`, and `!` in front
/// of what is no record of an acceptor's.
std::string told(std::string_view answer);

}  // namespace hostile
