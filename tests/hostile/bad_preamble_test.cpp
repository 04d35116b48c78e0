#include "hostile/endpoint_kinds.hpp"
#include "support/catch.hpp"
#include "support/hex.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <map>

using namespace hostile;

namespace {

/// A captured attempt on CoreWCF's host: what was sent, piece by piece, and what it answered.
struct attempt {
    std::string name;
    std::string kind;  ///< of the endpoint
    std::vector<std::string> sent;
    std::string answered;
    bool ended_by_host = false;

    /// What was sent at last waits for a handshake with keys of its own, so that only the octets
    /// up to there can be sent again.
    bool secured = false;
};

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
    // They let a streaming client talk to a buffered endpoint; .NET Framework does not.
    {"neg-client-streamed-to-buffered", "fault(UnsupportedMode)"},
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

TEST_CASE("A host answers every captured preamble at least as well as CoreWCF",
          "[threaded][hostile]") {
    const auto attempts = read_attempts();
    CHECK(attempts.size() >= 50);
    const auto kinds = endpoint_kinds();
    attacked_host host([&](nettcp::service_host& made) {
        for (const auto& kind : kinds) {
            if (kind.available())
                kind.add(made);
        }
    });
    std::vector<const attempt*> tried;
    std::map<std::string, int> left_out;
    std::vector<plan> plans;
    for (const attempt& one : attempts) {
        const auto kind = std::ranges::find(kinds, one.kind, &endpoint_kind::path);
        INFO(one.name << " is for an endpoint " << one.kind);
        REQUIRE(kind != kinds.end());
        if (!kind->available()) {
            ++left_out[one.kind];
            continue;
        }
        tried.push_back(&one);
        plans.push_back(replay(one));
    }
    const auto outcomes = send_crowd(host.where, plans);
    for (std::size_t i = 0; i != tried.size(); ++i)
        check_answer(*tried[i], outcomes[i]);
    for (const auto& [kind, count] : left_out)
        WARN("NOT TRIED: " << count << " captured preambles for the endpoint " << kind
                           << ", which our host cannot offer");
    CHECK(tried.size() >= 29);
    CHECK(host.is_idle());
    CHECK(host.serves_others());
}

TEST_CASE("A host that has acknowledged a preamble serves it", "[threaded][hostile]") {
    // What was answered with `ack` above ended with our FIN; here the sessions live.
    attacked_host host;
    std::vector<plan> plans;
    for (const attempt& one : read_attempts()) {
        if (one.kind == "none" && one.answered == "\x0b" && one.sent.size() == 1)
            plans.push_back({{{one.sent.front(), 1}, {"\7", 2}}});
    }
    CHECK(plans.size() >= 8);
    for (const outcome& one : send_crowd(host.where, plans)) {
        CHECK(told(one.answer) == "ack end");
        CHECK(one.end == ending::fin);
    }
}
