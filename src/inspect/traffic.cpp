// Decides which connections are net.tcp, who is the client, and when a connection is over and the
// next one on the same ports begins.
#include <nettcp/inspect/traffic.hpp>

#include <nettcp/inspect/preamble_sign.hpp>

#include <algorithm>
#include <list>

namespace nettcp::inspect {
namespace {

/// What a service said may have been captured before the client's preamble.
constexpr std::size_t max_waiting = 4096;

/// Both ends, the lower one first.
using connection_key = std::pair<tcp_endpoint, tcp_endpoint>;

/// What one end of a connection sent.
struct half {
    explicit half(const tcp_stream_limits& limits) : stream(limits) {}

    tcp_stream stream;
    bool from_start = false;  ///< nothing is missing from its first octet on
    /// Octets that were not given to the conversation, since the preamble has not been seen.
    std::vector<std::byte> waiting;
};

struct connection {
    explicit connection(const tcp_stream_limits& limits) : halves{half(limits), half(limits)} {}

    std::array<half, 2> halves;  ///< of the lower end, of the higher end
    std::optional<std::size_t> client;  ///< which half, once it is known
    std::optional<inspect::conversation> talk;
    std::uint32_t number = 0;  ///< of the conversation
    bool is_closed = false;  ///< kept to know late segments by
    std::list<connection_key>::iterator age;
};

}  // namespace

struct traffic::state {
    state(link_type l, sink to, connection_sink tell, traffic_options chosen)
        : link(l), out(std::move(to)), opened(std::move(tell)), options(std::move(chosen)) {}

    void add_segment(const tcp_segment& segment, double seconds);
    connection* find(const connection_key& key, const tcp_segment& segment, std::size_t side);
    bool is_chosen(const connection_key& key) const noexcept;
    void take(const connection_key& key, connection& c, std::size_t side, const tcp_piece& piece);
    void look_for_preamble(const connection_key& key, connection& c, std::size_t side,
                           const tcp_piece& piece);
    void open(const connection_key& key, connection& c, std::size_t client);
    void say(connection& c, std::size_t side, const tcp_piece& piece);
    void leave(connection& c, std::size_t side, const tcp_piece& piece);
    void end_talk(connection& c);
    void keep_within_limits(const connection_key& key, connection& c, std::size_t side);
    void close(const connection_key& key, connection& c);

    template <class Work>
    void change(const connection_key& key, connection& c, std::size_t side, Work work);

