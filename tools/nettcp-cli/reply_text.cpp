#include "console.hpp"
#include "reply_text.hpp"

#include <nettcp/nbfx/errc.hpp>
#include <nettcp/xml/nbfx_to_text.hpp>

#include <boost/json.hpp>

namespace nettcp::cli {
namespace {

namespace json = boost::json;

/// The elements at the reader's position, up to the end of the element around them.
result<void> append_elements(nbfx::reader& in, bool indent, std::string& out) {
    xml::text_options options;
    options.layout = indent ? xml::layout::indented : xml::layout::compact;
    options.unwritable = xml::unwritable::replace;
    for (;;) {
        const nbfx::node where = in.move_to_content();
        if (where == nbfx::node::failed)
            return in.failure();
        if (where == nbfx::node::element) {
            if (auto written = xml::nbfx_to_text(in, out, options); !written)
                return written;
            if (indent && !out.ends_with('\n'))
                out += '\n';
            continue;
        }
        if (where != nbfx::node::text)
            return {};
        in.fail(nbfx::errc::element_unexpected);  // SOAP bodies hold elements
    }
}

struct fault_content {
    soap::fault fault;
    std::string detail;
};

result<fault_content> read_fault(reply& answer, bool indent) {
    auto fault = answer.fault();
    if (!fault)
        return fault.error();
    fault_content content;
    content.fault = std::move(*fault);
    if (nbfx::reader* detail = answer.fault_detail()) {
        detail->next();
        if (auto read = append_elements(*detail, indent, content.detail); !read)
            return read.error();
    }
    return content;
}

result<std::string> read_body(reply& answer, bool indent) {
    std::string text;
    if (auto read = append_elements(answer.body(), indent, text); !read)
        return read.error();
    if (auto ended = answer.message().read_end(); !ended)
        return ended.error();
    return text;
}

answer_text unreadable(const error& failure, bool is_fault) {
    return {.text = {}, .is_fault = is_fault, .readable = false, .failure = failure};
}

std::string lines_indented(std::string_view text, std::string_view by) {
    std::string out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        out += by;
        out += text.substr(0, end);
        out += '\n';
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

std::string human_fault(const fault_content& content, std::string_view action) {
    std::string out = "fault: " + std::string(content.fault.reason()) + "\n";
    for (std::size_t i = 1; i < content.fault.reasons.size(); ++i)
        out += "  reason (" + content.fault.reasons[i].lang +
               "): " + content.fault.reasons[i].text + "\n";
    bool outermost = true;
    for (const soap::qname& code : content.fault.codes) {
        out += std::string(outermost ? "  code: " : "  subcode: ") + code.local;
        if (!code.ns.empty())
            out += " (" + code.ns + ")";
        out += "\n";
        outermost = false;
    }
    if (!action.empty())
        out += "  action: " + std::string(action) + "\n";
    if (!content.fault.node.empty())
        out += "  node: " + content.fault.node + "\n";
    if (!content.fault.role.empty())
        out += "  role: " + content.fault.role + "\n";
    if (!content.detail.empty())
        out += "  detail:\n" + lines_indented(content.detail, "    ");
    return out;
}

json::object json_fault(const fault_content& content) {
    json::array codes;
    for (const soap::qname& code : content.fault.codes)
        codes.push_back(json::object{{"name", as_utf8(code.local)}, {"ns", as_utf8(code.ns)}});
    json::array reasons;
    for (const soap::reason_text& reason : content.fault.reasons)
        reasons.push_back(
            json::object{{"lang", as_utf8(reason.lang)}, {"text", as_utf8(reason.text)}});
    json::object fault{{"codes", std::move(codes)}, {"reasons", std::move(reasons)}};
    if (!content.fault.node.empty())
        fault["node"] = as_utf8(content.fault.node);
    if (!content.fault.role.empty())
        fault["role"] = as_utf8(content.fault.role);
    if (!content.detail.empty())
        fault["detail"] = as_utf8(content.detail);
    return fault;
}

}  // namespace

answer_text human_answer(reply& answer) {
    if (answer.is_fault()) {
        const auto content = read_fault(answer, true);
        if (!content)
            return unreadable(content.error(), true);
        return {.text = for_terminal(human_fault(*content, answer.headers().action)),
                .is_fault = true};
    }
    const auto body = read_body(answer, true);
    if (!body)
        return unreadable(body.error(), false);
    return {.text = for_terminal(*body)};
}

answer_text json_answer(reply& answer, std::uint64_t number) {
    json::object line{{"call", number}, {"action", as_utf8(answer.headers().action)}};
    const bool is_fault = answer.is_fault();
    if (is_fault) {
        const auto content = read_fault(answer, false);
        if (!content)
            return unreadable(content.error(), true);
        line["fault"] = json_fault(*content);
    } else {
        const auto body = read_body(answer, false);
        if (!body)
            return unreadable(body.error(), false);
        line["xml"] = as_utf8(*body);
    }
    return {.text = json::serialize(line) + "\n", .is_fault = is_fault};
}

std::string json_failure(const diagnostics& why, std::uint64_t number) {
    json::object failure{{"message", as_utf8(why.message())},
                         {"stage", to_string(why.stage)},
                         {"rule", as_utf8(why.code.message())},
                         {"category", why.code.category().name()},
                         {"code", why.code.value()}};
    if (why.at != 0)
        failure["offset"] = why.at;
    if (!why.peer.empty())
        failure["peer"] = as_utf8(why.peer);
    if (!why.peer_said.empty())
        failure["peer_said"] = as_utf8(why.peer_said);
    return json::serialize(json::object{{"call", number}, {"error", std::move(failure)}}) + "\n";
}

std::string json_sent(std::uint64_t number) {
    return json::serialize(json::object{{"call", number}, {"sent", true}}) + "\n";
}

}  // namespace nettcp::cli
