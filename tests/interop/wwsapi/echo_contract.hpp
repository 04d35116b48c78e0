// The echo contract in WWSAPI's terms: descriptions of its messages, for wwsapi_client.cpp and
// wwsapi_host.cpp. On Windows the tool wsutil writes such tables out of a WSDL.
#pragma once

#include <windows.h>

#include <webservices.h>

#include <array>
#include <cstddef>
#include <cstdio>
#include <initializer_list>
#include <string>
#include <string_view>

namespace interop {

/// A string that lives as long as the program. WWSAPI wants octets that it could write to; it does
/// not write to them.
inline WS_XML_STRING xml_string(std::string_view literal) {
    WS_XML_STRING made = {};
    made.length = static_cast<ULONG>(literal.size());
    made.bytes = reinterpret_cast<BYTE*>(const_cast<char*>(literal.data()));
    return made;
}

inline WS_XML_STRING contract_namespace = xml_string("http://peers.test/svc");

/// One member of a message: an element.
struct member {
    std::string_view name;
    WS_TYPE type;
    std::size_t offset;
    ULONG options = 0;
};

/// One message: a struct as the content of one element. Not to be moved: WWSAPI's
/// descriptions point at each other.
struct message_shape {
    template <class Content>
    struct of {};

    template <class Content>
    message_shape(of<Content>, std::string_view action_text, std::string_view element_name,
                  std::initializer_list<member> members)
        : action(xml_string(action_text)), name(xml_string(element_name)) {
        for (const member& m : members) {
            member_names[count] = xml_string(m.name);
            WS_FIELD_DESCRIPTION& field = fields[count];
            field.mapping = WS_ELEMENT_FIELD_MAPPING;
            field.localName = &member_names[count];
            field.ns = &contract_namespace;
            field.type = m.type;
            field.offset = static_cast<ULONG>(m.offset);
            field.options = m.options;
            field_list[count] = &field;
            ++count;
        }
        type.size = sizeof(Content);
        type.alignment = alignof(Content);
        type.fields = field_list.data();
        type.fieldCount = count;
        type.typeLocalName = &name;
        type.typeNs = &contract_namespace;
        element = {&name, &contract_namespace, WS_STRUCT_TYPE, &type};
        message = {&action, &element};
    }
    message_shape(const message_shape&) = delete;
    message_shape& operator=(const message_shape&) = delete;

    static constexpr std::size_t most = 2;

