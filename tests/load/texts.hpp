#pragma once

#include <nettcp/channel/message.hpp>
#include <nettcp/nbfx/writer.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

namespace load {

/// A body with one text.
inline auto text_body(std::string text) {
    return [text = std::move(text)](nettcp::nbfx::writer& out) {
        using namespace nettcp::nbfx::literals;
        out.start_element("Text"_dict, "urn:load"_dict);
        out.text(text);
        out.end_element();
    };
}

/// Around a body that is a stream: start tags only.
inline void stream_body(nettcp::nbfx::writer& out) {
    out.start_element("Stream", "urn:load");
}

inline std::string text_of(nettcp::channel::message& from) {
    return from.body().read_element_text();
}

/// What does not hold ends the run.
inline void must(bool holds, std::string_view what) {
    if (!holds)
        throw std::runtime_error(std::string(what));
}

}  // namespace load
