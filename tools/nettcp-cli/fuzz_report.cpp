#include "fuzz_report.hpp"

#include "console.hpp"

#include <boost/json.hpp>

#include <cerrno>
#include <cstring>

namespace nettcp::cli {
namespace {

namespace json = boost::json;

std::string octet_count(std::size_t count) {
    return std::to_string(count) + (count == 1 ? " octet" : " octets");
}

std::string one_line(std::string text) {
    for (char& c : text) {
        if (static_cast<unsigned char>(c) < 0x20)
            c = ' ';
    }
    return as_utf8(text);
}

/// A script that was not played, as a transcript's entries.
std::vector<fuzzing::wire_entry> entries_of(const fuzzing::script& steps) {
    using fuzzing::step_type;
    using fuzzing::wire_event;
    std::vector<fuzzing::wire_entry> entries;
    double seconds = 0;
    for (const fuzzing::step& one : steps) {
        fuzzing::wire_entry entry;
        if (one.type == step_type::pause)
            seconds += std::chrono::duration<double>(one.time).count();
        if (one.type == step_type::pause || one.type == step_type::await)
            continue;
        entry.seconds = seconds;
        entry.content = one.content;
        if (one.type == step_type::half_close)
            entry.what = wire_event::client_fin;
        else if (one.type == step_type::reset)
            entry.what = wire_event::client_reset;
        entries.push_back(std::move(entry));
    }
    return entries;
}

}  // namespace

std::string write_finding(const report_frame& frame, const finding_report& found) {
    const std::string name = frame.folder + "/" + std::string(to_string(found.what)) + "-" +
                             std::to_string(frame.seed) + "-" + std::to_string(found.case_number) +
                             ".txt";
    std::string text = "# nettcp fuzz " + frame.url + "\n# " + std::string(to_string(found.what)) +
                       ": " + one_line(found.message) + "\n# case " +
                       std::to_string(found.case_number) + " of seed " +
                       std::to_string(frame.seed) + ": " + found.case_text +
                       (found.is_smaller ? ", made smaller" : "") +
                       "\n# <seconds> <connection> C>S|S>C <octets>\n";
    text += fuzzing::transcript_of(found.entries);
    std::FILE* file = std::fopen(name.c_str(), "wb");
    const bool written =
        file != nullptr && std::fwrite(text.data(), 1, text.size(), file) == text.size();
    const bool closed = file != nullptr && std::fclose(file) == 0;
    if (written && closed)
        return name;
    complain("cannot write " + name + ": " + std::strerror(errno));
    return {};
}

void print_finding(const report_frame& frame, const finding_report& found, std::size_t number,
                   const std::string& file) {
    const std::size_t size = fuzzing::octets_of(found.steps).size();
    if (frame.json) {
        print(json::serialize(json::object{{"finding", number},
                                           {"kind", to_string(found.what)},
                                           {"seed", frame.seed},
                                           {"case", found.case_number},
                                           {"what", found.case_text},
                                           {"message", as_utf8(found.message)},
                                           {"reproduced", found.reproduced},
                                           {"tries", found.tries},
                                           {"octets", size},
                                           {"file", as_utf8(file)}}) +
              "\n");
    } else {
        print(for_terminal(
            "finding " + std::to_string(number) + ": " + std::string(to_string(found.what)) +
            "\n    " + one_line(found.message) + "\n    case " + std::to_string(found.case_number) +
            " of seed " + std::to_string(frame.seed) + ": " + found.case_text + "\n    " +
            (found.what == trouble::inconsistent ? std::string("as it was sent the second time")
             : found.reproduced                  ? "happens again with this case alone"
                                                 : "was seen once") +
            (found.is_smaller ? ", made smaller" : "") + ": " + octet_count(size) +
            (file.empty() ? "" : " in " + file) + "\n"));
    }
    flush_output();
}

void print_result(const report_frame& frame, const campaign_result& result,
                  std::uint64_t connections, std::uint64_t hiccups) {
    if (frame.json) {
        print(json::serialize(json::object{{"url", frame.url},
                                           {"seed", frame.seed},
                                           {"cases", result.cases},
                                           {"connections", connections},
                                           {"findings", result.findings},
                                           {"repeated", result.repeated},
                                           {"hiccups", hiccups},
                                           {"endpoint_lost", result.endpoint_lost},
                                           {"seconds", result.seconds}}) +
              "\n");
        return;
    }
    char time[32];
    std::snprintf(time, sizeof time, "%.1f", result.seconds);
    std::string text = std::to_string(result.cases) + " cases of seed " +
                       std::to_string(frame.seed) + " over " + std::to_string(connections) +
                       " connections in " + time + " s: " + std::to_string(result.findings) +
                       (result.findings == 1 ? " finding" : " findings");
    if (result.repeated != 0)
        text += ", seen " + std::to_string(result.repeated) + " more times";
    if (hiccups != 0)
        text += "; " + std::to_string(hiccups) + " healthy conversations had to be tried again";
    text += "\n";
    if (result.endpoint_lost)
        text += "The endpoint did not come back; --restart COMMAND would start it again.\n";
    print(for_terminal(text));
}

void print_case(const report_frame& frame, const fuzzing::fuzz_case& what) {
    if (!frame.json) {
        print("# case " + std::to_string(what.number) + " of seed " + std::to_string(frame.seed) +
              ": " + what.what + "\n" + fuzzing::transcript_of(entries_of(what.steps)));
        return;
    }
    const fuzzing::octets all = fuzzing::octets_of(what.steps);
    print(json::serialize(json::object{{"seed", frame.seed},
                                       {"case", what.number},
                                       {"what", what.what},
                                       {"octets", fuzzing::hex_of(all, all.size())}}) +
          "\n");
}

}  // namespace nettcp::cli
