#pragma once

#include <nettcp/contract/codec.hpp>

#include <array>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace nettcp::contract {

/// A service contract: what its operations share. Callback operations name the service's contract
/// too, since WCF makes their actions of its name.
struct service_contract {
    std::string_view name;
    std::string_view ns = "http://tempuri.org/";
};

/// An out parameter in an operation's signature: comes back with the reply only.
template <class T>
struct out {};
/// A ref parameter: goes there with the request, and comes back.
template <class T>
struct ref {};

/// One element inside a wrapper.
struct part_row {
    std::string_view name;
    type_function what = nullptr;
};

/// An operation as client, service and metadata see it, without its C++ types. Views of the
/// `operation` that it came from.
struct operation_shape {
    const service_contract* contract = nullptr;
    std::string_view name;
    std::string_view action;
    std::string_view reply_action;
    std::string_view request_wrapper;
    std::string_view reply_wrapper;
    std::span<const part_row> request;
    std::span<const part_row> reply;  ///< the result first, then what is out or ref
    std::string_view result;          ///< the result's name, which its row lacks; empty: none
    std::span<const type_function> faults;
    bool one_way = false;
};

/// What an operation's declaration can say beside names and signature.
struct operation_choices {
    std::string_view action = {};         ///< instead of namespace/contract/operation
    std::string_view reply_action = {};   ///< instead of the action with Response behind it
    std::string_view result = {};  ///< instead of the operation's name with Result behind it
    bool one_way = false;
};

/// Writes the wrapper of a request or a reply, with one element for each part; of a body that is a
/// stream, the start tags around that. On failure `writer` has failed, and `path` (may be null)
/// tells where.
NETTCP_EXPORT void write_request(nbfx::writer& writer, const operation_shape& operation,
                                 const void* const* values, std::string* path = nullptr,
                                 const graph_limits& limits = {});
NETTCP_EXPORT void write_reply(nbfx::writer& writer, const operation_shape& operation,
                               const void* const* values, std::string* path = nullptr,
                               const graph_limits& limits = {});

/// Reads a wrapper as WCF does: unknown elements are skipped, a missing part keeps what it was, and
/// so does one that stands in front of its place. On failure `reader` has failed. Not for bodies
/// that are streams.
NETTCP_EXPORT bool read_request(nbfx::reader& reader, const operation_shape& operation,
                                void* const* values, std::string* path = nullptr,
                                const graph_limits& limits = {});
NETTCP_EXPORT bool read_reply(nbfx::reader& reader, const operation_shape& operation,
                              void* const* values, std::string* path = nullptr,
                              const graph_limits& limits = {});

/// Writes the headers of a message contract; nothing for other operations.
NETTCP_EXPORT void write_headers(nbfx::writer& out, std::span<const part_row> parts,
                                 const void* const* values);

/// Reads the headers of a message contract. `open` stands a reader on the start tag of the header
/// of that name, or returns null when there is none. False when one cannot be read.
NETTCP_EXPORT bool
read_headers(std::span<const part_row> parts, void* const* values,
             const std::function<nbfx::reader*(std::string_view local, std::string_view ns)>& open);

/// The stream that is the body of a message with these parts, among its values; null if it is none.
NETTCP_EXPORT stream* find_stream(std::span<const part_row> parts, void* const* values);

/// Whether these parts are one message contract, which has headers.
NETTCP_EXPORT bool has_headers(std::span<const part_row> parts) noexcept;

/// The wsa:Action that WCF gives a typed fault of an operation.
NETTCP_EXPORT std::string fault_action(const operation_shape& operation, const type& detail);

/// Writes the element of a typed fault into s:Detail, as WCF does.
NETTCP_EXPORT void write_fault_detail(nbfx::writer& out, const type& detail, const void* value);

/// Reads it: `in` stands on the Detail start tag. False when it holds no such element.
NETTCP_EXPORT bool read_fault_detail(nbfx::reader& in, const type& detail, void* value);

/// How a parameter of a signature travels.
template <class T>
struct parameter {
    using type = T;
    static constexpr bool in = true;
    static constexpr bool back = false;
};
template <class T>
struct parameter<out<T>> {
    using type = T;
    static constexpr bool in = false;
    static constexpr bool back = true;
};
template <class T>
struct parameter<ref<T>> {
    using type = T;
    static constexpr bool in = true;
    static constexpr bool back = true;
};