    WS_XML_STRING action;
    WS_XML_STRING name;
    std::array<WS_XML_STRING, most> member_names = {};
    std::array<WS_FIELD_DESCRIPTION, most> fields = {};
    std::array<WS_FIELD_DESCRIPTION*, most> field_list = {};
    ULONG count = 0;
    WS_STRUCT_DESCRIPTION type = {};
    WS_ELEMENT_DESCRIPTION element = {};
    WS_MESSAGE_DESCRIPTION message = {};
};

struct text_content {
    WCHAR* text;
};
struct bytes_content {
    WS_BYTES bytes;
};
struct pair_content {
    int first;
    int second;
};
struct number_content {
    int number;
};
/// As `text_content`, but with a type that can be empty: Wine takes an empty WS_WSZ for none.
struct counted_text_content {
    WS_STRING text;
};

#define NETTCP_TEXT_MEMBER(name)                                                                   \
    {                                                                                              \
        {                                                                                          \
            name, WS_WSZ_TYPE, offsetof(text_content, text), WS_FIELD_OPTIONAL | WS_FIELD_NILLABLE \
        }                                                                                          \
    }

inline message_shape echo_request(message_shape::of<text_content>(),
                                  "http://peers.test/svc/IEcho/Echo", "Echo",
                                  NETTCP_TEXT_MEMBER("text"));
inline message_shape echo_reply(message_shape::of<text_content>(),
                                "http://peers.test/svc/IEcho/EchoResponse", "EchoResponse",
                                NETTCP_TEXT_MEMBER("EchoResult"));
inline message_shape
    counted_echo_request(message_shape::of<counted_text_content>(),
                         "http://peers.test/svc/IEcho/Echo", "Echo",
                         {{"text", WS_STRING_TYPE, offsetof(counted_text_content, text)}});
inline message_shape
    counted_echo_reply(message_shape::of<counted_text_content>(),
                       "http://peers.test/svc/IEcho/EchoResponse", "EchoResponse",
                       {{"EchoResult", WS_STRING_TYPE, offsetof(counted_text_content, text)}});
inline message_shape bytes_request(message_shape::of<bytes_content>(),
                                   "http://peers.test/svc/IEcho/EchoBytes", "EchoBytes",
                                   {{"data", WS_BYTES_TYPE, offsetof(bytes_content, bytes)}});
inline message_shape
    bytes_reply(message_shape::of<bytes_content>(), "http://peers.test/svc/IEcho/EchoBytesResponse",
                "EchoBytesResponse",
                {{"EchoBytesResult", WS_BYTES_TYPE, offsetof(bytes_content, bytes)}});
inline message_shape add_request(message_shape::of<pair_content>(),
                                 "http://peers.test/svc/IEcho/Add", "Add",
                                 {{"a", WS_INT32_TYPE, offsetof(pair_content, first)},
                                  {"b", WS_INT32_TYPE, offsetof(pair_content, second)}});
inline message_shape add_reply(message_shape::of<pair_content>(),
                               "http://peers.test/svc/IEcho/AddResponse", "AddResponse",
                               {{"AddResult", WS_INT32_TYPE, offsetof(pair_content, first)},
                                {"difference", WS_INT32_TYPE, offsetof(pair_content, second)}});
inline message_shape notify_message(message_shape::of<text_content>(),
                                    "http://peers.test/svc/IEcho/Notify", "Notify",
                                    NETTCP_TEXT_MEMBER("text"));
inline message_shape count_request(message_shape::of<text_content>(),
                                   "http://peers.test/svc/IEcho/NotifyCount", "NotifyCount",
                                   NETTCP_TEXT_MEMBER("text"));
inline message_shape
    count_reply(message_shape::of<number_content>(),
                "http://peers.test/svc/IEcho/NotifyCountResponse", "NotifyCountResponse",
                {{"NotifyCountResult", WS_INT32_TYPE, offsetof(number_content, number)}});

#undef NETTCP_TEXT_MEMBER

inline std::wstring wide(std::string_view utf8) {
    const int size = static_cast<int>(utf8.size());
    std::wstring made(
        static_cast<std::size_t>(MultiByteToWideChar(CP_UTF8, 0, utf8.data(), size, nullptr, 0)),
        L'\0');
    MultiByteToWideChar(CP_UTF8, 0, utf8.data(), size, made.data(), static_cast<int>(made.size()));
    return made;
}

inline std::string narrow(std::wstring_view utf16) {
    const int size = static_cast<int>(utf16.size());
    std::string made(static_cast<std::size_t>(WideCharToMultiByte(CP_UTF8, 0, utf16.data(), size,
                                                                  nullptr, 0, nullptr, nullptr)),
                     '\0');
    WideCharToMultiByte(CP_UTF8, 0, utf16.data(), size, made.data(), static_cast<int>(made.size()),
                        nullptr, nullptr);
    return made;
}

/// What a WWSAPI function said about its failure.
inline std::string reason(const char* function, HRESULT code, WS_ERROR* error) {
    char number[32];
    std::snprintf(number, sizeof number, ": 0x%08lx", static_cast<unsigned long>(code));
    std::string made = std::string(function) + number;
    ULONG count = 0;
    WsGetErrorProperty(error, WS_ERROR_PROPERTY_STRING_COUNT, &count, sizeof count);
    for (ULONG i = 0; i < count; ++i) {
        WS_STRING text = {};
        if (SUCCEEDED(WsGetErrorString(error, i, &text)))
            made += " " + narrow({text.chars, text.length});
    }
    return made;
}

}  // namespace interop
