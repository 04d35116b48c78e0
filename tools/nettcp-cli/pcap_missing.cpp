// Stands in for pcap_capture.cpp where libpcap was not there when this was built.
#include "console.hpp"
#include "pcap_input.hpp"

namespace nettcp::cli {
namespace {

capture_end refuse(const std::string& name) {
    complain("cannot read " + name +
             ": this nettcp was built without libpcap (Debian: libpcap0.8-dev)");
    return {};
}

}  // namespace

capture_end read_capture(const std::string& name, std::string_view, const capture_sinks&) {
    return refuse(name);
}

capture_end listen(const live_options& live, const capture_sinks&) {
    return refuse("from " + live.device);
}

}  // namespace nettcp::cli
