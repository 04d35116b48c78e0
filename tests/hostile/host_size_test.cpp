#include "hostile/hostile_host.hpp"
#include "support/allocation_count.hpp"
#include "support/catch.hpp"

using namespace hostile;

namespace {

const std::string largest("\xff\xff\xff\xff\x07", 5);   // 2^31-1 in seven bits an octet
const std::string too_large("\xff\xff\xff\xff\x08", 5);  // 2^31
const std::string endless(12, '\xff');
const std::string int32_largest("\xff\xff\xff\x7f", 4);
const std::string int32_negative("\xff\xff\xff\xff", 4);

std::string head(std::string_view whole, std::size_t without) {
    return std::string(whole.substr(0, whole.size() - without));
}

/// An envelope whose string table is `table` and whose document is `document`.
std::string envelope(std::string_view document, std::string_view table = {"\0", 1}) {
    return sized(std::string(table) + std::string(document));
}

std::string table(std::string_view strings) {
    return size_octets(static_cast<std::uint32_t>(strings.size())) + std::string(strings);
}

/// A request that the service reads, up to inside an element that its handler takes.
std::string request_start() {
    nettcp::channel::duplex_session session(nettcp::channel::role::initiator, {});
    if (!session.open(echo_via, nettcp::framing::encoding::binary_session))
        throw std::runtime_error("cannot open");
    session.output_sent(session.output().size());
    session.input_space().front() = std::byte{0x0b};
    session.received(1);
    (void)session.next_event();
    nettcp::soap::outgoing_headers headers;
    headers.action = "http://peers.test/svc/IEcho/Echo";
    headers.message_id = nettcp::uuid{};
    headers.to = nettcp::nbfx::xml_string(echo_via);
    auto& out = session.begin_message(headers);
    out.start_element("Echo", "http://peers.test/svc");
    out.start_element("text", "http://peers.test/svc");
    out.text("xyzzy");
    out.end_element();
    out.end_element();
    if (!session.end_message())
        throw std::runtime_error("a request that cannot be written");
    const std::string record(nettcp::as_text(session.output()));
    const auto text = record.find("\x99\x05xyzzy");
    const std::size_t head = static_cast<unsigned char>(record[1]) < 0x80 ? 2 : 3;
    if (text == record.npos)
        throw std::runtime_error("not the request that was expected");
    return record.substr(head, text - head);
}

/// An envelope whose body goes on with this where its handler reads.
std::string in_body(std::string_view rest) {
    static const std::string start = request_start();
    return sized(start + std::string(rest));
}

struct claim {
    std::string name;
    std::string sent;  ///< behind the acknowledgement, when there is one
};

/// Sizes that a preamble may claim.
std::vector<claim> claims_of_preambles() {
    const std::string whole = preamble(echo_via);
    std::vector<claim> all;
    for (const auto& [name, size] : {std::pair{std::string("2^31-1"), largest},
                                     {std::string("2^31"), too_large},
                                     {std::string("endless"), endless}}) {
        all.push_back({"via of " + name, whole.substr(0, 5) + "\2" + size + "net.tcp://"});
        all.push_back({"content type of " + name, head(whole, 3) + "\4" + size + "application/"});
        all.push_back({"upgrade of " + name, head(whole, 1) + "\x09" + size + "application/"});
        all.push_back({"fault of " + name, head(whole, 1) + "\x08" + size + "http://"});
    }
    return all;
}

std::string repeated(std::string_view what, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i != times; ++i)
        out += what;
    return out;
}

