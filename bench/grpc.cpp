// What gRPC's C++ takes for the same echo as `sessions`: a channel stands for a session. The host
// answers from callbacks, and the client waits at a completion queue.

#include "call_load.hpp"

#include "echo.grpc.pb.h"

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <memory>
#include <mutex>

namespace nettcp::bench {
namespace {

class echo_answers final : public EchoService::CallbackService {
    grpc::ServerUnaryReactor* Echo(grpc::CallbackServerContext* context, const EchoRequest* asked,
                                   EchoReply* answer) override {
        answer->set_text(asked->text());
        grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
        reactor->Finish(grpc::Status::OK);
        return reactor;
    }
};

void serve_grpc(const host_process::say_port& say) {
    echo_answers answers;
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&answers);
    const auto server = builder.BuildAndStart();
    say(static_cast<std::uint16_t>(port));
    server->Wait();
}

/// Channels with a connection each, on which calls are made one after the other.
class grpc_callers {
public:
    grpc_callers(std::uint16_t port, int sessions) {
        for (int i = 0; i != sessions; ++i) {
            grpc::ChannelArguments own;
            own.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
            stubs_.push_back(EchoService::NewStub(grpc::CreateCustomChannel(
                "127.0.0.1:" + std::to_string(port), grpc::InsecureChannelCredentials(), own)));
        }
    }
    ~grpc_callers() {
        queue_.Shutdown();
        void* tag = nullptr;
        for (bool ok = false; queue_.Next(&tag, &ok);) {
        }
    }

    void call(int times, std::vector<float>& waits) {
        left_ = times;
        int running = 0;
        for (auto& each : stubs_)
            running += start(*each) ? 1 : 0;
        while (running != 0) {
            void* tag = nullptr;
            bool ok = false;
            expect(queue_.Next(&tag, &ok) && ok, "gRPC's queue ended");
            const std::unique_ptr<one_call> done(static_cast<one_call*>(tag));
            expect(done->status.ok() && done->answer.text() == "hello", "gRPC's call failed");
            waits.push_back(
                std::chrono::duration<float, std::micro>(clock::now() - done->begun).count());
            if (!start(done->stub))
                --running;
        }
    }

private:
    using clock = std::chrono::steady_clock;

    struct one_call {
        explicit one_call(EchoService::Stub& through) : stub(through) {}

        EchoService::Stub& stub;
        clock::time_point begun = clock::now();
        grpc::ClientContext context;
        EchoReply answer;
        grpc::Status status;
        std::unique_ptr<grpc::ClientAsyncResponseReader<EchoReply>> reader;
    };

    bool start(EchoService::Stub& stub) {
        if (left_-- <= 0)
            return false;
        auto made = std::make_unique<one_call>(stub);
        EchoRequest request;
        request.set_text("hello");
        made->reader = stub.AsyncEcho(&made->context, request, &queue_);
        one_call* const tag = made.release();  // comes back from the queue
        tag->reader->Finish(&tag->answer, &tag->status, tag);
        return true;
    }

    std::vector<std::unique_ptr<EchoService::Stub>> stubs_;
    grpc::CompletionQueue queue_;
    int left_ = 0;
};

}  // namespace
}  // namespace nettcp::bench

int main(int argc, char** argv) {
    using namespace nettcp::bench;
    std::signal(SIGPIPE, SIG_IGN);

    // Before anything of gRPC runs here: it does not survive a fork.
    const host_process here(serve_grpc, 0);
    const host_process there(serve_grpc, 1);
    run_on_cpu(0);

    std::vector<measurement> all;
    for (const int sessions : {1, 32, 256}) {
        const host_process& host = sessions == 1 ? here : there;
        const auto made = std::make_shared<grpc_callers>(host.port, sessions);
        add_load(all,
                 std::to_string(sessions) + (sessions == 1 ? " session" : " sessions") +
                     ", gRPC C++",
                 host, [made](int n, auto& waits) { made->call(n, waits); });
    }
    return run(argc, argv, all);
}