template <class T, bool Wanted>
using tuple_if = std::conditional_t<Wanted, std::tuple<T>, std::tuple<>>;

/// The values of some parameters, and what the codec needs of them.
template <class... T>
std::array<void*, sizeof...(T) + 1> addresses(std::tuple<T...>& values) noexcept {
    return std::apply(
        [](T&... each) {
            return std::array<void*, sizeof...(T) + 1>{std::addressof(each)..., nullptr};
        },
        values);
}
template <class... T>
std::array<const void*, sizeof...(T) + 1> addresses(const std::tuple<T...>& values) noexcept {
    return std::apply(
        [](const T&... each) {
            return std::array<const void*, sizeof...(T) + 1>{std::addressof(each)..., nullptr};
        },
        values);
}

/// What an operation gives back: nothing, its one value, or a tuple of several.
template <class Tuple>
struct outcome {
    using type = Tuple;
    static type take(Tuple&& values) { return std::move(values); }
    static Tuple pack(type&& value) { return std::move(value); }
};
template <>
struct outcome<std::tuple<>> {
    using type = void;
    static void take(std::tuple<>&&) {}
};
template <class T>
struct outcome<std::tuple<T>> {
    using type = T;
    static T take(std::tuple<T>&& values) { return std::get<0>(std::move(values)); }
    static std::tuple<T> pack(T&& value) { return {std::move(value)}; }
};

/// Whether the values are those of one message contract.
template <class Tuple>
inline constexpr bool is_message = false;
template <class T>
    requires(declared<T> && std::is_class_v<T> && requires { declaration_of<T>.is_message; })
inline constexpr bool is_message<std::tuple<T>> = declaration_of<T>.is_message;

/// Whether the values are one stream, or those of a message contract whose body is one.
template <class Tuple>
inline constexpr bool is_stream = false;
template <>
inline constexpr bool is_stream<std::tuple<stream>> = true;
template <class T>
    requires is_message<std::tuple<T>>
inline constexpr bool is_stream<std::tuple<T>> = [] {
    for (const member_row& row : declaration_of<T>.members)
        if (row.is_stream)
            return true;
    return false;
}();

/// Whether none of several values is a stream.
template <class Tuple>
inline constexpr bool streams_stand_alone = true;
template <class... T>
    requires(sizeof...(T) > 1)
inline constexpr bool streams_stand_alone<std::tuple<T...>> = !(is_stream<std::tuple<T>> || ...);

/// A request with its arguments: what calling an `operation` makes.
template <class Operation>
struct request {
    const Operation* operation;
    typename Operation::request_values values;

    void operator()(nbfx::writer& writer) const {
        write_request(writer, operation->shape(), addresses(values).data());
    }
};

/// An operation of a contract, declared once as a constant and used by client and service:
///
///     inline constexpr contract::service_contract i_echo{"IEcho", "http://peers.test/svc"};
///     inline constexpr contract::operation<std::string(std::string)> echo{
///         i_echo, "Echo", {"text"}};
///
/// `Faults` are the types of typed faults that it may answer with.
template <class Signature, class... Faults>
class operation;

template <class Result, class... Parameters, class... Faults>
class operation<Result(Parameters...), Faults...> {
    static constexpr bool has_result = !std::is_void_v<Result>;
    using result_tuple = tuple_if<std::conditional_t<has_result, Result, int>, has_result>;

public:
    using request_values = decltype(std::tuple_cat(
        std::declval<
            tuple_if<typename parameter<Parameters>::type, parameter<Parameters>::in>>()...));
    using reply_values = decltype(std::tuple_cat(
        std::declval<result_tuple>(),
        std::declval<
            tuple_if<typename parameter<Parameters>::type, parameter<Parameters>::back>>()...));
    using result_type = typename outcome<reply_values>::type;
    static_assert(streams_stand_alone<request_values>,
                  "a stream is its operation's only parameter; more goes into headers of a message "
                  "contract");
    static_assert(streams_stand_alone<reply_values>,
                  "a stream is all that its operation gives back; more goes into headers of a "
                  "message contract");

