#pragma once

#include <nettcp/contract/data_contract.hpp>

#include <boost/describe/members.hpp>

namespace nettcp::contract {

template <class T>
struct described_members;
template <template <class...> class List, class... Members>
struct described_members<List<Members...>> {
    static constexpr std::size_t count = sizeof...(Members);
    static consteval structure_declaration<count> declare(std::string_view name,
                                                          std::string_view ns) {
        return {name, ns, {member<Members::pointer>(Members::name)...}};
    }
};

/// Declares a structure that Boost.Describe knows (`BOOST_DESCRIBE_STRUCT`, at most 52 members):
/// all public members under their own names, with the usual choices.
template <class T>
consteval auto described(std::string_view name, std::string_view ns) {
    return described_members<
        boost::describe::describe_members<T, boost::describe::mod_public>>::declare(name, ns);
}

}  // namespace nettcp::contract
