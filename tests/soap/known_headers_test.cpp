// Headers that were sent or received before: copied, or not read again, without a difference.

#include <soap/received_headers.hpp>
#include <soap/sent_headers.hpp>
#include <support/catch.hpp>
#include <support/hex.hpp>

#include <nettcp/nbfx/session_dictionary.hpp>

using namespace nettcp;
using namespace nettcp::soap;
using namespace nettcp::nbfx::literals;

namespace {

/// Longer than what is kept of an envelope.
const std::string long_text = "urn:" + std::string(600, 'x');

uuid numbered(unsigned number) {
    uuid id{};
    for (std::size_t i = 0; i != id.size(); ++i)
        *(id.begin() + static_cast<std::ptrdiff_t>(i)) = static_cast<std::uint8_t>(number * 7 + i);
    return id;
}

/// Messages of a session as a client, a host and others that do as they please write them.
std::vector<outgoing_headers> some_headers(unsigned number) {
    constexpr auto to = "net.tcp://localhost:9000/none/echo"_dict;
    constexpr auto echo = "http://peers.test/svc/IEcho/Echo"_dict;
    return {
        {.action = echo, .message_id = numbered(number), .has_reply_to = true, .to = to},
        {.action = echo, .to = to},
        {.action = "http://peers.test/svc/IEcho/EchoResponse"_dict,
         .relates_to = unique_id_view{numbered(number), {}}},
        {.action = "urn:inline", .message_id = numbered(number), .to = "urn:somewhere"},
        {.action = "urn:inline"_dict, .message_id = numbered(number), .to = "urn:somewhere"},
        {.action = echo,
         .message_id = numbered(number),
         .relates_to = unique_id_view{numbered(number + 1), {}},
         .reply_to = "urn:elsewhere"},
        {.action = echo, .relates_to = unique_id_view{{}, "urn:no-guid"}},
        {.action = echo, .relates_to = unique_id_view{numbered(number), "urn:both"}},
        {.action = long_text, .message_id = numbered(number)},
    };
}

/// A session's envelopes, and the tables in front of them.
class envelope_sender {
public:
    std::vector<std::byte> send(const outgoing_headers& headers, sent_headers* sent) {
        octet_buffer out;
        writer_.open(out, &dictionary_);
        write_envelope_start(writer_, headers, {}, {}, sent);
        writer_.start_element("", "Echo"_dict, "urn:test"_dict);
        writer_.text("some text that is long enough to make the buffer of .NET full, or nearly so");
        writer_.end_element();
        write_envelope_end(writer_);
        REQUIRE(writer_.finish().has_value());
        std::vector<std::byte> whole(dictionary_.table_size());
        dictionary_.write_table(whole.data());
        whole.insert(whole.end(), out.view().begin(), out.view().end());
        return whole;
    }

private:
    nbfx::writer writer_;
    nbfx::sent_dictionary dictionary_;
};

}  // namespace

TEST_CASE("Headers that were sent before are written as if they were new") {
    envelope_sender plain, knowing;
    sent_headers sent;
    for (unsigned round = 0; round != 5; ++round) {
        // Some in turn, so that more kinds come than are kept, then each again.
        for (const auto& headers : some_headers(round)) {
            CAPTURE(round, std::string(headers.action.text()));
            for (int again = 0; again != 2; ++again)
                CHECK(knowing.send(headers, &sent) == plain.send(headers, nullptr));
        }
    }
}

TEST_CASE("Headers whose strings may still be taken back are not kept") {
    nbfx::sent_dictionary dictionary;
    nbfx::writer out;
    sent_headers sent;
    const outgoing_headers headers{.action = "urn:a"_dict};
    octet_buffer first, second;
    out.open(first, &dictionary);
    write_envelope_start(out, headers, {}, {}, &sent);
    write_envelope_end(out);
    REQUIRE(out.finish().has_value());
    dictionary.roll_back();
    dictionary.find_or_add("urn:b");  // takes the id
    out.open(second, &dictionary);
    CHECK_FALSE(sent.repeat(out, headers, {}));
}

