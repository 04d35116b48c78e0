#include "net/executor_probe.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>

namespace nettcp::net {

namespace asio = boost::asio;

namespace {

using context_executor = asio::io_context::executor_type;
using pool_executor = asio::thread_pool::executor_type;
using context_strand = asio::strand<context_executor>;
using pool_strand = asio::strand<pool_executor>;
using any_strand = asio::strand<asio::any_io_executor>;

}  // namespace

executor_probe::executor_probe(const asio::any_io_executor& executor)
    : executor_(executor), family_(family::unknown) {
    if (executor_.target<context_executor>() != nullptr)
        family_ = family::context;
    else if (executor_.target<pool_executor>() != nullptr)
        family_ = family::pool;
    else if (executor_.target<context_strand>() != nullptr)
        family_ = family::strand;
    else if (executor_.target<pool_strand>() != nullptr)
        family_ = family::pool_strand;
    else if (executor_.target<any_strand>() != nullptr)
        family_ = family::strand_of_any;
}

bool executor_probe::runs_here() const noexcept {
    switch (family_) {
    case family::context: return executor_.target<context_executor>()->running_in_this_thread();
    case family::pool: return executor_.target<pool_executor>()->running_in_this_thread();
    case family::strand: return executor_.target<context_strand>()->running_in_this_thread();
    case family::pool_strand: return executor_.target<pool_strand>()->running_in_this_thread();
    case family::strand_of_any: return executor_.target<any_strand>()->running_in_this_thread();
    case family::unknown: return false;
    }
    return false;
}

bool executor_probe::would_deadlock() const noexcept {
    if (runs_here())
        return true;
    if (family_ == family::strand)
        return executor_.target<context_strand>()->get_inner_executor().running_in_this_thread();
    if (family_ == family::pool_strand)
        return executor_.target<pool_strand>()->get_inner_executor().running_in_this_thread();
    if (family_ == family::strand_of_any)
        return executor_probe(executor_.target<any_strand>()->get_inner_executor())
            .would_deadlock();
    return false;
}

asio::any_io_executor tellable_executor(asio::any_io_executor executor) {
    if (executor_probe(executor).is_known())
        return executor;
    return asio::make_strand(executor);
}

}  // namespace nettcp::net