/// Sizes, counts and dictionaries that an envelope may claim.
std::vector<claim> claims_of_envelopes() {
    std::vector<claim> all;
    for (const auto& [name, size] : {std::pair{std::string("2^31-1"), largest},
                                     {std::string("2^31"), too_large},
                                     {std::string("endless"), endless}}) {
        all.push_back({"envelope of " + name, "\6" + size + "payload"});
        all.push_back({"string table of " + name, sized(size + "\1a")});
        all.push_back({"string of " + name, envelope("x", table(size + "a"))});
        all.push_back({"element name of " + name, envelope("\x40" + size + "x")});
        all.push_back({"prefix of " + name, envelope("\x41" + size + "p\1x")});
        all.push_back({"namespace of " + name, envelope("\x40\1x\x08" + size + "urn:")});
        all.push_back({"attribute name of " + name, envelope("\x40\1x\4" + size + "a")});
        all.push_back({"comment of " + name, in_body("\2" + size + "x")});
        all.push_back({"id " + name, envelope("\x56" + size)});
        all.push_back({"array of " + name, in_body(std::string("\3\x40\1i\1\x8b", 6) + size)});
    }
    for (const auto& [name, size] : {std::pair{std::string("2^31-1"), int32_largest},
                                     {std::string("minus 1"), int32_negative}}) {
        for (const auto& [kind, record] :
             {std::pair{"text", "\x9c"}, {"octets", "\xa2"}, {"UTF-16 text", "\xba"}})
            all.push_back({std::string(kind) + " of " + name, in_body(record + size + "abc")});
    }
    all.push_back({"a table above the budget",
                   envelope("x", table(size_octets(2100) + std::string(2100, 'x')))});
    all.push_back({"2000 empty strings", envelope("x", table(std::string(2000, '\0')))});
    all.push_back({"3000 empty strings", envelope("x", table(std::string(3000, '\0')))});
    all.push_back({"a string beyond its table", envelope("x", {"\3\5abcde", 7})});
    all.push_back({"a table beyond its envelope", sized({"\x20\1a", 3})});
    all.push_back({"a table without UTF-8", envelope("x", {"\3\2\xc3\x28", 4})});
    all.push_back({"an id of the session that nobody gave", envelope({"\x56\xff\x7f", 3})});
    all.push_back({"an id beyond the static dictionary", envelope({"\x56\xd0\x0f", 3})});
    all.push_back({"20,000 elements within each other", envelope(repeated("\x40\1x", 20'000))});
    all.push_back({"2,000 attributes", envelope("\x40\1x" + repeated("\4\1a\xa8", 2'000))});
    all.push_back({"5,000 declarations", envelope("\x40\1x" + repeated("\x09\1p\1u", 5'000))});
    all.push_back({"a list within a list", in_body(repeated("\xa4", 20'000))});
    all.push_back({"an array of a long element, of zero octets",
                   in_body("\3\x40" + size_octets(200) + std::string(200, 'i') + "\1\xb5" +
                           size_octets(20'000))});
    return all;
}

/// How much more memory there was at a time while these were tried, and the largest piece.
nettcp::allocated cost_of(attacked_host& host, const std::vector<plan>& plans,
                          const std::vector<claim>& claims) {
    const std::size_t before = nettcp::allocated_memory().octets;
    nettcp::forget_allocation_peak();
    const auto outcomes = send_crowd(host.where, plans);
    nettcp::allocated cost = nettcp::allocated_memory();
    cost.peak -= before;
    for (std::size_t i = 0; i != plans.size(); ++i) {
        CAPTURE(claims[i].name);
        CHECK(outcomes[i].end != ending::nothing);
        const std::string answer = told(outcomes[i].answer);
        CAPTURE(answer);
        CHECK((answer.empty() || answer == "ack" || answer == "ack envelope" ||
               answer == "ack envelope end" || answer.starts_with("ack fault(") ||
               answer.starts_with("fault(")));
    }
    return cost;
}

}  // namespace

TEST_CASE("A host allocates for what comes, not for what a preamble claims",
          "[threaded][hostile]") {
    attacked_host host;
    REQUIRE(host.serves_others());
    const auto claims = claims_of_preambles();
    std::vector<plan> plans;
    for (const claim& one : claims)
        plans.push_back({{{one.sent}}});
    const auto cost = cost_of(host, plans, claims);
    CHECK(cost.largest <= 64 * 1024);
    CHECK(cost.peak <= 1024 * 1024);
    CHECK(host.is_idle());
    CHECK(host.serves_others());
}

TEST_CASE("A host allocates for what comes, not for what an envelope claims",
          "[threaded][hostile]") {
    attacked_host host;
    REQUIRE(host.serves_others());
    const auto claims = claims_of_envelopes();
    std::vector<plan> plans;
    std::size_t sent = 0;
    for (const claim& one : claims) {
        plans.push_back({{{preamble(echo_via), 1}, {one.sent}}});
        sent += one.sent.size();
    }
    const auto cost = cost_of(host, plans, claims);
    WARN("hostile octets: " << sent << ", most memory for them at a time: " << cost.peak
                            << ", in one piece: " << cost.largest);
    CHECK(cost.largest <= 256 * 1024);
    CHECK(cost.peak <= 8 * sent + 1024 * 1024);
    CHECK(host.is_idle());
    CHECK(host.serves_others());
}

TEST_CASE("A host expands dictionary strings no further than its quota", "[threaded][hostile]") {
    attacked_host host;
    REQUIRE(host.serves_others());
    // Each id of two octets stands for a string of some ninety.
    const std::vector<claim> claims{
        {"a long static string 20,000 times", in_body(repeated("\xaa\xbc\x03", 20'000))}};
    const std::vector<plan> plans{{{{preamble(echo_via), 1}, {claims[0].sent}}}};
    const auto cost = cost_of(host, plans, claims);
    constexpr std::size_t quota = 64 * (65536 + 1024);  // of characters, by `max_expansion`
    CHECK(cost.largest <= quota);
    CHECK(cost.peak <= 2 * quota);
    CHECK(host.is_idle());
}

// Not [threaded]: ThreadSanitizer's hooks see more memory given back than they have seen given.
TEST_CASE("A host holds no memory for clients that are gone", "[hostile]") {
    attacked_host host;
    const auto once = [&host] {
        std::vector<plan> plans;
        for (const claim& one : claims_of_envelopes()) {
            plans.push_back({{{preamble(echo_via), 1}, {one.sent}}});
            plans.push_back({{{preamble(echo_via), 1}, {one.sent}}, leaving::reset});
        }
        send_crowd(host.where, plans);
        CHECK(host.is_idle());
        host.forget_complaints();
    };
    once();
    once();
    const std::size_t before = nettcp::allocated_memory().octets;
    for (int i = 0; i != 10; ++i)
        once();
    const std::size_t after = nettcp::allocated_memory().octets;
    CHECK(after <= before + 64 * 1024);
}
