#pragma once

#include <nettcp/base/cause.hpp>
#include <nettcp/base/export.hpp>

#include <boost/system/error_category.hpp>
#include <boost/system/error_code.hpp>

#include <span>
#include <string>
#include <string_view>

namespace nettcp {

/// What is known about one rule: its name, whose fault breaking it is, and two texts for people.
struct rule_text {
    std::string_view name;
    cause blame;
    /// What happened; one clause, lower case, no full stop.
    std::string_view text;
    /// What a person could try, in the same form.
    std::string_view hint;
};

/// An error category whose values are the rows of a table: value n is row n - 1.
///
/// Each module has one, generated from its table of errors. Value 0 is no error; a value
/// outside the table has empty texts and no blame.
class NETTCP_EXPORT rule_category final : public boost::system::error_category {
public:
    /// Both arguments must live as long as the category.
    rule_category(const char* name, std::span<const rule_text> rules) noexcept
        : name_(name), rules_(rules) {}

    const char* name() const noexcept override { return name_; }
    std::string message(int value) const override;
    const char* message(int value, char* buffer, std::size_t size) const noexcept override;
    /// The `cause` of the rule.
    boost::system::error_condition default_error_condition(int value) const noexcept override;

    /// The rule's name as the enumeration spells it. Static text.
    std::string_view rule(int value) const noexcept;
    /// What a person could try. Static text.
    std::string_view hint(int value) const noexcept;

private:
    const rule_text* row(int value) const noexcept;

    const char* name_;
    std::span<const rule_text> rules_;
};

/// The name of the rule that `code` says was broken, or nothing for codes of other libraries.
NETTCP_EXPORT std::string_view rule_of(const boost::system::error_code& code) noexcept;

/// What a person could try about `code`, or nothing for codes of other libraries.
NETTCP_EXPORT std::string_view hint_of(const boost::system::error_code& code) noexcept;

}  // namespace nettcp