TEST_CASE("Headers that were received before are told as if they were read") {
    envelope_sender sender;
    nbfx::received_dictionary dictionary;
    received_headers known;
    nbfx::reader in;
    const auto read = [&](bytes_view document, received_headers* with) {
        in.open(document, &dictionary);
        headers_view headers;
        auto done = read_envelope(in, headers, {}, soap_version::soap12, with);
        if (done)
            CHECK(in.is_start_element("Echo", "urn:test"));
        return headers;
    };
    for (unsigned round = 0; round != 4; ++round) {
        for (const auto& written : some_headers(round)) {
            for (int again = 0; again != 2; ++again) {
                const auto whole = sender.send(written, nullptr);
                const auto table = dictionary.read_table(whole);
                REQUIRE(table.has_value());
                const bytes_view document = bytes_view(whole).subspan(*table);
                const headers_view plain = read(document, nullptr);
                const headers_view seen = read(document, &known);
                CAPTURE(round, again, std::string(plain.action));
                CHECK(seen.action == plain.action);
                CHECK(seen.message_id == plain.message_id);
                CHECK(seen.relates_to == plain.relates_to);
                CHECK(seen.to == plain.to);
                CHECK(seen.reply_to == plain.reply_to);
                CHECK(seen.action == written.action.text());
                if (written.message_id)
                    CHECK(seen.message_id->guid == written.message_id);
                CHECK(read_envelope_end(in).has_value());
            }
        }
    }
}

TEST_CASE("An envelope that differs anywhere from a known one is read") {
    const auto guid = numbered(3);
    nbfx::writer out;
    octet_buffer buffer;
    out.open(buffer);
    write_envelope_start(out, {.action = "urn:a", .message_id = guid, .to = "urn:to"}, {});
    out.text("x");
    write_envelope_end(out);
    REQUIRE(out.finish().has_value());
    const std::vector<std::byte> document(buffer.view().begin(), buffer.view().end());
    received_headers known;
    const auto read = [](bytes_view octets, received_headers* with) {
        nbfx::reader in;
        in.open(octets);
        headers_view headers;
        auto done = read_envelope(in, headers, {}, soap_version::soap12, with);
        if (done)
            done = read_envelope_end(in);
        std::string told = done ? "good" : done.error().code.message();
        if (done)
            told.append(headers.action).append(headers.to.value_or("-"));
        if (done && headers.message_id && headers.message_id->guid)
            append_text(told, *headers.message_id->guid);
        return told;
    };
    REQUIRE(read(document, &known) == read(document, &known));
    std::size_t accepted = 0;
    for (std::size_t size = 0; size != document.size(); ++size) {
        const bytes_view part = bytes_view(document).first(size);
        REQUIRE(read(part, &known) == read(part, nullptr));
    }
    for (std::size_t at = 0; at != document.size(); ++at) {
        for (unsigned bit = 0; bit != 8; ++bit) {
            auto other = document;
            other[at] ^= static_cast<std::byte>(1u << bit);
            const std::string plain = read(other, nullptr);
            received_headers fresh;
            (void)read(document, &fresh);
            REQUIRE(read(other, &fresh) == plain);
            accepted += plain.starts_with("good");
        }
    }
    CHECK(accepted > 16 * 8);  // another id at least
}

TEST_CASE("An id that stands in two places is no mark of known headers") {
    const auto guid = numbered(9);
    received_headers known;
    for (unsigned round = 0; round != 3; ++round) {
        nbfx::writer out;
        octet_buffer buffer;
        out.open(buffer);
        const auto other = numbered(round + 20);
        // Until the last round both are one: then where each stands cannot be told.
        write_envelope_start(out,
                             {.action = "urn:a",
                              .message_id = round == 2 ? other : guid,
                              .relates_to = unique_id_view{guid, {}}},
                             {});
        write_envelope_end(out);
        REQUIRE(out.finish().has_value());
        nbfx::reader in;
        in.open(buffer.view());
        headers_view headers;
        REQUIRE(read_envelope(in, headers, {}, soap_version::soap12, &known).has_value());
        CHECK(headers.relates_to->guid == guid);
        CHECK(headers.message_id->guid == (round == 2 ? other : guid));
    }
}
