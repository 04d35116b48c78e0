#pragma once

#include <boost/asio/any_io_executor.hpp>

namespace nettcp::net {

/// Tells whether the calling thread is one that runs an executor's work.
///
/// Knows Asio's contexts, pools and strands on them; of other executors it knows nothing and says
/// no, which costs callers a hop through the executor.
class executor_probe {
public:
    explicit executor_probe(const boost::asio::any_io_executor& executor);

    /// The executor is one of those.
    bool is_known() const noexcept { return family_ != family::unknown; }
    /// We are inside a function that this executor runs: calling is as good as dispatching.
    bool runs_here() const noexcept;
    /// Waiting here for something that this executor must do could wait for ever: this thread
    /// runs it, or runs the context below its strand.
    bool would_deadlock() const noexcept;

private:
    enum class family : unsigned char {
        context,
        pool,
        strand,
        pool_strand,
        strand_of_any,
        unknown
    };

    boost::asio::any_io_executor executor_;
    family family_;
};

/// The executor itself, or a strand on it if a probe would know nothing of it: for those to whom
/// it matters that "runs here" is never a wrong no.
boost::asio::any_io_executor tellable_executor(boost::asio::any_io_executor executor);

}  // namespace nettcp::net
