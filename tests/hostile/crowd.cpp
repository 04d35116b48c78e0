// Decides how hostile clients are driven: non-blocking sockets behind one poll(), as many at a time
// as keep both sides busy.
#include "hostile/crowd.hpp"

#include "support/hex.hpp"

#include <nettcp/framing/fault_code.hpp>
#include <nettcp/framing/record_decoder.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <stdexcept>

namespace hostile {
namespace {

using clock = std::chrono::steady_clock;

constexpr std::size_t crowd_size = 64;
constexpr auto patience = std::chrono::seconds(10);

class member {
public:
    member(const nettcp::listening_address& where, const plan& does, outcome& becomes)
        : plan_(&does), outcome_(&becomes) {
        descriptor_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        if (descriptor_ < 0)
            throw std::runtime_error("no more sockets");
        const int on = 1;
        setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(where.port);
        inet_pton(AF_INET, where.ip.c_str(), &address.sin_addr);
        if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) !=
                0 &&
            errno != EINPROGRESS)
            throw std::runtime_error("cannot connect");
    }
    member(const member&) = delete;
    member& operator=(const member&) = delete;
    ~member() { close(); }

    bool done() const { return descriptor_ < 0; }
    pollfd wants() const {
        const bool writes = !may_read_only();
        return {descriptor_, static_cast<short>(writes ? POLLIN | POLLOUT : POLLIN), 0};
    }
    void go_on(short ready) {
        if ((ready & (POLLIN | POLLHUP | POLLERR)) != 0)
            receive();
        if (!done() && (ready & POLLOUT) != 0)
            send();
        if (!done() && clock::now() - since_ > patience)
            close();
    }

private:
    bool all_said() const { return at_ == plan_->steps.size(); }
    bool waits_for_answer() const {
        return at_ != 0 && outcome_->answer.size() < plan_->steps[at_ - 1].answer;
    }
    bool may_read_only() const { return left_ || (waits_for_answer() && sent_ == 0); }

    void send() {
        while (!waits_for_answer() && !all_said()) {
            const std::string& out = plan_->steps[at_].octets;
            const ssize_t size =
                ::send(descriptor_, out.data() + sent_, out.size() - sent_, MSG_NOSIGNAL);
            if (size < 0 && errno != EAGAIN)
                deaf_ = true;  // what the host said before is still to be read
            if (size < 0 && !deaf_)
                return;
            sent_ += size > 0 ? static_cast<std::size_t>(size) : out.size() - sent_;
            if (sent_ == out.size()) {
                ++at_;
                sent_ = 0;
            }
        }
        if (all_said() && !waits_for_answer())
            leave();
    }
    void leave() {
        left_ = true;
        if (plan_->how == leaving::fin) {
            ::shutdown(descriptor_, SHUT_WR);
            return;
        }
        const linger now{1, 0};
        setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        outcome_->end = ending::left;
        close();
    }
    void receive() {
        std::array<char, 8192> some;
        for (;;) {
            const ssize_t size = ::recv(descriptor_, some.data(), some.size(), 0);
            if (size > 0) {
                outcome_->answer.append(some.data(), static_cast<std::size_t>(size));
                continue;
            }
            if (size < 0 && errno == EAGAIN)
                return;
            outcome_->end = size == 0 ? ending::fin : ending::reset;
            close();
            return;
        }
    }
    void close() {
        if (descriptor_ >= 0)
            ::close(std::exchange(descriptor_, -1));
    }

    const plan* plan_;
    outcome* outcome_;
    int descriptor_ = -1;
    std::size_t at_ = 0;
    std::size_t sent_ = 0;
    bool left_ = false;
    bool deaf_ = false;
    clock::time_point since_ = clock::now();
};

}  // namespace

std::vector<outcome> send_crowd(const nettcp::listening_address& where,
                                const std::vector<plan>& plans) {
    std::vector<outcome> outcomes(plans.size());
    std::vector<std::unique_ptr<member>> crowd;
    std::size_t next = 0;
    while (next != plans.size() || !crowd.empty()) {
        while (next != plans.size() && crowd.size() < crowd_size) {
            crowd.push_back(std::make_unique<member>(where, plans[next], outcomes[next]));
            ++next;
        }
        std::vector<pollfd> waits;
        for (const auto& one : crowd)
            waits.push_back(one->wants());
        ::poll(waits.data(), waits.size(), 100);
        for (std::size_t i = 0; i != crowd.size(); ++i)
            crowd[i]->go_on(waits[i].revents);
        std::erase_if(crowd, [](const auto& one) { return one->done(); });
    }
    return outcomes;
}

outcome send_one(const nettcp::listening_address& where, std::string octets) {
    return send_crowd(where, {{{{std::move(octets)}}}}).front();
}

std::string text_of_hex(std::string_view digits) {
    const auto octets = nettcp::hex(digits);
    return std::string(nettcp::as_text(octets));
}

std::string size_octets(std::uint32_t size) {
    std::string out;
    for (; size > 0x7f; size >>= 7)
        out += static_cast<char>((size & 0x7f) | 0x80);
    return out + static_cast<char>(size);
}

std::string preamble(std::string_view via, char mode, std::string_view encoding) {
    std::string out("\0\1\0\1", 4);
    out.append(1, mode).append(1, '\2');
    out.append(size_octets(static_cast<std::uint32_t>(via.size()))).append(via);
    return out.append(encoding) + '\x0c';
}

std::string sized(std::string_view payload) {
    return '\6' + size_octets(static_cast<std::uint32_t>(payload.size())) + std::string(payload);
}

std::string told(std::string_view answer) {
    using nettcp::framing::record_type;
    nettcp::framing::record_decoder decoder({.max_message_size = 16u << 20});
    std::string out;
    nettcp::bytes_view rest = nettcp::as_bytes(answer);
    while (!rest.empty()) {
        const auto part = decoder.next(rest);
        out += out.empty() ? "" : " ";
        if (!part)
            return out + "!" + part.error().code.message();
        switch (nettcp::framing::type_of(part->record)) {
        case record_type::preamble_ack: out += "ack"; break;
        case record_type::upgrade_response: out += "upgrade"; break;
        case record_type::sized_envelope: out += "envelope"; break;
        case record_type::end: out += "end"; break;
        case record_type::fault: {
            const auto uri = std::get<nettcp::framing::fault_record>(part->record).uri;
            out.append("fault(").append(uri.substr(uri.rfind('/') + 1)).append(")");
            break;
        }
        default: out.append("!").append(to_string(type_of(part->record))); break;
        }
        rest = rest.subspan(part->size);
    }
    return out;
}

}  // namespace hostile
