// Decides what of the captured attempts can be sent again, and which of our answers may differ.
#include "hostile/bad_preambles.hpp"

#include "support/catch.hpp"
#include "support/hex.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <map>

namespace hostile {
namespace {

/// The first part of the path of the address in the preamble.
std::string kind_of(std::string_view octets) {
    const auto at = octets.find("://");
    const auto path = at == octets.npos ? at : octets.find('/', at + 3);
    if (path == octets.npos)
        return "none";
    std::string first(octets.substr(path + 1, octets.find_first_of("/\3\4", path + 1) - path - 1));
    std::ranges::transform(first, first.begin(), [](unsigned char c) { return std::tolower(c); });
    return first == "nope" || first.starts_with("xxx") ? "none" : first;
}

attempt read_attempt(const std::filesystem::path& file) {
    attempt read;
    read.name = file.stem().string();
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        const auto at = std::min(line.find("C>S"), line.find("S>C"));
        if (line.starts_with('#') || at == line.npos)
            continue;
        const std::string digits = line.substr(line.rfind(' ') + 1);
        if (line.find('#') != line.npos) {
            read.ended_by_host |= line.find("S>C") != line.npos && read.answered.empty();
            continue;
        }
        if (line[at] == 'S') {
            read.answered += text_of_hex(digits);
            continue;
        }
        if (read.answered.starts_with('\x0a'))
            read.secured = true;
        else
            read.sent.push_back(text_of_hex(digits));
    }
    if (read.secured)
        read.answered.resize(1);
    read.kind = kind_of(read.sent.front());
    return read;
}

/// Sends each piece when as much has been answered as CoreWCF had by then: an acknowledgement
/// between pieces, which a reset might take along otherwise.
plan replay(const attempt& what) {
    plan made;
    for (const std::string& piece : what.sent)
        made.steps.push_back({piece, 0});
    if (made.steps.size() > 1 && what.answered.starts_with('\x0b'))
        made.steps.front().answer = 1;
    return made;
}

/// Our answers that differ from CoreWCF's, each for a reason.
const std::map<std::string_view, std::string_view> better_answers = {
    // They speak of the endpoint, [MC-NMF] of the mode.
    {"neg-mode-3-on-buffered", "fault(UnsupportedMode)"},
    // They say it once more when the client has ended its side.
    {"neg-client-bad-endpoint", "fault(EndpointNotFound)"},
    // They let clients of either transfer talk to any endpoint; .NET Framework does not.
    {"neg-client-streamed-to-buffered", "fault(UnsupportedMode)"},
    {"neg-client-buffered-to-streamed", "fault(UnsupportedMode)"},
    {"neg-mode-2-on-streamed", "fault(UnsupportedMode)"},
};

void check_answer(const attempt& what, const outcome& ours) {
    const std::string answer = told(ours.answer);
    const std::string theirs = told(what.answered);
    CAPTURE(what.name, answer, theirs);
    CHECK(ours.end != ending::nothing);
    if (const auto better = better_answers.find(what.name); better != better_answers.end())
        CHECK(answer == better->second);
    else if (!theirs.empty())
        CHECK(answer.substr(0, theirs.size()) == theirs);
    else if (!answer.empty())
        CHECK(answer.starts_with("fault("));  // they reset without a word
    if (answer.ends_with(")"))
        CHECK(ours.end == ending::fin);  // so that the fault is not lost to a reset
}

}  // namespace

std::vector<attempt> read_attempts() {
    std::vector<attempt> all;
    for (const auto& file : std::filesystem::directory_iterator("tests/captures/bad-preambles")) {
        const std::string name = file.path().filename().string();
        if (name.ends_with(".txt") && !name.ends_with(".xml.txt"))
            all.push_back(read_attempt(file.path()));
    }
    std::ranges::sort(all, {}, &attempt::name);
    return all;
}

void add_endpoints(nettcp::service_host& host, const std::vector<endpoint_kind>& kinds) {
    attacked_host::add_echo_service(host);
    for (const endpoint_kind& kind : kinds) {
        if (kind.path == "none")
            continue;
        nettcp::endpoint_options options = kind.options;
        options.any_port = true;
        host.add_endpoint("/" + std::string(kind.path) + "/echo",
                          nettcp::interop::make_echo_service(host.get_executor()), options);
    }
}

std::size_t check_captured_preambles(const std::vector<endpoint_kind>& kinds) {
    attacked_host host([&](nettcp::service_host& made) { add_endpoints(made, kinds); });
    std::vector<attempt> tried = read_attempts();
    std::erase_if(tried, [&](const attempt& one) {
        return std::ranges::find(kinds, one.kind, &endpoint_kind::path) == kinds.end();
    });
    std::vector<plan> plans;
    for (const attempt& one : tried)
        plans.push_back(replay(one));
    const auto outcomes = send_crowd(host.where, plans);
    for (std::size_t i = 0; i != tried.size(); ++i)
        check_answer(tried[i], outcomes[i]);
    CHECK(host.is_idle());
    CHECK(host.serves_others());
    return tried.size();
}

}  // namespace hostile
