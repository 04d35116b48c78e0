#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/base/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nettcp::framing {

/// The port of `net.tcp` addresses that name none.
inline constexpr std::uint16_t default_port = 808;

/// The pieces of a via, as views of its text, neither decoded nor changed in case.
struct via_view {
    std::string_view scheme;
    std::string_view host;  ///< an IPv6 literal without its brackets; user information is left out
    std::uint16_t port = default_port;
    std::string_view path;  ///< starts with a slash, or is empty
    std::string_view query;  ///< behind the question mark; a fragment is left out
};

/// Splits a via into its pieces, as leniently as .NET's Uri does: any scheme, unescaped spaces and
/// letters of all languages, an empty port.
///
/// Fails with `errc::via_too_long` above `max_size` octets, `errc::text_invalid` on ill-formed
/// UTF-8 and `errc::via_not_absolute` on everything that is not `scheme://host…`, on control
/// characters and on ports that are no number below 65536. The offset is within `text`.
NETTCP_EXPORT result<via_view> split_via(std::string_view text,
                                         std::size_t max_size = 2048) noexcept;

/// Which endpoint a via belongs to: the longest registered address that it starts with.
///
/// As a WCF host does with HostNameComparisonMode.StrongWildcard: scheme and path decide, host,
/// port and query do not; paths are compared segment by segment, `%41` equals `A`, ASCII letter
/// case does not matter, `.` and `..` are resolved, one slash at the end is ignored.
/// (The full address is compared later, with the To header of each message.)
class NETTCP_EXPORT via_table {
public:
    /// Registers `address`, an absolute URI, as `id`. False when it cannot be split or its scheme
    /// and path are taken.
    bool insert(std::string_view address, std::uint32_t id);
    /// Forgets `address`; false when it is not registered.
    bool erase(std::string_view address);
    /// The id registered for the longest address that `via` starts with.
    std::optional<std::uint32_t> find(const via_view& via) const;
    bool empty() const noexcept { return entries_.empty(); }

private:
    struct entry {
        std::string scheme;
        std::vector<std::string> segments;  ///< decoded, ASCII in lower case
        std::uint32_t id;
    };
    std::vector<entry> entries_;
};

}  // namespace nettcp::framing