    template <std::size_t Names>
    consteval operation(const service_contract& contract, std::string_view name,
                        const std::string_view (&names)[Names], operation_choices choices = {})
        : contract_(&contract), name_(name), choices_(choices) {
        static_assert(Names == sizeof...(Parameters), "an operation names each of its parameters");
        declare(names);
    }
    consteval operation(const service_contract& contract, std::string_view name,
                        operation_choices choices = {})
        requires(sizeof...(Parameters) == 0)
        : contract_(&contract), name_(name), choices_(choices) {
        declare(nullptr);
    }

    /// The request with these arguments, ready to be called or sent.
    template <class... Arguments>
        requires std::constructible_from<request_values, Arguments...>
    request<operation> operator()(Arguments&&... arguments) const {
        return {this, request_values(std::forward<Arguments>(arguments)...)};
    }

    /// All that is known about it at run time. Lives as long as the operation.
    operation_shape shape() const noexcept {
        const std::string_view usual(action_, action_size_);
        const auto usual_action = usual.substr(0, action_size_ - response.size());
        operation_shape known;
        known.contract = contract_;
        known.name = name_;
        known.action = choices_.action.empty() ? usual_action : choices_.action;
        known.reply_action = choices_.reply_action.empty() ? usual : choices_.reply_action;
        known.request_wrapper = name_;
        known.reply_wrapper = usual.substr(usual_action.size() - name_.size());
        known.request = {request_, std::tuple_size_v<request_values>};
        known.reply = {reply_, std::tuple_size_v<reply_values>};
        known.result = {result_, result_size_};
        known.faults = {faults_, sizeof...(Faults)};
        known.one_way = choices_.one_way;
        return known;
    }

    /// Whether the request, or the reply, is a message contract.
    static constexpr bool request_is_message = is_message<request_values>;
    static constexpr bool reply_is_message = is_message<reply_values>;
    /// Whether the body of the request, or of the reply, is a stream.
    static constexpr bool request_is_stream = is_stream<request_values>;
    static constexpr bool reply_is_stream = is_stream<reply_values>;

    template <class Detail>
    static constexpr bool has_fault = (std::is_same_v<Detail, Faults> || ...);

private:
    static constexpr std::string_view response = "Response";

    consteval void append(std::string_view text) {
        for (const char c : text)
            action_[action_size_++] = c;  // too long a name ends constant evaluation here
    }
    consteval void declare(const std::string_view* names) {
        append(contract_->ns);
        if (!contract_->ns.ends_with('/'))
            append(contract_->ns.starts_with("urn:") ? ":" : "/");
        append(contract_->name);
        append("/");
        append(name_);
        append(response);
        if constexpr (has_result) {
            for (const char c : choices_.result.empty() ? name_ : choices_.result)
                result_[result_size_++] = c;
            if (choices_.result.empty())
                for (const char c : std::string_view("Result"))
                    result_[result_size_++] = c;
            reply_[0].what = type_of<std::conditional_t<has_result, Result, int>>;
        }
        [[maybe_unused]] std::size_t in = 0;
        [[maybe_unused]] std::size_t back = has_result ? 1 : 0;
        [[maybe_unused]] std::size_t index = 0;
        (..., add<Parameters>(names[index++], in, back));
    }
    template <class Parameter>
    consteval void add(std::string_view name, std::size_t& in, std::size_t& back) {
        using known = parameter<Parameter>;
        if constexpr (known::in)
            request_[in++] = {name, type_of<typename known::type>};
        if constexpr (known::back)
            reply_[back++] = {name, type_of<typename known::type>};
    }

    const service_contract* contract_;
    std::string_view name_;
    operation_choices choices_;
    char action_[240] = {};
    std::size_t action_size_ = 0;
    char result_[80] = {};
    std::size_t result_size_ = 0;
    part_row request_[sizeof...(Parameters) + 1] = {};
    part_row reply_[sizeof...(Parameters) + 1] = {};
    type_function faults_[sizeof...(Faults) + 1] = {type_of<Faults>..., nullptr};
};

}  // namespace nettcp::contract
