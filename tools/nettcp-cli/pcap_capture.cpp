// The only file that includes libpcap: it reads capture files and listens on interfaces. What the
// packets mean is decided by inspect::traffic.
#include "console.hpp"
#include "pcap_input.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <memory>

#include <pcap/pcap.h>
#include <poll.h>

namespace nettcp::cli {
namespace {

struct close_pcap {
    void operator()(pcap_t* opened) const noexcept { pcap_close(opened); }
};
using pcap_ptr = std::unique_ptr<pcap_t, close_pcap>;

/// How long to wait for packets before looking at the clock and for signals.
constexpr std::chrono::milliseconds look_around{100};

/// The traffic that a capture's packets go to; nothing, after a complaint, if its link type is none
/// that is read here.
std::optional<inspect::traffic> traffic_of(pcap_t* source, const std::string& name,
                                           const capture_sinks& sinks) {
    const int number = pcap_datalink(source);
    const auto link = inspect::link_type_from_number(number);
    if (!link) {
        const char* known = pcap_datalink_val_to_description(number);
        complain("cannot read " + name + ": its link type is not decoded here: " +
                 (known != nullptr ? known : std::to_string(number)));
        return std::nullopt;
    }
    return std::optional<inspect::traffic>(std::in_place, *link, sinks.found, sinks.opened,
                                           sinks.options);
}

/// Gives packets to `traffic` with times that a double holds to the nanosecond, as it does not for
/// those since 1970.
class packet_feed {
public:
    packet_feed(pcap_t* source, inspect::traffic to)
        : to_(std::move(to)),
          fraction_(pcap_get_tstamp_precision(source) == PCAP_TSTAMP_PRECISION_NANO ? 1e-9 : 1e-6) {
    }

    void add(const pcap_pkthdr& header, const u_char* octets) {
        if (!first_)
            first_ = header.ts.tv_sec;
        to_.add(as_bytes({reinterpret_cast<const char*>(octets), header.caplen}), header.len,
                static_cast<double>(header.ts.tv_sec - *first_) +
                    static_cast<double>(header.ts.tv_usec) * fraction_);
    }

    inspect::traffic& traffic() noexcept { return to_; }

private:
    inspect::traffic to_;
    double fraction_;
    std::optional<decltype(timeval::tv_sec)> first_;
};

volatile std::sig_atomic_t is_interrupted = 0;

void interrupt(int) {
    is_interrupted = 1;
}

void end_on_signals() {
    struct sigaction action{};
    action.sa_handler = interrupt;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

pcap_ptr open_interface(const std::string& name) {
    char problem[PCAP_ERRBUF_SIZE] = "";
    pcap_ptr source(pcap_create(name.c_str(), problem));
    if (!source) {
        complain("cannot listen on " + name + ": " + problem);
        return nullptr;
    }
    pcap_set_snaplen(source.get(), 262144);
    pcap_set_timeout(source.get(), static_cast<int>(look_around.count()));
    pcap_set_buffer_size(source.get(), 16 << 20);
    pcap_set_tstamp_precision(source.get(), PCAP_TSTAMP_PRECISION_NANO);
    const int failed = pcap_activate(source.get());
    if (failed >= 0 && pcap_setnonblock(source.get(), 1, problem) == 0)
        return source;
    std::string why = failed >= 0 ? problem : pcap_statustostr(failed);
    const std::string more = pcap_geterr(source.get());
    if (failed < 0 && !more.empty() && more != why)
        why += ": " + more;
    if (failed == PCAP_ERROR_PERM_DENIED)
        why += " (listening needs root, or CAP_NET_RAW)";
    complain("cannot listen on " + name + ": " + why);
    return nullptr;
}

/// Takes in what has come. Says whether the source can go on.
bool take_packets(pcap_t* source, packet_feed& feed, const live_options& live, capture_end& ended) {
    pcap_pkthdr* header = nullptr;
    const u_char* octets = nullptr;
    int got = 0;
    while ((got = pcap_next_ex(source, &header, &octets)) == 1) {
        feed.add(*header, octets);
        if (live.packets && feed.traffic().counts().chosen >= *live.packets)
            return false;
        if (is_interrupted != 0)
            return false;
    }
    if (got == 0)
        return true;
    ended.damage = std::string("listening ended: ") + pcap_geterr(source);
    return false;
}

}  // namespace

capture_end read_capture(const std::string& name, std::string_view content,
                         const capture_sinks& sinks) {
    capture_end ended;
    char problem[PCAP_ERRBUF_SIZE] = "";
    // fmemopen does not write to a stream that it opens for reading.
    std::FILE* file = ::fmemopen(const_cast<char*>(content.data()), content.size(), "rb");
    if (file == nullptr) {
        complain("cannot read " + name + ": " + std::strerror(errno));
        return ended;
    }
    const pcap_ptr source(
        pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, problem));
    if (!source) {
        std::fclose(file);
        complain("cannot read " + name + ": " + problem);
        return ended;
    }
    auto traffic = traffic_of(source.get(), name, sinks);
    if (!traffic)
        return ended;
    ended.could_open = true;
    packet_feed feed(source.get(), std::move(*traffic));
    pcap_pkthdr* header = nullptr;
    const u_char* octets = nullptr;
    int got = 0;
    while ((got = pcap_next_ex(source.get(), &header, &octets)) == 1)
        feed.add(*header, octets);
    if (got == PCAP_ERROR)
        ended.damage = std::string("the capture is damaged: ") + pcap_geterr(source.get());
    feed.traffic().finish();
    ended.counts = feed.traffic().counts();
    return ended;
}

capture_end listen(const live_options& live, const capture_sinks& sinks) {
    using clock = std::chrono::steady_clock;
    capture_end ended;
    const pcap_ptr source = open_interface(live.device);
    if (!source)
        return ended;
    auto traffic = traffic_of(source.get(), live.device, sinks);
    if (!traffic)
        return ended;
    ended.could_open = true;
    end_on_signals();
    complain("listening on " + live.device);
    packet_feed feed(source.get(), std::move(*traffic));
    const auto began = clock::now();
    while (take_packets(source.get(), feed, live, ended) && flush_output() && is_interrupted == 0 &&
           (!live.duration || clock::now() - began < *live.duration)) {
        pollfd wanted{pcap_get_selectable_fd(source.get()), POLLIN, 0};
        ::poll(&wanted, 1, static_cast<int>(look_around.count()));
    }
    feed.traffic().finish();
    ended.counts = feed.traffic().counts();
    pcap_stat lost{};
    if (pcap_stats(source.get(), &lost) == 0 && lost.ps_drop != 0)
        complain(std::to_string(lost.ps_drop) + " packets came too fast and were lost");
    return ended;
}

}  // namespace nettcp::cli
