#pragma once

#include "support/loopback.hpp"

#include <nettcp/channel/duplex_session.hpp>

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace loopback {

/// A host's side of a connection: hears what the client says, and answers or lets others do it.
class acting_host {
public:
    explicit acting_host(int descriptor) : wire(descriptor) {}

    /// Takes what the client has said. It must keep the rules of the session.
    void listen() {
        const std::string heard = wire.receive();
        for (nettcp::bytes_view rest = nettcp::as_bytes(heard); !rest.empty();) {
            if (!session.wants_input())
                return;
            const auto space = session.input_space();
            const std::size_t size = std::min(rest.size(), space.size());
            std::copy_n(rest.begin(), size, space.begin());
            session.received(size);
            rest = rest.subspan(size);
            while (take(session.next_event())) {
            }
        }
    }
    /// Answers all requests that have come.
    void answer() {
        for (const nettcp::uuid& id : std::exchange(ids, {})) {
            nettcp::soap::outgoing_headers headers;
            headers.action = "urn:answer";
            headers.relates_to = nettcp::soap::unique_id_view{id, {}};
            auto& out = session.begin_message(headers);
            out.start_element("Text", "urn:x");
            out.text("answer");
            out.end_element();
            require(session.end_message().has_value());
        }
        flush();
    }
    void flush() {
        while (!session.output().empty()) {
            const std::size_t size = wire.send(session.output());
            if (size == 0)
                return;
            session.output_sent(size);
        }
    }

    connection wire;
    nettcp::channel::duplex_session session{nettcp::channel::role::acceptor, {}};
    std::vector<nettcp::uuid> ids;  ///< of the requests, in the order they came

private:
    bool take(nettcp::channel::event_type what) {
        using nettcp::channel::event_type;
        require(what != event_type::failed);
        if (what == event_type::preamble_addressed)
            session.accept_preamble();
        if (what == event_type::message_arrived) {
            const auto request = session.take_message();
            if (request.headers().message_id)
                ids.push_back(*request.headers().message_id->guid);
        }
        if (what == event_type::peer_ended)
            session.end();
        return what != event_type::none;
    }
};

/// Where octets have a MessageID in binary of the value N, puts the id of request N there, so that
/// octets made beforehand can answer requests.
inline void put_ids(std::string& octets, const std::vector<nettcp::uuid>& ids) {
    constexpr std::size_t wire_order[] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
    const std::string mark = '\xad' + std::string(15, '\0');
    for (auto at = octets.find(mark); at != octets.npos && at + 17 <= octets.size();
         at = octets.find(mark, at + 17)) {
        if (ids.empty())
            return;
        const auto& id = ids[static_cast<unsigned char>(octets[at + 16]) % ids.size()].data;
        for (std::size_t i = 0; i != std::size(wire_order); ++i)
            octets[at + 1 + i] = static_cast<char>(id[wire_order[i]]);
    }
}

}  // namespace loopback
