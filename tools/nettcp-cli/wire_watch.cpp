#include "console.hpp"
#include "finding_text.hpp"
#include "wire_watch.hpp"

#include <chrono>
#include <cstdio>
#include <optional>
#include <stdexcept>

namespace nettcp::cli {

struct wire_watch::state {
    std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();
    std::FILE* file = nullptr;
    std::optional<inspect::conversation> shown;
    bool failed = false;

    void saw(direction way, bytes_view octets) {
        inspect::transcript_line line;
        line.seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
        line.direction = way == direction::sent ? inspect::direction::client_to_server
                                                : inspect::direction::server_to_client;
        line.octets.assign(octets.begin(), octets.end());
        if (file != nullptr) {
            std::string text;
            append_transcript_line(text, line);
            failed |= std::fwrite(text.data(), 1, text.size(), file) != text.size();
        }
        if (shown)
            shown->add(line);
    }
};

wire_watch::wire_watch(const watch_choices& choices, const std::string& title)
    : state_(std::make_unique<state>()) {
    if (choices.show) {
        inspect::conversation_options options;
        options.indent = !choices.json;
        const bool colours = !choices.json && wants_colours(stderr);
        state_->shown.emplace(
            1,
            [json = choices.json, colours](const inspect::finding& found) {
                print_error(json ? json_line(found) : human_text(found, colours));
            },
            options);
    }
    if (choices.record.empty())
        return;
    state_->file = std::fopen(choices.record.c_str(), "wb");
    if (state_->file == nullptr)
        throw std::runtime_error("cannot write " + choices.record);
    std::string comment = "# " + title + "\n# <seconds> <connection> C>S|S>C <octets>\n";
    std::fputs(comment.c_str(), state_->file);
}

wire_watch::~wire_watch() {
    if (state_->file != nullptr)
        std::fclose(state_->file);
}

octet_tap wire_watch::tap() {
    if (state_->file == nullptr && !state_->shown)
        return {};
    return
        [watched = state_.get()](direction way, bytes_view octets) { watched->saw(way, octets); };
}

bool wire_watch::finish() {
    if (state_->shown)
        state_->shown->finish();
    if (state_->file != nullptr) {
        state_->failed |= std::fclose(state_->file) != 0;
        state_->file = nullptr;
    }
    return !state_->failed;
}

}  // namespace nettcp::cli
