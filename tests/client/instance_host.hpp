#pragma once

#include "service/test_service.hpp"

#include <nettcp/calls/typed_call.hpp>
#include <nettcp/client/client.hpp>
#include <nettcp/client/typed_call.hpp>
#include <nettcp/service/service_of.hpp>

#include <boost/asio/use_future.hpp>

#include <atomic>
#include <mutex>
#include <stdexcept>

namespace instances {

using boost::asio::awaitable;
using boost::asio::use_future;
using nettcp::concurrency_mode;
using nettcp::incoming_call;
using nettcp::instance_mode;
using nettcp::service_of;

inline constexpr nettcp::contract::service_contract i_desk{"IDesk", "urn:desk"};
inline constexpr nettcp::contract::operation<std::int32_t()> count{i_desk, "Count"};
inline constexpr nettcp::contract::operation<std::int32_t(std::int32_t)> enter{
    i_desk, "Enter", {"number"}};
inline constexpr nettcp::contract::operation<void(std::int32_t)> note{
    i_desk, "Note", {"number"}, {.one_way = true}};
inline constexpr nettcp::contract::operation<std::string(std::string)> ask_back{
    i_desk, "AskBack", {"question"}};
inline constexpr nettcp::contract::operation<std::string(std::string)> ask{
    i_desk, "Ask", {"question"}};

/// What all desks write down, whoever makes them.
struct book {
    std::atomic<int> made = 0;
    std::atomic<int> gone = 0;
    std::atomic<int> inside = 0;
    std::atomic<int> most_inside = 0;
    std::atomic<bool> open = true;  ///< those who enter wait for it
    std::atomic<bool> broken = false;  ///< desks cannot be made

    void add(int number) {
        const std::lock_guard lock(guard_);
        numbers_.push_back(number);
    }
    std::vector<int> numbers() {
        const std::lock_guard lock(guard_);
        return numbers_;
    }
    bool reached(std::size_t size) {
        return raw::running_host::eventually([&] { return numbers().size() >= size; });
    }

private:
    std::mutex guard_;
    std::vector<int> numbers_;
};

/// The user's class.
class desk {
public:
    explicit desk(book& all) : all_(all) {
        if (all.broken)
            throw std::runtime_error("no wood for a desk");
        ++all.made;
    }
    desk(const desk&) = delete;
    desk& operator=(const desk&) = delete;
    ~desk() { ++all_.gone; }

    std::int32_t count() { return ++count_; }

    /// Writes the number down, and is inside for a while.
    awaitable<std::int32_t> enter(std::int32_t number) {
        const visit now(all_);
        all_.add(number);
        boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
        do {
            timer.expires_after(std::chrono::milliseconds(2));
            co_await timer.async_wait(boost::asio::use_awaitable);
        } while (!all_.open);
        co_return number;
    }

    std::int32_t work(std::int32_t number) {
        const visit now(all_);
        all_.add(number);
        const auto start = std::chrono::steady_clock::now();
        while (!all_.open && std::chrono::steady_clock::now() - start < std::chrono::seconds(10))
            usleep(1000);
        usleep(2000);
        return number;
    }

    void note(std::int32_t number) { all_.add(number); }

    awaitable<std::string> ask_back(incoming_call& call, std::string question) {
        {
            const visit before(all_);
            ++count_;
        }
        auto answer = co_await nettcp::async_call(call.callback(), ask(std::move(question)));
        const visit after(all_);
        boost::asio::steady_timer timer(call.get_executor(), std::chrono::milliseconds(2));
        co_await timer.async_wait(boost::asio::use_awaitable);
        co_return answer.value() + ", " + std::to_string(count_);
    }

private:
    struct visit {
        explicit visit(book& b) : all(b) {
            const int now = ++all.inside;
            int most = all.most_inside;
            while (now > most && !all.most_inside.compare_exchange_weak(most, now)) {
            }
        }
        visit(const visit&) = delete;
        visit& operator=(const visit&) = delete;
        ~visit() { --all.inside; }
        book& all;
    };

    book& all_;
    std::int32_t count_ = 0;
};

inline service_of<desk> desks(book& all, instance_mode instance,
                              concurrency_mode concurrency = concurrency_mode::single) {
    service_of<desk> made({.instance = instance, .concurrency = concurrency},
                          [&all] { return std::make_unique<desk>(all); });
    made.serve(count, &desk::count)
        .serve(enter, &desk::enter)
        .serve(note, &desk::note)
        .serve(ask_back, &desk::ask_back);
    return made;
}

/// A client of a host's usual endpoint.
inline nettcp::client client_of(const raw::running_host& host,
                                nettcp::client_options options = {}) {
    options.via = nettcp::endpoint_address(
        "net.tcp://127.0.0.1:" + std::to_string(host.where.port) + "/test");
    return nettcp::client(nettcp::endpoint_address(raw::via), std::move(options));
}

template <class Call>
auto begin(nettcp::client& c, Call request) {
    return nettcp::async_call(c, std::move(request), use_future);
}

}  // namespace instances