    link_type link;
    sink out;
    connection_sink opened;
    traffic_options options;
    traffic_counts counts;
    std::map<connection_key, connection> connections;
    std::list<connection_key> ages;  ///< unheard of for longest first
    std::size_t held = 0;
    std::size_t talk_held = 0;  ///< by all conversations
    std::optional<double> began;
};

/// Lets `work` do something to a stream, with a sink for what comes out of it.
template <class Work>
void traffic::state::change(const connection_key& key, connection& c, std::size_t side, Work work) {
    tcp_stream& stream = c.halves[side].stream;
    held -= stream.held_octets();
    work(stream, [&](const tcp_piece& piece) { take(key, c, side, piece); });
    held += stream.held_octets();
}

void traffic::state::add_segment(const tcp_segment& segment, double seconds) {
    const std::size_t side = segment.to < segment.from ? 1 : 0;
    connection_key key{segment.from, segment.to};
    if (side == 1)
        std::swap(key.first, key.second);
    if (!is_chosen(key))
        return;
    ++counts.chosen;
    connection* found = find(key, segment, side);
    if (found == nullptr || found->is_closed)
        return;
    connection& c = *found;
    half& speaker = c.halves[side];
    if (segment.syn && !speaker.stream.is_started()) {
        speaker.stream.start(segment.sequence + 1);
        speaker.from_start = true;
    }
    if (segment.size != 0 || segment.fin) {
        change(key, c, side, [&](tcp_stream& stream, const tcp_stream::sink& to) {
            stream.add(segment, seconds, to);
        });
        keep_within_limits(key, c, side);
    }
    // A reset that comes too early, in a capture out of order or by a forger, ends nothing.
    const bool is_reset = segment.rst && speaker.stream.is_next(segment.sequence);
    if (is_reset || (c.halves[0].stream.has_ended() && c.halves[1].stream.has_ended()))
        close(key, c);
}

bool traffic::state::is_chosen(const connection_key& key) const noexcept {
    const auto chosen = [this](const tcp_endpoint& end) {
        return std::ranges::find(options.ports, end.port) != options.ports.end();
    };
    return options.ports.empty() || chosen(key.first) || chosen(key.second);
}

/// The connection that a segment belongs to; null when it says nothing about one.
connection* traffic::state::find(const connection_key& key, const tcp_segment& segment,
                                 std::size_t side) {
    auto found = connections.find(key);
    if (found != connections.end()) {
        connection& c = found->second;
        const tcp_stream& stream = c.halves[side].stream;
        const bool is_new = segment.syn && !stream.starts_at(segment.sequence + 1) &&
                            (stream.is_started() || c.is_closed);
        ages.splice(ages.end(), ages, c.age);
        if (!is_new)
            return &c;
        close(key, c);
        ages.erase(c.age);
        connections.erase(found);
    } else if (!segment.syn && segment.size == 0) {
        return nullptr;
    }
    if (connections.size() >= std::max<std::size_t>(options.max_connections, 1)) {
        const connection_key oldest = ages.front();
        close(oldest, connections.at(oldest));
        connections.erase(oldest);
        ages.pop_front();
    }
    connection& c = connections.try_emplace(key, options.stream).first->second;
    c.age = ages.insert(ages.end(), key);
    return &c;
}

void traffic::state::take(const connection_key& key, connection& c, std::size_t side,
                          const tcp_piece& piece) {
    if (c.is_closed)
        return;
    if (!c.talk && !options.ports.empty()) {
        const auto is_service = [this](const tcp_endpoint& end) {
            return std::ranges::find(options.ports, end.port) != options.ports.end();
        };
        if (is_service(key.first) != is_service(key.second))
            open(key, c, is_service(key.second) ? 0 : 1);
    }
    if (c.talk)
        say(c, side, piece);
    else
        look_for_preamble(key, c, side, piece);
}

void traffic::state::look_for_preamble(const connection_key& key, connection& c, std::size_t side,
                                       const tcp_piece& piece) {
    half& speaker = c.halves[side];
    if (piece.missing != 0) {
        speaker.waiting.clear();
        speaker.from_start = false;
        return;
    }
    const std::size_t waited = speaker.waiting.size();
    const bool is_short =
        waited < preamble_sign_size && find_preamble(speaker.waiting) == preamble_sign::maybe;
    if (is_short) {  // it may have come in pieces
        const auto more =
            piece.octets.first(std::min(piece.octets.size(), preamble_sign_size - waited));
        speaker.waiting.insert(speaker.waiting.end(), more.begin(), more.end());
    }
    const bool joined = is_short && find_preamble(speaker.waiting) == preamble_sign::yes;
    if (joined || find_preamble(piece.octets) == preamble_sign::yes) {
        speaker.waiting.resize(joined ? waited : 0);
        const std::vector<std::byte> before = std::exchange(speaker.waiting, {});
        open(key, c, side);
        say(c, side, {before, 0, piece.seconds});
        say(c, side, piece);
        half& other = c.halves[1 - side];
        if (other.from_start && speaker.from_start)
            say(c, 1 - side, {std::exchange(other.waiting, {}), 0, piece.seconds});
        return;
    }
    speaker.waiting.resize(waited);
    const bool goes_on = is_short && find_preamble(speaker.waiting) == preamble_sign::maybe;
    if (!goes_on && !speaker.from_start)
        speaker.waiting.clear();
    speaker.waiting.insert(speaker.waiting.end(), piece.octets.begin(), piece.octets.end());
    if (speaker.waiting.size() > max_waiting) {
        speaker.waiting.clear();
        speaker.from_start = false;
    }
}

void traffic::state::open(const connection_key& key, connection& c, std::size_t client) {
    const std::uint32_t number = c.number = ++counts.conversations;
    c.client = client;
    if (opened) {
        if (client == 0)
            opened(number, key.first, key.second);
        else
            opened(number, key.second, key.first);
    }
    c.talk.emplace(number, [this](finding f) { out(std::move(f)); }, options.conversation);
}

void traffic::state::say(connection& c, std::size_t side, const tcp_piece& piece) {
    if (!c.talk)  // just left
        return;
    const direction from =
        side == *c.client ? direction::client_to_server : direction::server_to_client;
    talk_held -= c.talk->held_octets();
    if (piece.missing != 0)
        c.talk->miss(from, piece.missing, piece.seconds);
    else
        c.talk->add(from, piece.octets, false, piece.seconds);
    talk_held += c.talk->held_octets();
    if (talk_held > options.max_conversation_octets)
        leave(c, side, piece);
}

void traffic::state::keep_within_limits(const connection_key& key, connection& c,
                                        std::size_t side) {
    bool is_holding = true;
    while (held > options.max_held_octets && is_holding) {
        change(key, c, side, [&](tcp_stream& stream, const tcp_stream::sink& to) {
            is_holding = stream.skip_hole(to);
        });
    }
}

/// Reports what is left of a connection, and keeps no more than what late segments are known by.
void traffic::state::close(const connection_key& key, connection& c) {
    for (const std::size_t side : {std::size_t{0}, std::size_t{1}}) {
        change(key, c, side,
               [](tcp_stream& stream, const tcp_stream::sink& to) { stream.flush(to); });
        c.halves[side].waiting = {};
    }
    end_talk(c);
    c.is_closed = true;
}

void traffic::state::end_talk(connection& c) {
    if (!c.talk)
        return;
    talk_held -= c.talk->held_octets();
    c.talk->finish();
    c.talk.reset();
}

/// Says no more of a conversation, since it keeps too much.
void traffic::state::leave(connection& c, std::size_t side, const tcp_piece& piece) {
    talk_held -= c.talk->held_octets();
    c.talk.reset();
    c.is_closed = true;
    finding why;
    why.connection = c.number;
    why.direction = side == *c.client ? direction::client_to_server : direction::server_to_client;
    why.seconds = piece.seconds;
    why.message = "the rest is left out: more is unfinished than may be kept";
    out(std::move(why));
}

traffic::traffic(link_type link, sink out, connection_sink opened, traffic_options options)
    : state_(std::make_unique<state>(link, std::move(out), std::move(opened), std::move(options))) {
}
traffic::traffic(traffic&&) noexcept = default;
traffic& traffic::operator=(traffic&&) noexcept = default;
traffic::~traffic() = default;

void traffic::add(bytes_view captured, std::uint64_t sent_size, double seconds) {
    state& s = *state_;
    if (!s.began)
        s.began = seconds;
    ++s.counts.packets;
    tcp_segment segment;
    switch (read_packet(s.link, captured, sent_size, segment)) {
    case packet_kind::tcp:
        ++s.counts.segments;
        s.add_segment(segment, seconds - *s.began);
        return;
    case packet_kind::other: return;
    case packet_kind::fragment: ++s.counts.fragments; return;
    case packet_kind::cut: ++s.counts.cut; return;
    case packet_kind::damaged: ++s.counts.damaged; return;
    }
}

void traffic::finish() {
    state& s = *state_;
    for (const connection_key& key : s.ages)  // in the order in which they fell silent
        s.close(key, s.connections.at(key));
}

const traffic_counts& traffic::counts() const noexcept {
    return state_->counts;
}

std::size_t traffic::held_octets() const noexcept {
    return state_->held;
}

}  // namespace nettcp::inspect
