#pragma once

#include <nettcp/base/bytes.hpp>

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>

#include <string>
#include <utility>

namespace nettcp::security {

/// The mechanisms that we know.
enum class gss_mechanism : std::uint8_t { none, spnego, kerberos, ntlm };

/// The mechanism's object identifier; static.
gss_OID identifier_of(gss_mechanism which) noexcept;
/// The mechanism that an identifier means, Microsoft's misprinted one of Kerberos included.
gss_mechanism mechanism_of(gss_const_OID identifier) noexcept;

/// An object of GSS-API that is released when it goes out of scope.
template <class T, auto Release>
class gss_owned {
public:
    gss_owned() noexcept = default;
    gss_owned(gss_owned&& other) noexcept : object_(std::exchange(other.object_, T{})) {}
    gss_owned& operator=(gss_owned&& other) noexcept {
        std::swap(object_, other.object_);
        return *this;
    }
    ~gss_owned() { reset(); }

    T get() const noexcept { return object_; }
    explicit operator bool() const noexcept { return object_ != T{}; }
    /// For functions that make or replace the object.
    T* out() noexcept { return &object_; }
    void reset() noexcept {
        if (object_ != T{})
            Release(&object_);
        object_ = T{};
    }

private:
    T object_{};
};

inline constexpr auto release_name = [](gss_name_t* name) noexcept {
    OM_uint32 minor = 0;
    gss_release_name(&minor, name);
};
inline constexpr auto release_credential = [](gss_cred_id_t* credential) noexcept {
    OM_uint32 minor = 0;
    gss_release_cred(&minor, credential);
};
// The only thing that may be done to a context that has failed.
inline constexpr auto release_context = [](gss_ctx_id_t* context) noexcept {
    OM_uint32 minor = 0;
    gss_delete_sec_context(&minor, context, GSS_C_NO_BUFFER);
};

using gss_name = gss_owned<gss_name_t, release_name>;
using gss_credential = gss_owned<gss_cred_id_t, release_credential>;
using gss_context = gss_owned<gss_ctx_id_t, release_context>;

/// Octets that GSS-API has allocated.
class gss_octets {
public:
    gss_octets() noexcept = default;
    gss_octets(const gss_octets&) = delete;
    gss_octets& operator=(const gss_octets&) = delete;
    ~gss_octets() { reset(); }

    gss_buffer_t out() noexcept {
        reset();
        return &buffer_;
    }
    void reset() noexcept {
        OM_uint32 minor = 0;
        gss_release_buffer(&minor, &buffer_);
    }
    std::size_t size() const noexcept { return buffer_.length; }
    bytes_view view() const noexcept {
        return {static_cast<const std::byte*>(buffer_.value), buffer_.length};
    }
    /// As a text; without the NUL that gss-ntlmssp counts as part of its texts.
    std::string text() const;

private:
    gss_buffer_desc buffer_ = GSS_C_EMPTY_BUFFER;
};

/// Octets for GSS-API to read; they are only borrowed.
inline gss_buffer_desc lend(bytes_view octets) noexcept {
    return {octets.size(), const_cast<std::byte*>(octets.data())};
}

/// A set of one or two mechanisms; lives as long as it is used.
class gss_mechanisms {
public:
    gss_mechanisms() noexcept = default;
    gss_mechanisms(const gss_mechanisms&) = delete;
    gss_mechanisms& operator=(const gss_mechanisms&) = delete;

    void add(gss_mechanism which) noexcept { elements_[set_.count++] = *identifier_of(which); }
    bool empty() const noexcept { return set_.count == 0; }
    gss_OID_set get() noexcept { return &set_; }

private:
    gss_OID_desc elements_[3] = {};
    gss_OID_set_desc set_ = {0, elements_};
};

/// Where credentials come from: a set of names and values; the texts are only borrowed.
class gss_store {
public:
    gss_store() noexcept = default;
    gss_store(const gss_store&) = delete;
    gss_store& operator=(const gss_store&) = delete;

    void add(const char* key, const char* value) noexcept {
        elements_[set_.count++] = {key, value};
    }
    gss_const_key_value_set_t get() const noexcept {
        return set_.count == 0 ? GSS_C_NO_CRED_STORE : &set_;
    }

private:
    gss_key_value_element_desc elements_[5] = {};
    gss_key_value_set_desc set_ = {0, elements_};
};

}  // namespace nettcp::security
