// Decides how long a soak goes on, which hosts come and go meanwhile, and what must be level at the
// end of each phase.
#include "load/choices.hpp"
#include "load/parts.hpp"
#include "load/processes.hpp"
#include "load/soak_actor.hpp"
#include "load/test_certificate.hpp"
#include "load/texts.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <optional>
#include <thread>

namespace load {
namespace {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

/// Beyond the length of any deadline, all must have come to an end.
constexpr auto patience = 3min;

std::string spn() {
    const char* const keytab = std::getenv("KRB5_KTNAME");
    return keytab != nullptr && *keytab != '\0' ? "host/localhost" : "";
}

/// A context that some threads run.
class running_context {
public:
    explicit running_context(unsigned long threads) : context_(static_cast<int>(threads)) {
        for (unsigned long i = 0; i != threads; ++i)
            threads_.emplace_back([this] { context_.run(); });
    }
    running_context(const running_context&) = delete;
    running_context& operator=(const running_context&) = delete;
    ~running_context() { stop(); }
    void stop() {
        context_.stop();
        for (std::thread& each : std::exchange(threads_, {}))
            each.join();
    }
    asio::io_context& get() noexcept { return context_; }

private:
    asio::io_context context_;
    asio::executor_work_guard<asio::io_context::executor_type> work_{context_.get_executor()};
    asio::steady_timer unused_{context_};  // so that the context has its descriptors from now on
    std::vector<std::thread> threads_;
};

/// One host that stays, one that comes and goes, and their clients.
class soak {
public:
    explicit soak(const choices& chosen);
    ~soak() {
        if (context_)
            context_->stop();  // before the actors go
    }

    void run();

private:
    void phase(clock::duration length);
    void restart_fleeting();
    void measure();
    void must_be_level() const;
    holding held_by_host();

