// Envelopes of an echo, by .NET's binary XML reader and writer with the dictionaries of a session.
using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Xml;

namespace UpgradePeer
{
class Echo
{
    const string Soap = "http://www.w3.org/2003/05/soap-envelope";
    const string Addressing = "http://www.w3.org/2005/08/addressing";
    const string Service = "http://peers.test/svc";
    public const string Action = Service + "/IEcho/Echo";

    /// Notes the strings that the writer adds, for the table in front of the envelope.
    class Session : XmlBinaryWriterSession
    {
        public readonly List<string> Added = new();
        public override bool TryAdd(XmlDictionaryString value, out int key)
        {
            if (!base.TryAdd(value, out key)) return false;
            Added.Add(value.Value);
            return true;
        }
    }

    readonly XmlDictionary fixedStrings;
    readonly XmlDictionary ownStrings = new();
    readonly XmlBinaryReaderSession heard = new();
    readonly Session said = new();
    int heardCount;

    public Echo(XmlDictionary fixedStrings) { this.fixedStrings = fixedStrings; }

    /// The strings of [MC-NBFS] out of the project's table: rows with the string in double quotes
    /// at their end.
    public static XmlDictionary FixedStrings(string path)
    {
        var strings = new XmlDictionary();
        foreach (var line in File.ReadAllLines(path))
        {
            var open = line.IndexOf('"');
            if (line.StartsWith('#') || open < 0) continue;
            strings.Add(line.Substring(open + 1, line.LastIndexOf('"') - open - 1)
                            .Replace("\\\"", "\"")
                            .Replace("\\\\", "\\"));
        }
        return strings;
    }

    XmlDictionaryString Word(string text) =>
        fixedStrings.TryLookup(text, out XmlDictionaryString known) ? known : ownStrings.Add(text);

    /// An envelope with its string table. `relatesTo` is null in a request; `value` is a string, or
    /// octets.
    public byte[] Write(string action, UniqueId id, UniqueId relatesTo, string to, string element,
                        string inner, object value)
    {
        var document = new MemoryStream();
        said.Added.Clear();
        using (var writer = XmlDictionaryWriter.CreateBinaryWriter(document, fixedStrings, said,
                                                                   false))
        {
            writer.WriteStartElement("s", Word("Envelope"), Word(Soap));
            writer.WriteXmlnsAttribute("a", Word(Addressing));
            writer.WriteStartElement("s", Word("Header"), Word(Soap));
            writer.WriteStartElement("a", Word("Action"), Word(Addressing));
            writer.WriteAttributeString("s", Word("mustUnderstand"), Word(Soap), "1");
            writer.WriteString(Word(action));
            writer.WriteEndElement();
            if (relatesTo != null)
            {
                writer.WriteStartElement("a", Word("RelatesTo"), Word(Addressing));
                writer.WriteValue(relatesTo);
                writer.WriteEndElement();
            }
            else
            {
                writer.WriteStartElement("a", Word("MessageID"), Word(Addressing));
                writer.WriteValue(id);
                writer.WriteEndElement();
                writer.WriteStartElement("a", Word("To"), Word(Addressing));
                writer.WriteAttributeString("s", Word("mustUnderstand"), Word(Soap), "1");
                writer.WriteString(Word(to));
                writer.WriteEndElement();
            }
            writer.WriteEndElement();
            writer.WriteStartElement("s", Word("Body"), Word(Soap));
            writer.WriteStartElement("", Word(element), Word(Service));
            writer.WriteStartElement("", Word(inner), Word(Service));
            if (value is byte[] octets) writer.WriteBase64(octets, 0, octets.Length);
            else writer.WriteString((string)value);
            writer.WriteEndElement();
            writer.WriteEndElement();
            writer.WriteEndElement();
            writer.WriteEndElement();
        }
        var table = new MemoryStream();
        foreach (var added in said.Added)
        {
            var octets = Encoding.UTF8.GetBytes(added);
            Framing.AppendSize(table, octets.Length);
            table.Write(octets);
        }
        var whole = new MemoryStream();
        Framing.AppendSize(whole, (int)table.Length);
        table.WriteTo(whole);
        document.WriteTo(whole);
        return whole.ToArray();
    }

    public class Message
    {
        public string Action, Text, Element;
        public byte[] Octets; // in place of Text, where the operation is EchoBytes
        public UniqueId Id, RelatesTo;
    }

    public Message Read(byte[] payload)
    {
        var at = ReadTable(payload);
        using var reader = XmlDictionaryReader.CreateBinaryReader(
            payload, at, payload.Length - at, fixedStrings, XmlDictionaryReaderQuotas.Max, heard);
        var message = new Message();
        reader.MoveToContent();
        reader.ReadStartElement("Envelope", Soap);
        reader.ReadStartElement("Header", Soap);
        while (reader.MoveToContent() == XmlNodeType.Element)
        {
            if (reader.NamespaceURI != Addressing) reader.Skip();
            else if (reader.LocalName == "Action") message.Action = reader.ReadElementContentAsString();
            else if (reader.LocalName == "MessageID") message.Id = ReadId(reader);
            else if (reader.LocalName == "RelatesTo") message.RelatesTo = ReadId(reader);
            else reader.Skip();
        }
        reader.ReadEndElement();
        reader.ReadStartElement("Body", Soap);
        reader.MoveToContent();
        message.Element = reader.LocalName;
        reader.ReadStartElement();
        if (reader.MoveToContent() != XmlNodeType.Element || message.Element == "Fault")
            return message;
        if (message.Element == "EchoBytes") message.Octets = reader.ReadElementContentAsBase64();
        else message.Text = reader.ReadElementContentAsString();
        return message;
    }

    static UniqueId ReadId(XmlDictionaryReader reader)
    {
        reader.ReadStartElement();
        var id = reader.ReadContentAsUniqueId();
        reader.ReadEndElement();
        return id;
    }

    int ReadTable(byte[] payload)
    {
        var at = 0;
        var end = Size(payload, ref at);
        end += at;
        while (at < end)
        {
            var size = Size(payload, ref at);
            heard.Add(heardCount++, Encoding.UTF8.GetString(payload, at, size));
            at += size;
        }
        return at;
    }

    static int Size(byte[] octets, ref int at)
    {
        var size = 0;
        for (var shift = 0;; shift += 7)
        {
            var octet = octets[at++];
            size |= (octet & 0x7f) << shift;
            if ((octet & 0x80) == 0) return size;
        }
    }
}
}
