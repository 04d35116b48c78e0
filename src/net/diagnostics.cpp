// Decides how a failure reads: what we were doing, which rule broke and where, what the peer and
// the system said about it, whose fault it is, and what to try.
#include <nettcp/net/diagnostics.hpp>

#include <nettcp/base/rule_category.hpp>
#include <nettcp/base/utf8.hpp>

#include <boost/system/errc.hpp>

namespace nettcp {
namespace {

std::string_view what_we_did(stage value) noexcept {
    switch (value) {
    case stage::none: return "Failed";
    case stage::resolve: return "Could not look up the host of";
    case stage::connect: return "Could not connect to";
    case stage::preamble: return "Could not open a session with";
    case stage::upgrade: return "Could not secure the connection to";
    case stage::authenticate: return "Could not prove who is who with";
    case stage::open: return "Could not get a session with";
    case stage::send: return "Could not send to";
    case stage::receive: return "Could not get an answer from";
    case stage::close: return "Could not end the session properly with";
    }
    return "Failed";
}

std::string_view whose_fault(cause whose) noexcept {
    switch (whose) {
    case cause::peer: return "The fault lies with the other side.";
    case cause::local: return "The reason is on this side.";
    case cause::environment: return "";
    case cause::refused: return "The other side has understood the request and refused it.";
    }
    return "";
}

void append_place(std::string& out, const diagnostics& known) {
    if (known.at == 0 && known.got == 0 && known.limit == 0)
        return;
    out += " (at octet " + std::to_string(known.at) +
           value_in_words({known.code, known.at, known.got, known.limit}) + ')';
}

void append_sentence(std::string& out, std::string_view start, std::string_view clause) {
    if (clause.empty())
        return;
    out += ' ';
    out += start;
    out += clause;
    out += '.';
}

}  // namespace

void diagnostics::clear() noexcept {
    stage = nettcp::stage::none;
    code.clear();
    provider.clear();
    provider_said.clear();
    at = 0;
    got = 0;
    limit = 0;
    endpoint.clear();
    peer.clear();
    peer_said.clear();
    path.clear();
}

void diagnostics::set(const error& failure) noexcept {
    code = failure.code;
    at = failure.at;
    got = failure.got;
    limit = failure.limit;
}

cause diagnostics::blame() const noexcept {
    for (const cause whose : {cause::peer, cause::local, cause::refused}) {
        if (code == whose)
            return whose;
    }
    return cause::environment;
}

std::string_view diagnostics::hint() const noexcept {
    if (code == make_error_condition(boost::system::errc::operation_canceled))
        return "nothing to do: the operation was cancelled, or its client was destroyed";
    return hint_of(code);
}

std::string diagnostics::message() const {
    if (!code)
        return "Nothing went wrong.";
    std::string out(what_we_did(stage));
    if (!endpoint.empty()) {
        out += out == "Failed" ? " with " : " ";
        out += endpoint;
    }
    out += ": ";
    out += code.message();
    if (!path.empty())
        out.append(", in ").append(path);
    append_place(out, *this);
    out += '.';
    if (provider) {
        out += " The system says";
        if (!peer.empty())
            out += " about " + peer;
        out += ": " + provider.message() + '.';
    }
    if (!provider_said.empty())
        out += " The library behind it says: \"" + provider_said + "\".";
    if (!peer_said.empty())
        out += " The peer said: \"" + peer_said + "\".";
    if (const auto sentence = whose_fault(blame()); !sentence.empty()) {
        out += ' ';
        out += sentence;
    }
    append_sentence(out, "What to try: ", hint());
    return out;
}

}  // namespace nettcp