    const std::chrono::seconds length_;
    const unsigned long threads_;
    test_certificate certificate_;
    const credentials credentials_{certificate_.file(), spn()};
    ledger seen_;
    soak_book book_{seen_};
    std::vector<std::string> arguments_;
    std::optional<host_process> steady_, fleeting_;
    std::shared_ptr<nettcp::connection_pool> pool_ = std::make_shared<nettcp::connection_pool>();
    std::optional<running_context> context_;
    std::vector<asio::any_io_executor> strands_;
    std::vector<std::unique_ptr<soak_actor>> actors_;
    unsigned restarts_ = 0;
    std::vector<std::pair<holding, holding>> held_;  ///< by the clients' process and the host
};

soak::soak(const choices& chosen)
    : length_(chosen.number(60)),
      threads_(chosen.number("threads", 2)),
      arguments_{"--threads", std::to_string(threads_), "--sessions", "4000", "--ledger",
                 seen_.path()} {
    if (!credentials_.certificate.empty())
        arguments_.insert(arguments_.end(), {"--certificate", credentials_.certificate});
    if (!credentials_.spn.empty())
        arguments_.insert(arguments_.end(), {"--spn", credentials_.spn});
    std::printf("limits of the hosts: max_connections, max_pending_connections and "
                "max_concurrent_calls 4000, listen_backlog 4096\n");
    fleeting_.emplace(arguments_);
    auto strict = arguments_;
    strict.insert(strict.end(), {"--strict", "1"});
    steady_.emplace(strict);
    arguments_.insert(arguments_.end(), {"--port", std::to_string(fleeting_->port())});

    context_.emplace(threads_);
    const auto modes = security_modes(credentials_);
    const auto count = static_cast<std::uint32_t>(chosen.number("clients", 48));
    for (std::uint32_t i = 0; i != count; ++i) {
        soak_part part{.number = i, .mode = modes[i % modes.size()]};
        const std::uint32_t rest = i / static_cast<std::uint32_t>(modes.size());
        part.streamed = rest % 3 == 2;
        part.may_fail = rest / 3 % 2 == 1;
        part.port = part.may_fail ? fleeting_->port() : steady_->port();
        if (rest % 3 == 1)
            part.pool = pool_;
        strands_.push_back(asio::make_strand(context_->get()));
        actors_.push_back(std::make_unique<soak_actor>(strands_.back(), std::move(part), book_,
                                                       chosen.number("seed", 1)));
    }
    std::printf("%u clients, %zu ways to secure a session, %lu threads in each process\n", count,
                modes.size(), threads_);
}

void soak::phase(clock::duration length) {
    const auto end = clock::now() + length;
    book_.over = false;
    std::vector<std::future<void>> actors;
    for (std::size_t i = 0; i != actors_.size(); ++i)
        actors.push_back(asio::co_spawn(strands_[i], actors_[i]->run(), asio::use_future));
    for (auto next = clock::now() + 1500ms; clock::now() < end; next += 1500ms) {
        std::this_thread::sleep_until(std::min(next, end));
        if (clock::now() < end)
            restart_fleeting();
        book_.must_be_right();
    }
    book_.over = true;
    for (auto& each : actors) {
        must(each.wait_until(end + patience) == std::future_status::ready, "a client hangs");
        each.get();
    }
    while (book_.under_way != 0) {
        must(clock::now() < end + patience, "an operation has not ended");
        std::this_thread::sleep_for(10ms);
    }
    book_.must_be_right();
    must(seen_.wrong() == 0, "messages came twice, or not in their order");
}

/// Killed as often as stopped well.
void soak::restart_fleeting() {
    if (++restarts_ % 2 == 0)
        fleeting_->stop();
    else
        fleeting_->kill();
    fleeting_.emplace(arguments_);
}

/// Asks through the pool, so that what the pool needs for itself is there from the beginning.
holding soak::held_by_host() {
    nettcp::client asking{nettcp::endpoint_address(steady_->uri()), {.pool = pool_}};
    nettcp::reply answer = asking.call("urn:held", text_body(""));
    holding held;
    std::sscanf(text_of(answer.message()).c_str(), "%zu %zu %zu", &held.resident, &held.heap,
                &held.descriptors);
    asking.close();
    pool_->clear();
    return held;
}

/// What is held when no client is there; as many descriptors as at first, after a while.
void soak::measure() {
    std::pair<holding, holding> now;
    now.second = held_by_host();
    now.first = now_held();
    const auto is_level = [&] {
        return held_.empty() || (now.first.descriptors <= held_[0].first.descriptors &&
                                 now.second.descriptors <= held_[0].second.descriptors);
    };
    for (const auto begun = clock::now(); !is_level() && clock::now() < begun + 20s;
         now = {now_held(), held_by_host()})
        std::this_thread::sleep_for(100ms);
    std::printf("%s\n  clients: %s\n  host: %s\n", book_.figures().c_str(),
                to_text(now.first).c_str(), to_text(now.second).c_str());
    must(is_level(), "descriptors got lost");
    held_.push_back(now);
}

/// The last third of the phases may not have left more than the first has.
void soak::must_be_level() const {
    if (is_sanitized)  // which looks for leaks itself, when processes end
        return;
    const std::size_t third = std::max<std::size_t>((held_.size() - 1) / 3, 1);
    const auto level = [&](auto side, std::size_t holding::* what, std::size_t slack,
                           const char* which) {
        std::size_t before = 0, after = ~std::size_t{0};
        for (std::size_t i = 0; i != third; ++i) {
            before = std::max(before, held_[1 + i].*side.*what);
            after = std::min(after, held_[held_.size() - 1 - i].*side.*what);
        }
        must(after <= before + slack, std::string(which) +
                                          " grow without end: " + std::to_string(before) +
                                          ", later " + std::to_string(after));
    };
    using pair = std::pair<holding, holding>;
    // malloc counts what it keeps for each thread as given out: some hundred KiB that fill slowly.
    level(&pair::first, &holding::heap, 2u << 20, "what clients have malloc'd");
    level(&pair::second, &holding::heap, 2u << 20, "what the host has malloc'd");
    level(&pair::first, &holding::resident, 8u << 20, "the clients' memory");
    level(&pair::second, &holding::resident, 8u << 20, "the host's memory");
}

void soak::run() {
    const auto length = std::clamp<std::chrono::milliseconds>(length_ / 6, 500ms, 60s);
    const auto end = clock::now() + length_;
    measure();
    while (held_.size() < 3 || clock::now() + length / 2 < end) {
        phase(length);
        measure();
    }
    must_be_level();
    std::printf("the other host was restarted %u times; its clients met:\n%s", restarts_,
                book_.failures().c_str());
    for (const auto what :
         {soak_book::calls, soak_book::notes, soak_book::callbacks, soak_book::uploads,
          soak_book::downloads, soak_book::cancelled, soak_book::given_up, soak_book::aborted})
        must(book_.of(what) != 0, "not everything was tried");
    steady_->stop();
    fleeting_->stop();
}

}  // namespace

void run_soak(const choices& chosen) {
    soak(chosen).run();
}

}  // namespace load
