// Decides whose fault an error code is when it is not one of ours: the operating system and other
// libraries count as environment, cancellation as the caller's own wish.
#include <nettcp/base/cause.hpp>

#include <nettcp/base/rule_category.hpp>

#include <boost/system/errc.hpp>

#include <algorithm>
#include <string>

namespace nettcp {
namespace {

class cause_condition_category final : public boost::system::error_category {
public:
    const char* name() const noexcept override { return "nettcp.cause"; }

    std::string message(int value) const override {
        switch (static_cast<cause>(value)) {
        case cause::peer: return "the peer broke a rule";
        case cause::local: return "our side broke a rule";
        case cause::environment: return "something around both sides failed";
        case cause::refused: return "the peer refused";
        }
        return "unknown cause";
    }

    bool equivalent(const boost::system::error_code& code, int condition) const noexcept override {
        if (!code.failed() || dynamic_cast<const rule_category*>(&code.category()) != nullptr)
            return false;  // our categories answer for themselves
        const bool cancelled =
            code == make_error_condition(boost::system::errc::operation_canceled);
        return static_cast<cause>(condition) == (cancelled ? cause::local : cause::environment);
    }
};

}  // namespace

const boost::system::error_category& cause_category() noexcept {
    static const cause_condition_category instance;
    return instance;
}

const rule_text* rule_category::row(int value) const noexcept {
    if (value < 1 || static_cast<std::size_t>(value) > rules_.size())
        return nullptr;
    return &rules_[static_cast<std::size_t>(value) - 1];
}

std::string rule_category::message(int value) const {
    const rule_text* known = row(value);
    return std::string(known != nullptr ? known->text : "unknown rule");
}

const char* rule_category::message(int value, char* buffer, std::size_t size) const noexcept {
    if (size == 0)
        return buffer;
    const rule_text* known = row(value);
    const std::string_view text = known != nullptr ? known->text : "unknown rule";
    const std::size_t length = std::min(text.size(), size - 1);
    std::copy_n(text.data(), length, buffer);
    buffer[length] = '\0';
    return buffer;
}

boost::system::error_condition rule_category::default_error_condition(int value) const noexcept {
    if (const rule_text* known = row(value))
        return make_error_condition(known->blame);
    return {value, *this};
}

std::string_view rule_category::rule(int value) const noexcept {
    const rule_text* known = row(value);
    return known != nullptr ? known->name : std::string_view();
}

std::string_view rule_category::hint(int value) const noexcept {
    const rule_text* known = row(value);
    return known != nullptr ? known->hint : std::string_view();
}

std::string_view rule_of(const boost::system::error_code& code) noexcept {
    const auto* ours = dynamic_cast<const rule_category*>(&code.category());
    return ours != nullptr ? ours->rule(code.value()) : std::string_view();
}

std::string_view hint_of(const boost::system::error_code& code) noexcept {
    const auto* ours = dynamic_cast<const rule_category*>(&code.category());
    return ours != nullptr ? ours->hint(code.value()) : std::string_view();
}

}  // namespace nettcp
