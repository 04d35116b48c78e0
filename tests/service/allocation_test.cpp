#include "support/allocation_count.hpp"
#include "support/catch.hpp"

#include <nettcp/client/client.hpp>
#include <nettcp/service/service_host.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <new>
#include <optional>
#include <string>

namespace asio = boost::asio;
using namespace nettcp::nbfx::literals;

namespace {

constexpr std::string_view action = "http://peers.test/svc/IEcho/Echo";
constexpr auto contract = "http://peers.test/svc"_dict;

void answer(nettcp::incoming_call& call) {
    call.body().move_to_content();
    const std::string text = call.body().read_element_text();
    call.end_body();
    call.reply([&](nettcp::nbfx::writer& out) {
        out.start_element("EchoResponse"_dict, contract);
        out.text(text);
        out.end_element();
    });
}

void write_body(nettcp::nbfx::writer& out) {
    out.start_element("Echo"_dict, contract);
    out.text("hello");
    out.end_element();
}

constexpr int warm_up = 4000;
constexpr int counted = 4000;

/// A client and a host in one thread: what is allocated from the first counted call on, on both
/// sides together. Calls are kept in flight until all have been made.
class echo_pair {
public:
    explicit echo_pair(bool coroutines_answer) : host_(context_.get_executor()) {
        nettcp::service operations;
        if (coroutines_answer) {
            operations.on(action, [](nettcp::incoming_call& call) -> asio::awaitable<void> {
                answer(call);
                co_return;
            });
        } else {
            operations.on(action, answer);
        }
        host_.add_endpoint("/echo", std::move(operations));
        const auto where = host_.listen("127.0.0.1", 0);
        client_.emplace(context_.get_executor(),
                        "net.tcp://127.0.0.1:" + std::to_string(where.port) + "/echo");
    }

    std::size_t allocations_with_callbacks(int in_flight) {
        running_ = in_flight;
        for (int i = 0; i != in_flight; ++i)
            call();
        context_.run();
        return grown_;
    }

    std::size_t allocations_in_coroutines(int in_flight) {
        running_ = in_flight;
        for (int i = 0; i != in_flight; ++i)
            asio::co_spawn(context_, calls(), [](std::exception_ptr failed) {
                if (failed)
                    std::rethrow_exception(failed);
            });
        context_.run();
        return grown_;
    }

private:
    void call() {
        client_->async_call(action, write_body,
                            [this](const boost::system::error_code& code, nettcp::reply reply) {
                                REQUIRE_FALSE(code);
                                if (made(reply))
                                    call();
                            });
    }

    asio::awaitable<void> calls() {
        for (;;) {
            nettcp::reply reply = co_await client_->async_call(action, write_body);
            if (!made(reply))
                co_return;
        }
    }

    /// False when enough calls have been made; the last one to hear that ends the test.
    bool made(const nettcp::reply& reply) {
        if (reply.is_fault())
            FAIL("a fault came");
        if (++calls_ == warm_up)
            before_ = nettcp::allocation_count();
        if (calls_ < warm_up + counted)
            return true;
        if (calls_ == warm_up + counted)
            grown_ = nettcp::allocation_count() - before_;
        if (--running_ == 0)
            context_.stop();
        return false;
    }

    asio::io_context context_{1};
    nettcp::service_host host_;
    std::optional<nettcp::client> client_;
    int calls_ = 0;
    int running_ = 0;
    std::size_t before_ = 0;
    std::size_t grown_ = 1;
};

/// The same with calls in the other direction: what the host's callbacks allocate.
std::size_t callback_allocations(int in_flight, bool coroutines_answer) {
    asio::io_context context{1};
    nettcp::service_host host(context.get_executor());
    nettcp::callback_channel back;
    nettcp::service operations;
    operations.on(action, [&](nettcp::incoming_call& call) {
        back = call.callback();
        answer(call);
    });
    host.add_endpoint("/echo", std::move(operations));
    const auto where = host.listen("127.0.0.1", 0);
    nettcp::client_options options;
    if (coroutines_answer) {
        options.callbacks.on(action, [](nettcp::incoming_call& call) -> asio::awaitable<void> {
            answer(call);
            co_return;
        });
    } else {
        options.callbacks.on(action, answer);
    }
    nettcp::client client(context.get_executor(),
                          "net.tcp://127.0.0.1:" + std::to_string(where.port) + "/echo",
                          std::move(options));
    int calls = 0;
    std::size_t before = 0;
    std::size_t grown = 1;
    std::function<void()> call_back = [&] {
        back.async_call(action, write_body,
                        [&](const boost::system::error_code& code, const nettcp::reply& reply) {
                            REQUIRE_FALSE(code);
                            REQUIRE_FALSE(reply.is_fault());
                            if (++calls == warm_up)
                                before = nettcp::allocation_count();
                            if (calls < warm_up + counted)
                                return call_back();
                            if (calls == warm_up + counted)
                                grown = nettcp::allocation_count() - before;
                            if (--in_flight == 0)
                                context.stop();
                        });
    };
    client.async_call(action, write_body,
                      [&](const boost::system::error_code& code, const nettcp::reply&) {
                          REQUIRE_FALSE(code);
                          for (int i = in_flight; i != 0; --i)
                              call_back();
                      });
    context.run();
    return grown;
}

}  // namespace

TEST_CASE("A callback allocates nothing on either side when warm") {
    const int in_flight = GENERATE(1, 32);
    const bool coroutines_answer = GENERATE(false, true);
    CAPTURE(in_flight, coroutines_answer);
    CHECK(callback_allocations(in_flight, coroutines_answer) == 0);
}

TEST_CASE("An echo allocates nothing on either side when warm") {
    const int in_flight = GENERATE(1, 32);
    const bool coroutines_answer = GENERATE(false, true);
    CAPTURE(in_flight, coroutines_answer);
    echo_pair pair(coroutines_answer);
    SECTION("with callbacks") {
        CHECK(pair.allocations_with_callbacks(in_flight) == 0);
    }
    SECTION("in coroutines of the client") {
        CHECK(pair.allocations_in_coroutines(in_flight) == 0);
    }
}

TEST_CASE("The count of allocations sees every way to get memory") {
    const auto counts = [](auto get) {
        const std::size_t before = nettcp::allocation_count();
        void* volatile storage = get();
        const std::size_t after = nettcp::allocation_count();
        std::free(storage);
        return after - before;
    };
    CHECK(counts([] { return std::malloc(10); }) == 1);
    CHECK(counts([] { return std::calloc(10, 10); }) == 1);
    CHECK(counts([] { return std::realloc(nullptr, 10); }) == 1);
    CHECK(counts([] { return std::aligned_alloc(64, 128); }) == 1);
    CHECK(counts([] {
              void* const storage = operator new(10);  // what `new` calls, but never left out
              operator delete(storage);
              return std::malloc(10);
          }) == 2);
}
