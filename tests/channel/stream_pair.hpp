#pragma once

// Two sides of a session of mode singleton_unsized, joined in memory, of which one reads streams.

#include <channel/pair.hpp>
#include <support/catch.hpp>

#include <deque>
#include <vector>

namespace nettcp::channel {

inline std::vector<std::byte> pattern(std::size_t size) {
    std::vector<std::byte> made(size);
    for (std::size_t i = 0; i != size; ++i)
        made[i] = static_cast<std::byte>(i * 7 + 3);
    return made;
}

inline session_options limits(std::uint32_t message, std::uint64_t streamed = 0) {
    session_options options;
    options.framing.max_message_size = message;
    options.framing.max_streamed_size = streamed;
    return options;
}

/// An initiator and an acceptor whose owner reads bodies as streams.
struct stream_pair {
    explicit stream_pair(const session_options& options = {}, std::size_t step_size = 65536)
        : client(role::initiator, options), host(role::acceptor, options), step(step_size) {
        host.offer_streams(true);
    }

    void open() {
        REQUIRE(
            client.open(some_via, encoding, {}, {}, framing::mode::singleton_unsized).has_value());
        run();
        REQUIRE(client.is_open());
        REQUIRE(host.is_open());
    }

    /// Moves octets to the host as far as it wants them, and to the client.
    void run() {
        for (bool moved = true; moved;) {
            const auto more = take_output(client);
            waiting.insert(waiting.end(), more.begin(), more.end());
            const std::size_t before = waiting.size();
            tell_host();
            while (!waiting.empty() && host.wants_input()) {
                const auto space = host.input_space();
                const std::size_t size = std::min({step, waiting.size(), space.size()});
                std::copy_n(waiting.begin(), size, space.begin());
                host.received(size);
                waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(size));
                tell_host();
            }
            const auto back = take_output(host);
            feed(client, back, [&](event_type what) {
                client_events.push_back(what);
                if (what == event_type::message_arrived)
                    client_messages.push_back(client.take_message());
            });
            moved = before != waiting.size() || !back.empty();
        }
    }

    void tell_host() {
        for (event_type what = host.next_event(); what != event_type::none;
             what = host.next_event()) {
            host_events.push_back(what);
            if (what == event_type::preamble_addressed)
                host.accept_preamble({framing::encoding::binary_session, encoding}, {},
                                     modes::either);
            if (what == event_type::message_begun) {
                begun = host.take_message();
                if (wants_stream)
                    host.stream_body();
            }
            if (what == event_type::message_arrived)
                arrived = host.take_message();
            if (what == event_type::body_arrived && reads)
                read();
        }
    }

    void read() {
        std::byte room[1000];
        for (;;) {
            const auto size = host.read_stream(room);
            REQUIRE(size.has_value());
            if (*size == 0)
                return;
            content.insert(content.end(), room, room + *size);
        }
    }

    void begin_upload() {
        nbfx::writer& out = client.begin_stream({.action = "urn:up"_dict, .to = some_via});
        out.start_element("", "Upload"_dict, "urn:echo"_dict);
        out.start_element("", "data"_dict, "urn:echo"_dict);
        REQUIRE(client.start_stream().has_value());
    }

    duplex_session client;
    duplex_session host;
    std::size_t step;
    std::vector<std::byte> waiting;  ///< on its way to the host
    std::vector<event_type> host_events, client_events;
    std::deque<message> client_messages;
    message begun, arrived;
    std::vector<std::byte> content;
    framing::encoding encoding = framing::encoding::binary;
    bool wants_stream = true;
    bool reads = true;
};

inline bool has(const std::vector<event_type>& events, event_type what) {
    return std::ranges::find(events, what) != events.end();
}

}  // namespace nettcp::channel
