// Decides which messages a host may see, and in which order.
#include "load/ledger.hpp"

#include "load/texts.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>

namespace load {

ledger::ledger() : descriptor_(memfd_create("ledger", MFD_CLOEXEC)) {
    must(descriptor_ >= 0 && ftruncate(descriptor_, sizeof(pages)) == 0, "no shared memory");
    map();
}

ledger::ledger(const std::string& path) : descriptor_(open(path.c_str(), O_RDWR | O_CLOEXEC)) {
    must(descriptor_ >= 0, "no shared memory");
    map();
}

ledger::~ledger() {
    munmap(pages_, sizeof(pages));
    close(descriptor_);
}

std::string ledger::path() const {
    return "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(descriptor_);
}

void ledger::map() {
    void* const at =
        mmap(nullptr, sizeof(pages), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor_, 0);
    must(at != MAP_FAILED, "no shared memory");
    pages_ = static_cast<pages*>(at);  // all zeros, which is what atomics of zero look like
}

void ledger::delivered(kind what, std::uint32_t client, std::uint64_t message) noexcept {
    if (client >= clients) {
        ++pages_->wrong;
        return;
    }
    std::atomic<std::uint64_t>& last = pages_->of[client][what];
    const std::uint64_t before = last;
    if (message >> 32 < before >> 32)
        return;
    const bool begins = message >> 32 != before >> 32;
    const std::uint64_t expected = begins ? 1 : (before & 0xffffffff) + 1;
    if ((message & 0xffffffff) != expected)
        ++pages_->wrong;
    last = message;
}

std::string stamp::text() const {
    char text[40];
    std::snprintf(text, sizeof text, "%04u %020llu", client,
                  static_cast<unsigned long long>(message));
    return text;
}

std::optional<stamp> stamp::parse(const std::string& text) {
    stamp read;
    unsigned long long message = 0;
    if (std::sscanf(text.c_str(), "%u %llu", &read.client, &message) != 2)
        return std::nullopt;
    read.message = message;
    return read;
}

}  // namespace load
