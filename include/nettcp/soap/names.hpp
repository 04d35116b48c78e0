// Generated from proto/soap/names.table by tools/protogen.py. Do not edit.
// clang-format off
#pragma once

#include <nettcp/nbfx/dictionary_string.hpp>

namespace nettcp::soap::names {

/// SOAP 1.2 Part 1, namespace.
inline constexpr nbfx::dictionary_string ns_soap12 =
    nbfx::lasting_string("http://www.w3.org/2003/05/soap-envelope", 0x004);
/// SOAP 1.1, namespace.
inline constexpr nbfx::dictionary_string ns_soap11 =
    nbfx::lasting_string("http://schemas.xmlsoap.org/soap/envelope/", 0x3c2);
/// WS-Addressing 1.0 Core, namespace.
inline constexpr nbfx::dictionary_string ns_addressing10 =
    nbfx::lasting_string("http://www.w3.org/2005/08/addressing", 0x006);
/// WS-Addressing, the submission of August 2004.
inline constexpr nbfx::dictionary_string ns_addressing200408 =
    nbfx::lasting_string("http://schemas.xmlsoap.org/ws/2004/08/addressing", 0x0d2);
/// WCF, no addressing.
inline constexpr nbfx::dictionary_string ns_addressing_none =
    nbfx::lasting_string("http://schemas.microsoft.com/ws/2005/05/addressing/none", 0x36e);
/// WS-Addressing identity extension.
inline constexpr nbfx::dictionary_string ns_identity =
    nbfx::lasting_string("http://schemas.xmlsoap.org/ws/2006/02/addressingidentity", 0x0b8);
/// XML Schema Part 1, instance namespace.
inline constexpr nbfx::dictionary_string ns_xsi =
    nbfx::lasting_string("http://www.w3.org/2001/XMLSchema-instance", 0x372);
/// XML Schema Part 1, namespace.
inline constexpr nbfx::dictionary_string ns_xsd =
    nbfx::lasting_string("http://www.w3.org/2001/XMLSchema", 0x374);
/// Namespaces in XML, the prefix xml.
inline constexpr nbfx::dictionary_string ns_xml =
    nbfx::lasting_string("http://www.w3.org/XML/1998/namespace", nbfx::no_static_id);
/// Namespaces in XML, the prefix xmlns.
inline constexpr nbfx::dictionary_string ns_xmlns =
    nbfx::lasting_string("http://www.w3.org/2000/xmlns/", nbfx::no_static_id);
/// WCF data contracts, built-in types.
inline constexpr nbfx::dictionary_string ns_serialization =
    nbfx::lasting_string("http://schemas.microsoft.com/2003/10/Serialization/", nbfx::no_static_id);
/// WCF data contracts, collections.
inline constexpr nbfx::dictionary_string ns_arrays =
    nbfx::lasting_string("http://schemas.microsoft.com/2003/10/Serialization/Arrays", nbfx::no_static_id);
/// WCF data contracts, prefix of default namespaces.
inline constexpr nbfx::dictionary_string ns_data_contracts =
    nbfx::lasting_string("http://schemas.datacontract.org/2004/07/", nbfx::no_static_id);
/// WCF, ExceptionDetail.
inline constexpr nbfx::dictionary_string ns_service_model =
    nbfx::lasting_string("http://schemas.datacontract.org/2004/07/System.ServiceModel", nbfx::no_static_id);
/// WCF, subcodes and action of its own faults.
inline constexpr nbfx::dictionary_string ns_dispatcher = nbfx::lasting_string(
    "http://schemas.microsoft.com/net/2005/12/"
    "windowscommunicationfoundation/dispatcher", nbfx::no_static_id);
/// WS-Security 1.0, namespace.
inline constexpr nbfx::dictionary_string ns_security10 = nbfx::lasting_string(
    "http://docs.oasis-open.org/wss/2004/01/"
    "oasis-200401-wss-wssecurity-secext-1.0.xsd", 0x048);
/// WCF, ActivityId header.
inline constexpr nbfx::dictionary_string ns_diagnostics =
    nbfx::lasting_string("http://schemas.microsoft.com/2004/09/ServiceModel/Diagnostics", 0x354);
/// WCF, default namespace of contracts.
inline constexpr nbfx::dictionary_string ns_tempuri =
    nbfx::lasting_string("http://tempuri.org/", nbfx::no_static_id);
/// the prefix WCF gives SOAP.
inline constexpr nbfx::dictionary_string prefix_soap = nbfx::lasting_string("s", 0x084);
/// the prefix WCF gives WS-Addressing.
inline constexpr nbfx::dictionary_string prefix_addressing = nbfx::lasting_string("a", 0x0b6);
/// SOAP 1.2 Part 1, SOAP Envelope.
inline constexpr nbfx::dictionary_string envelope = nbfx::lasting_string("Envelope", 0x002);
/// SOAP 1.2 Part 1, SOAP Header.
inline constexpr nbfx::dictionary_string header = nbfx::lasting_string("Header", 0x008);
/// SOAP 1.2 Part 1, SOAP Body.
inline constexpr nbfx::dictionary_string body = nbfx::lasting_string("Body", 0x00e);
/// SOAP 1.2 Part 1, mustUnderstand Attribute.
inline constexpr nbfx::dictionary_string must_understand =
    nbfx::lasting_string("mustUnderstand", 0x000);
/// SOAP 1.2 Part 1, SOAP Fault Codes.
inline constexpr nbfx::dictionary_string must_understand_code =
    nbfx::lasting_string("MustUnderstand", 0x088);
/// SOAP 1.2 Part 1, SOAP role Attribute.
inline constexpr nbfx::dictionary_string role = nbfx::lasting_string("role", 0x08a);
/// SOAP 1.2 Part 1, SOAP relay Attribute.
inline constexpr nbfx::dictionary_string relay = nbfx::lasting_string("relay", 0x08c);
/// SOAP 1.1, SOAP actor Attribute.
inline constexpr nbfx::dictionary_string actor = nbfx::lasting_string("actor", 0x3c4);
/// SOAP 1.2 Part 1, SOAP NotUnderstood Element.
inline constexpr nbfx::dictionary_string not_understood =
    nbfx::lasting_string("NotUnderstood", 0x09e);
/// SOAP 1.2 Part 1, SOAP QName Attribute.
inline constexpr nbfx::dictionary_string qname = nbfx::lasting_string("qname", 0x0a0);
/// SOAP 1.2 Part 1, SOAP Upgrade Header Block.
inline constexpr nbfx::dictionary_string upgrade =
    nbfx::lasting_string("Upgrade", nbfx::no_static_id);
/// SOAP 1.2 Part 1, SOAP Upgrade Header Block.
inline constexpr nbfx::dictionary_string supported_envelope =
    nbfx::lasting_string("SupportedEnvelope", nbfx::no_static_id);
/// SOAP 1.2 Part 1, SOAP Roles.
inline constexpr nbfx::dictionary_string role_next =
    nbfx::lasting_string("http://www.w3.org/2003/05/soap-envelope/role/next", nbfx::no_static_id);
/// SOAP 1.2 Part 1, SOAP Roles.
inline constexpr nbfx::dictionary_string role_ultimate_receiver =
    nbfx::lasting_string("http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver", nbfx::no_static_id);
/// SOAP 1.2 Part 1, SOAP Roles.
inline constexpr nbfx::dictionary_string role_none =
    nbfx::lasting_string("http://www.w3.org/2003/05/soap-envelope/role/none", nbfx::no_static_id);
/// SOAP 1.1, SOAP actor Attribute.
inline constexpr nbfx::dictionary_string actor_next =
    nbfx::lasting_string("http://schemas.xmlsoap.org/soap/actor/next", nbfx::no_static_id);
/// SOAP 1.2 Part 1, SOAP Fault.
inline constexpr nbfx::dictionary_string fault = nbfx::lasting_string("Fault", 0x086);
/// SOAP 1.2 Part 1, SOAP Code Element.
inline constexpr nbfx::dictionary_string code = nbfx::lasting_string("Code", 0x08e);
/// SOAP 1.2 Part 1, SOAP Value Element.
inline constexpr nbfx::dictionary_string value = nbfx::lasting_string("Value", 0x09a);
/// SOAP 1.2 Part 1, SOAP Subcode Element.
inline constexpr nbfx::dictionary_string subcode = nbfx::lasting_string("Subcode", 0x09c);
/// SOAP 1.2 Part 1, SOAP Reason Element.
inline constexpr nbfx::dictionary_string reason = nbfx::lasting_string("Reason", 0x090);
/// SOAP 1.2 Part 1, SOAP Text Element.
inline constexpr nbfx::dictionary_string text = nbfx::lasting_string("Text", 0x092);
/// SOAP 1.2 Part 1, SOAP Node Element.
inline constexpr nbfx::dictionary_string node = nbfx::lasting_string("Node", 0x094);
/// SOAP 1.2 Part 1, SOAP Role Element.
inline constexpr nbfx::dictionary_string fault_role = nbfx::lasting_string("Role", 0x096);
/// SOAP 1.2 Part 1, SOAP Detail Element.
inline constexpr nbfx::dictionary_string detail = nbfx::lasting_string("Detail", 0x098);
/// SOAP 1.1, SOAP Fault.
inline constexpr nbfx::dictionary_string fault_code11 = nbfx::lasting_string("faultcode", 0x3c6);
/// SOAP 1.1, SOAP Fault.
inline constexpr nbfx::dictionary_string fault_string11 =
    nbfx::lasting_string("faultstring", 0x3c8);
/// SOAP 1.1, SOAP Fault.
inline constexpr nbfx::dictionary_string fault_actor11 = nbfx::lasting_string("faultactor", 0x3ca);
/// SOAP 1.1, SOAP Fault.
inline constexpr nbfx::dictionary_string detail11 = nbfx::lasting_string("detail", 0x3cc);
/// XML 1.0, Language Identification.
inline constexpr nbfx::dictionary_string lang = nbfx::lasting_string("lang", nbfx::no_static_id);
/// SOAP 1.2 Part 1, SOAP Fault Codes.
inline constexpr nbfx::dictionary_string sender =
    nbfx::lasting_string("Sender", nbfx::no_static_id);
/// SOAP 1.2 Part 1, SOAP Fault Codes.
inline constexpr nbfx::dictionary_string receiver =
    nbfx::lasting_string("Receiver", nbfx::no_static_id);
/// SOAP 1.1, SOAP Fault Codes.
inline constexpr nbfx::dictionary_string client11 =
    nbfx::lasting_string("Client", nbfx::no_static_id);
/// SOAP 1.1, SOAP Fault Codes.
inline constexpr nbfx::dictionary_string server11 =
    nbfx::lasting_string("Server", nbfx::no_static_id);
/// SOAP 1.2 Part 1, SOAP Fault Codes.
inline constexpr nbfx::dictionary_string version_mismatch =
    nbfx::lasting_string("VersionMismatch", nbfx::no_static_id);
/// SOAP 1.2 Part 1, SOAP Fault Codes.
inline constexpr nbfx::dictionary_string encoding_unknown =
    nbfx::lasting_string("DataEncodingUnknown", nbfx::no_static_id);
/// WS-Addressing 1.0 Core, Message Addressing Properties.
inline constexpr nbfx::dictionary_string action = nbfx::lasting_string("Action", 0x00a);
/// WS-Addressing 1.0 Core, Message Addressing Properties.
inline constexpr nbfx::dictionary_string message_id = nbfx::lasting_string("MessageID", 0x01a);
/// WS-Addressing 1.0 Core, Message Addressing Properties.
inline constexpr nbfx::dictionary_string relates_to = nbfx::lasting_string("RelatesTo", 0x012);
/// WS-Addressing 1.0 Core, Message Addressing Properties.
inline constexpr nbfx::dictionary_string relationship_type =
    nbfx::lasting_string("RelationshipType", 0x0b2);
/// WS-Addressing 1.0 Core, Message Addressing Properties.
inline constexpr nbfx::dictionary_string to = nbfx::lasting_string("To", 0x00c);
/// WS-Addressing 1.0 Core, Message Addressing Properties.
inline constexpr nbfx::dictionary_string reply_to = nbfx::lasting_string("ReplyTo", 0x02c);
/// WS-Addressing 1.0 Core, Message Addressing Properties.
inline constexpr nbfx::dictionary_string fault_to = nbfx::lasting_string("FaultTo", 0x0a6);
/// WS-Addressing 1.0 Core, Message Addressing Properties.
inline constexpr nbfx::dictionary_string from = nbfx::lasting_string("From", 0x0a4);
/// WS-Addressing 1.0 Core, Endpoint References.
inline constexpr nbfx::dictionary_string address = nbfx::lasting_string("Address", 0x02a);
/// WS-Addressing 1.0 Core, Endpoint References.
inline constexpr nbfx::dictionary_string endpoint_reference =
    nbfx::lasting_string("EndpointReference", 0x0a8);
/// WS-Addressing 1.0 Core, Endpoint References.
inline constexpr nbfx::dictionary_string reference_parameters =
    nbfx::lasting_string("ReferenceParameters", 0x0c8);
/// WS-Addressing 1.0 SOAP Binding, Sending a Message.
inline constexpr nbfx::dictionary_string is_reference_parameter =
    nbfx::lasting_string("IsReferenceParameter", 0x0ca);
/// WS-Addressing 1.0 Core, Endpoint References.
inline constexpr nbfx::dictionary_string metadata = nbfx::lasting_string("Metadata", 0x0d0);
/// WS-Addressing identity extension.
inline constexpr nbfx::dictionary_string identity = nbfx::lasting_string("Identity", 0x0ba);
/// WS-Addressing 1.0 Core, Endpoint References.
inline constexpr nbfx::dictionary_string anonymous =
    nbfx::lasting_string("http://www.w3.org/2005/08/addressing/anonymous", 0x014);
/// WS-Addressing, the submission of August 2004.
inline constexpr nbfx::dictionary_string anonymous200408 =
    nbfx::lasting_string("http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous", 0x0d4);
/// WS-Addressing 1.0 Core, Endpoint References.
inline constexpr nbfx::dictionary_string none_address =
    nbfx::lasting_string("http://www.w3.org/2005/08/addressing/none", 0x0ce);
/// WS-Addressing 1.0 Core, Message Addressing Properties.
inline constexpr nbfx::dictionary_string reply_relationship =
    nbfx::lasting_string("http://www.w3.org/2005/08/addressing/reply", 0x0cc);
/// WS-Addressing 1.0 SOAP Binding, Predefined Faults.
inline constexpr nbfx::dictionary_string action_addressing_fault =
    nbfx::lasting_string("http://www.w3.org/2005/08/addressing/fault", 0x0c6);
/// WS-Addressing 1.0 SOAP Binding, Faults; WCF's default fault action.
inline constexpr nbfx::dictionary_string action_soap_fault =
    nbfx::lasting_string("http://www.w3.org/2005/08/addressing/soap/fault", nbfx::no_static_id);
/// WS-Addressing, the submission of August 2004; WCF's default fault action there.
inline constexpr nbfx::dictionary_string action_fault200408 =
    nbfx::lasting_string("http://schemas.xmlsoap.org/ws/2004/08/addressing/fault", 0x0d6);
/// WCF, action of its own faults.
inline constexpr nbfx::dictionary_string action_dispatcher_fault = nbfx::lasting_string(
    "http://schemas.microsoft.com/net/2005/12/"
    "windowscommunicationfoundation/dispatcher/fault", nbfx::no_static_id);
/// WS-Addressing 1.0 SOAP Binding, Action Not Supported.
inline constexpr nbfx::dictionary_string action_not_supported =
    nbfx::lasting_string("ActionNotSupported", nbfx::no_static_id);
/// WS-Security 1.0, Error Handling.
inline constexpr nbfx::dictionary_string failed_authentication =
    nbfx::lasting_string("FailedAuthentication", 0x16c);
/// WS-Addressing 1.0 SOAP Binding, Destination Unreachable.
inline constexpr nbfx::dictionary_string destination_unreachable =
    nbfx::lasting_string("DestinationUnreachable", nbfx::no_static_id);
/// WS-Addressing 1.0 SOAP Binding, Endpoint Unavailable.
inline constexpr nbfx::dictionary_string endpoint_unavailable =
    nbfx::lasting_string("EndpointUnavailable", nbfx::no_static_id);
/// WS-Addressing 1.0 SOAP Binding, Invalid Addressing Header.
inline constexpr nbfx::dictionary_string invalid_addressing_header =
    nbfx::lasting_string("InvalidAddressingHeader", nbfx::no_static_id);
/// WS-Addressing 1.0 SOAP Binding, Invalid Addressing Header.
inline constexpr nbfx::dictionary_string invalid_cardinality =
    nbfx::lasting_string("InvalidCardinality", nbfx::no_static_id);
/// WS-Addressing 1.0 SOAP Binding, Message Addressing Header Required.
inline constexpr nbfx::dictionary_string addressing_header_required =
    nbfx::lasting_string("MessageAddressingHeaderRequired", nbfx::no_static_id);
/// WS-Addressing 1.0 SOAP Binding, Invalid Addressing Header.
inline constexpr nbfx::dictionary_string only_anonymous_supported =
    nbfx::lasting_string("OnlyAnonymousAddressSupported", nbfx::no_static_id);
/// WS-Addressing 1.0 SOAP Binding, Action Not Supported.
inline constexpr nbfx::dictionary_string problem_action =
    nbfx::lasting_string("ProblemAction", nbfx::no_static_id);
/// WS-Addressing 1.0 SOAP Binding, Invalid Addressing Header.
inline constexpr nbfx::dictionary_string problem_header_qname =
    nbfx::lasting_string("ProblemHeaderQName", nbfx::no_static_id);
/// WS-Addressing 1.0 SOAP Binding, Destination Unreachable.
inline constexpr nbfx::dictionary_string problem_iri =
    nbfx::lasting_string("ProblemIRI", nbfx::no_static_id);
/// WS-Addressing 1.0 SOAP Binding, fault details.
inline constexpr nbfx::dictionary_string fault_detail =
    nbfx::lasting_string("FaultDetail", nbfx::no_static_id);
/// WCF, an exception that no fault contract covers.
inline constexpr nbfx::dictionary_string internal_service_fault =
    nbfx::lasting_string("InternalServiceFault", nbfx::no_static_id);
/// WCF, a body that does not fit the contract.
inline constexpr nbfx::dictionary_string deserialization_failed =
    nbfx::lasting_string("DeserializationFailed", nbfx::no_static_id);
/// WCF, a session whose terminating operation was called.
inline constexpr nbfx::dictionary_string session_terminated =
    nbfx::lasting_string("SessionTerminated", nbfx::no_static_id);
/// WCF, what a failed operation tells in debug setups.
inline constexpr nbfx::dictionary_string exception_detail =
    nbfx::lasting_string("ExceptionDetail", nbfx::no_static_id);
/// WCF, tracing header.
inline constexpr nbfx::dictionary_string activity_id = nbfx::lasting_string("ActivityId", 0x352);
/// XML Schema Part 1, xsi:nil.
inline constexpr nbfx::dictionary_string nil = nbfx::lasting_string("nil", 0x376);
/// XML Schema Part 1, xsi:type.
inline constexpr nbfx::dictionary_string type = nbfx::lasting_string("type", 0x378);

}  // namespace nettcp::soap::names
