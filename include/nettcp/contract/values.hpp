#pragma once

#include <nettcp/base/bytes.hpp>
#include <nettcp/base/date_time.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace nettcp::contract {

struct type;

/// A URI as text. Not checked: .NET's rules for URIs are its own.
struct uri {
    std::string text;

    friend bool operator==(const uri&, const uri&) = default;
};

/// .NET's DateTimeOffset as it travels: the instant in UTC, and what the clock was ahead of it.
struct date_time_offset {
    date_time utc = {0, date_time_kind::utc};
    std::int16_t offset_minutes = 0;

    friend bool operator==(const date_time_offset&, const date_time_offset&) = default;
};

template <class T>
struct descriptor;

/// .NET's object: a value of a type that only the sender knew, or null.
///
/// Holds any type that could be a member; copies share the value. Readable are the primitives,
/// and the known types of the contracts around it.
class object {
public:
    object() noexcept = default;
    template <class T>
        requires(!std::is_same_v<std::remove_cvref_t<T>, object>)
    object(T&& value)  // NOLINT implicit, as in C#
        : value_(std::make_shared<std::decay_t<T>>(std::forward<T>(value))),
          what_(&descriptor<std::decay_t<T>>::value) {}
    object(std::shared_ptr<const void> value, const type& what) noexcept
        : value_(std::move(value)), what_(&what) {}

    explicit operator bool() const noexcept { return what_ != nullptr; }
    /// The value if it is of this type, else null. Lives as long as any copy of the object.
    template <class T>
    const T* get_if() const noexcept {
        return what_ == &descriptor<T>::value ? static_cast<const T*>(value_.get()) : nullptr;
    }
    /// Null of a null object.
    const type* what() const noexcept { return what_; }
    const void* address() const noexcept { return value_.get(); }

private:
    std::shared_ptr<const void> value_;
    const type* what_ = nullptr;
};

/// What a reader found in a structure that its contract does not know, to be written again: .NET's
/// ExtensionDataObject. A member of this type is declared with `keeps_unknown`.
struct extension_data {
    struct element {
        std::uint32_t place;            ///< how many members of the contract come before it
        std::vector<std::byte> octets;  ///< a binary XML document of its own

        friend bool operator==(const element&, const element&) = default;
    };
    std::vector<element> elements;

    friend bool operator==(const extension_data&, const extension_data&) = default;
};

}  // namespace nettcp::contract
