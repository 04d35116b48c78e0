// Decides where the headers of an envelope in pieces end, and what in its body is the stream.

#include <channel/incoming_envelope.hpp>

#include <nettcp/channel/errc.hpp>
#include <nettcp/framing/errc.hpp>
#include <nettcp/nbfx/errc.hpp>
#include <nettcp/soap/errc.hpp>
#include <nettcp/soap/names.hpp>

#include <algorithm>

namespace nettcp::channel {
namespace {

using nbfx::node;

constexpr std::uint32_t body_depth = 2;
/// What ends an element in binary XML.
constexpr std::byte end_element{0x01};
/// Storage that is kept between envelopes.
constexpr std::size_t spare_storage = 4096;

bool is_soap(const nbfx::reader& in, std::string_view local) noexcept {
    return in.local_name() == local && in.namespace_uri() == soap::names::ns_soap12.text;
}

/// Base64 is ASCII: any other character becomes one that is none of its digits.
std::string ascii_of_utf16(bytes_view units) {
    std::string made(units.size() / 2, '\0');
    for (std::size_t i = 0; i != made.size(); ++i) {
        if (units[2 * i + 1] == std::byte{0})
            made[i] = static_cast<char>(units[2 * i]);
    }
    return made;
}

/// Octets of the white space that text begins with, of which a part may have come before.
std::size_t white_octets(const nbfx::value& value) {
    const auto leading = [](std::string_view text) {
        return std::min(text.find_first_not_of(" \t\r\n"), text.size());
    };
    if (value.kind() == nbfx::value_kind::chars)
        return leading(value.chars());
    if (value.kind() == nbfx::value_kind::utf16)
        return 2 * leading(ascii_of_utf16(value.octets()));
    return 0;
}

error broken_at(boost::system::error_code rule, std::uint64_t offset) noexcept {
    return {rule, offset, 0};
}

}  // namespace

void incoming_envelope::start(const payload_traits& traits, std::uint64_t max_unpacked) {
    release();
    standing_ = standing::looking;
    if (traits.text) {
        text_ = std::make_unique<incoming_text>(traits, quotas_, max_header_size_);
        return;
    }
    if (traits.packed != compression::none)
        unpacker_.emplace(traits.packed, max_unpacked);
    if (reader_ == nullptr)
        reader_ = std::make_unique<nbfx::reader>(quotas_);
    reader_->open_streamed();
    reader_->supply({}, false);
}

void incoming_envelope::release() {
    octets_.clear();
    octets_.shrink_to(spare_storage);
    arrived_.clear();
    arrived_.shrink_to(spare_storage);
    packed_.clear();
    packed_.shrink_to(spare_storage);
    unpacker_.reset();
    text_.reset();
    unpacked_ = 0;
    part_ = {};
    broken_.reset();
    text_failure_.reset();
    converted_.clear();
    digits_ = {};
    done_ = body_at_ = 0;
    standing_ = standing::gathering;
    content_ = content::before;
    whole_ = in_body_ = ended_ = supplied_last_ = false;
}

result<void> incoming_envelope::append(bytes_view octets) {
    if (!is_streaming() && octets.size() > max_message_size_ - gathered().size())
        return error{make_error_code(framing::errc::envelope_too_large), 0, 0, max_message_size_};
    if (unpacker_ || text_)
        packed_.append(octets);
    else if (standing_ == standing::gathering)
        octets_.append(octets);
    else
        arrived_.append(octets);  // what the reader has been given must stay where it is
    if (standing_ != standing::looking)
        return {};
    return text_ ? look_at_text() : look();
}

void incoming_envelope::stream() noexcept {
    standing_ = standing::streaming;
    packed_.consume(std::exchange(unpacked_, 0));
    if (text_)
        text_->stream();
}

/// Gives the reader what it is not done with and what has come since: of headers as many octets as
/// they may have, however many came at once. False: nothing has.
result<bool> incoming_envelope::supply() {
    if (unpacker_ && !supplied_last_) {
        if (const auto made = unpack(); !made)
            return made.error();
    }
    const bool all_here = whole_ && (!unpacker_ || unpacker_->ended());
    const bool in_headers = standing_ == standing::looking && !in_body_;
    const std::size_t more =
        in_headers ? std::min(arrived_.size(), max_header_size_ - octets_.size()) : arrived_.size();
    if (supplied_last_ || (more == 0 && !all_here))
        return false;
    if (!is_streaming() && more > max_message_size_ - octets_.size())
        return error{make_error_code(errc::decompressed_too_large), 0, 0, max_message_size_};
    done_ += reader_->consumed();
    if (is_streaming()) {
        octets_.consume(done_);
        done_ = 0;
    }
    octets_.append(arrived_.view().first(more));
    arrived_.consume(more);
    supplied_last_ = all_here;
    reader_->supply(octets_.view().subspan(done_), all_here);
    return true;
}

/// Fills the window of what waits for the reader: a few octets may stand for very many.
result<void> incoming_envelope::unpack() {
    const auto used = unpacker_->take(packed_.view().subspan(unpacked_), arrived_, window_size);
    if (!used)
        return used.error();
    unpacked_ += *used;
    if (is_streaming())
        packed_.consume(std::exchange(unpacked_, 0));
    if (whole_ && packed_.size() == unpacked_ && arrived_.size() < window_size &&
        !unpacker_->ended())
        return error{make_error_code(errc::compressed_malformed)};
    return {};
}

void incoming_envelope::gather() {
    standing_ = standing::gathering;
    if (!unpacker_ && !text_)
        octets_.append(arrived_.view());
    arrived_.clear();
}

result<void> incoming_envelope::look() {
    for (;;) {
        switch (reader_->next()) {
        case node::failed: return reader_->failure();
        case node::need_more: {
            const auto supplied = supply();
            if (!supplied)
                return supplied.error();
            if (*supplied)
                continue;
            return arrived_.empty() ? result<void>() : headers_too_large();
        }
        case node::element:
            if (in_body_) {
                standing_ = standing::head_known;
                if (is_soap(*reader_, soap::names::fault.text))
                    gather();
                return {};
            }
            if (reader_->depth() == body_depth && is_soap(*reader_, soap::names::body.text)) {
                in_body_ = true;
                body_at_ = done_ + reader_->consumed();
            }
            break;
        case node::text:
            if (in_body_ && !reader_->value().is_white_space())
                return broken_at(errc::stream_malformed,
                                 reader_->offset() + white_octets(reader_->value()));
            break;
        case node::end_element:
            if (in_body_) {
                gather();  // there is no stream in it
                return {};
            }
            break;
        case node::end_of_document: gather(); return {};
        case node::none:
        case node::comment: break;
        }
    }
}

result<void> incoming_envelope::look_at_text() {
    const auto used = text_->take(packed_.view().subspan(unpacked_), false);
    if (!used)
        return used.error();
    unpacked_ += *used;
    if (text_->head_known())
        standing_ = standing::head_known;
    if (text_->needs_whole() || (text_->head_known() && text_->is_fault()))
        gather();
    return {};
}

error incoming_envelope::headers_too_large() const noexcept {
    return {make_error_code(errc::headers_too_large), max_header_size_, 0, max_header_size_};
}

std::vector<std::byte> incoming_envelope::head() const {
    if (text_)
        return {text_->head().begin(), text_->head().end()};
    const bytes_view octets = octets_.view().first(body_at_);
    std::vector<std::byte> made(octets.begin(), octets.end());
    made.insert(made.end(), body_depth, end_element);
    return made;
}

result<std::size_t> incoming_envelope::read(std::span<std::byte> room) {
    std::size_t size = 0;
    bool waits = false;
    // The end, and a failure, are looked for right behind the last octets.
    while (!broken_ && !ended_ && !waits) {
        const std::size_t taken = std::min(part_.size(), room.size() - size);
        std::ranges::copy(part_.first(taken), room.begin() + static_cast<std::ptrdiff_t>(size));
        part_ = part_.subspan(taken);
        size += taken;
        if (!part_.empty() || (size == room.size() && !whole_))
            break;
        if (const auto looked = text_ ? take_text_piece(waits) : take_next(waits); !looked)
            broken_ = looked.error();
    }
    if (broken_ && size == 0)
        return *broken_;
    return size;
}

/// Shows the next part of the content, or that the reader waits for octets.
result<void> incoming_envelope::take_next(bool& waits) {
    if (text_failure_)
        return *text_failure_;
    const node what = reader_->next();
    if (what != node::need_more)
        return take_node(what);
    const auto supplied = supply();
    if (!supplied)
        return supplied.error();
    waits = !*supplied;
    return {};
}

result<void> incoming_envelope::take_text_piece(bool& waits) {
    if (text_failure_)
        return *text_failure_;
    const auto used = text_->take(packed_.view(), whole_);
    part_ = text_->content();
    if (!used && part_.empty())
        return used.error();
    if (!used) {
        text_failure_ = used.error();
        return {};
    }
    packed_.consume(*used);
    ended_ = text_->ended() && part_.empty();
    waits = *used == 0 && part_.empty() && !ended_;
    return {};
}

result<void> incoming_envelope::take_node(node what) {
    switch (what) {
    case node::failed: return reader_->failure();
    case node::element:
        if (content_ != content::before)
            return broken_at(errc::stream_malformed, reader_->offset());
        break;
    case node::text: return take_text();
    case node::end_element:
        content_ = content::behind;
        if (!digits_.is_whole())
            return broken_at(nbfx::errc::conversion_invalid, digits_end_);
        break;
    case node::end_of_document: ended_ = true; break;
    case node::none:
    case node::comment:
    case node::need_more: break;
    }
    return {};
}

result<void> incoming_envelope::take_text() {
    const nbfx::value& value = reader_->value();
    if (content_ != content::within && value.is_white_space())
        return {};
    if (content_ == content::behind)
        return broken_at(errc::stream_malformed, reader_->offset() + white_octets(value));
    content_ = content::within;
    if (value.kind() != nbfx::value_kind::bytes)
        return take_digits(value);
    if (!digits_.is_whole())
        return broken_at(nbfx::errc::conversion_invalid, digits_end_);
    part_ = value.octets();
    return {};
}

/// Text is base64, of which a part may end anywhere.
result<void> incoming_envelope::take_digits(const nbfx::value& value) {
    std::string storage;
    std::string_view text;
    std::size_t unit = 1;
    if (value.kind() == nbfx::value_kind::chars) {
        text = value.chars();
    } else if (value.kind() == nbfx::value_kind::utf16) {
        storage = ascii_of_utf16(value.octets());
        text = storage;
        unit = 2;
    } else {
        if (const auto written = value.append_text(storage); !written)
            return written.error();
        text = storage;
        unit = 0;  // the record as a whole stands for it
    }
    converted_.resize(nbfx::base64_reader::most_from(text.size()));
    std::size_t size = 0;
    const std::size_t bad = digits_.read(text, converted_.data(), size);
    part_ = bytes_view(converted_).first(size);
    if (bad != text.size())
        text_failure_ = broken_at(nbfx::errc::conversion_invalid, reader_->offset() + bad * unit);
    digits_end_ = reader_->offset() + text.size() * unit;
    return {};
}

}  // namespace nettcp::channel
