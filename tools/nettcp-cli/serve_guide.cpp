// Decides how to tell people what is hosted: in WCF's words for those who bring a WCF client, and
// in options of `nettcp call` for all others.
#include "serve_guide.hpp"

#include <algorithm>

namespace nettcp::cli {
namespace {

using security::protection_level;

/// The first encoding that is taken; these endpoints take one.
framing::encoding encoding_of(const endpoint_options& binding) {
    for (std::uint8_t octet = 0;; ++octet) {
        const auto encoding = framing::encoding_from_octet(octet);
        if (!encoding || binding.encodings.contains(*encoding))
            return encoding.value_or(framing::encoding::binary_session);
    }
}

std::string_view level_name(protection_level level) {
    if (level == protection_level::none)
        return "None";
    return level == protection_level::sign ? "Sign" : "EncryptAndSign";
}

/// What NetTcpBinding calls it.
std::string binding_words(const endpoint_options& binding) {
    std::string text;
    if (const auto* tls = std::get_if<security::tls_service>(&binding.security)) {
        text = "Transport, ";
        text += tls->require_client_certificate ? "Certificate" : "None";
    } else if (const auto* windows = std::get_if<security::windows_service>(&binding.security)) {
        text = "Transport, Windows, " + std::string(level_name(windows->protection));
    } else {
        text = "None";
    }
    const framing::encoding encoding = encoding_of(binding);
    if (encoding != framing::encoding::binary_session)
        text += ", " + std::string(framing::content_type(encoding));
    return text;
}

/// What `nettcp call` must be told.
std::string call_options(const endpoint_options& binding) {
    std::string text;
    if (const auto* tls = std::get_if<security::tls_service>(&binding.security)) {
        text = " --security tls --ca FILE";
        text += tls->require_client_certificate ? " --cert FILE --key FILE" : "";
    } else if (const auto* windows = std::get_if<security::windows_service>(&binding.security)) {
        text = " --security windows";
        if (!windows->spn.empty())
            text += " --spn " + windows->spn;
        if (windows->protection == protection_level::none)
            text += " --protection none";
        if (!windows->allow_kerberos)
            text += " --allow-ntlm";
    }
    const framing::encoding encoding = encoding_of(binding);
    if (encoding != framing::encoding::binary_session)
        text += " --encoding " + std::string(to_string(encoding));
    return text;
}

/// The address that somebody on this machine would use: names fit SPNs and certificates.
std::string local_address(const std::string& address) {
    for (const std::string_view ip : {"127.0.0.1", "0.0.0.0", "[::1]", "[::]"}) {
        const std::string start = "net.tcp://" + std::string(ip) + ":";
        if (address.starts_with(start))
            return "net.tcp://localhost:" + address.substr(start.size());
    }
    return address;
}

std::string padded(std::string text, std::size_t width) {
    text.resize(std::max(text.size(), width) + 2, ' ');
    return text;
}

std::string example_call(const std::string& url, const endpoint_options& binding) {
    return "Try it:\n  nettcp call " + url + call_options(binding) +
           " \\\n      --action http://peers.test/svc/IEcho/Echo \\\n"
           "      --body '<Echo xmlns=\"http://peers.test/svc\"><text>hi</text></Echo>'\n"
           "Ctrl+C ends the host, after the calls in progress.\n";
}

}  // namespace

std::string ready_line(const std::string& address, const std::string& modes) {
    return "READY " + address + " modes=" + modes + "\n";
}

std::string guide_to_modes(const std::string& address, const std::vector<bound_mode>& modes) {
    const std::string local = local_address(address);
    std::size_t address_width = 0;
    std::size_t binding_width = 0;
    for (const bound_mode& mode : modes) {
        address_width = std::max(address_width, local.size() + 1 + mode.name.size());
        binding_width = std::max(binding_width, binding_words(mode.binding).size());
    }
    std::string text = "\n" + padded("address", address_width) +
                       padded("SecurityMode, ...", binding_width) + "options of nettcp call\n";
    for (const bound_mode& mode : modes) {
        std::string line = padded(local + "/" + mode.name, address_width) +
                           padded(binding_words(mode.binding), binding_width);
        const std::string options = call_options(mode.binding);
        line += options.empty() ? "" : options.substr(1);
        line.resize(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    text +=
        "\nBelow each are /echo (IEcho), /chat (IChat, which calls back) and /stream (IStreaming), "
        "in\n"
        "namespace http://peers.test/svc. Streamed transfers have -streamed, -streamedrequest or\n"
        "-streamedresponse behind the mode: " +
        local + "/" + modes.front().name + "-streamed/stream\n\n";
    return text + example_call(local + "/" + modes.front().name + "/echo", modes.front().binding);
}

std::string guide_to_endpoint(const std::string& address, const std::string& path,
                              const endpoint_options& binding) {
    const std::string url = local_address(address) + path;
    return "\n" + url +
           "\n  is IEcho; below it are /chat (IChat, which calls back) and /stream (IStreaming),\n"
           "  in namespace http://peers.test/svc. SecurityMode " +
           binding_words(binding) + "; buffered and streamed transfers.\n\n" +
           example_call(url, binding);
}

}  // namespace nettcp::cli
