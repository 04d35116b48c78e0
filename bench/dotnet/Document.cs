using System;
using System.Collections.Generic;
using System.IO;
using System.Xml;

namespace NbfxBench
{
// A binary document: read as a whole, and written again by the calls that a program which knows its
// contract would make.
class Document
{
    enum Kind { Start, Attribute, Declaration, End, Text }

    struct Call
    {
        public Kind Kind;
        public string Prefix;
        public XmlDictionaryString Local;
        public XmlDictionaryString Namespace; // of a declaration: what is declared
        public object Value; // a string, an XmlDictionaryString, or what the record holds
        public Type Type;
        public long Integer;
        public double Number;
    }

    readonly XmlDictionary standard = new XmlDictionary();
    readonly XmlDictionary words = new XmlDictionary();
    readonly Dictionary<string, XmlDictionaryString> known =
        new Dictionary<string, XmlDictionaryString>();
    readonly XmlBinaryReaderSession received = new XmlBinaryReaderSession();
    readonly XmlBinaryWriterSession sent = new XmlBinaryWriterSession();
    readonly byte[] octets;
    readonly XmlDictionaryReader reader;
    readonly XmlDictionaryWriter writer;
    readonly MemoryStream output = new MemoryStream(1 << 16);
    readonly Call[] calls;
    long seen;

    public Document(string folder, string name)
    {
        octets = File.ReadAllBytes(Path.Combine(folder, name + ".bin"));
        var id = 0;
        foreach (var line in File.ReadAllLines(Path.Combine(folder, name + ".strings")))
        {
            received.Add(id++, line);
            var word = words.Add(line);
            known.TryAdd(line, word);
            sent.TryAdd(word, out _);
        }
        foreach (var line in File.ReadAllLines(Path.Combine(folder, "static")))
            known.TryAdd(line, standard.Add(line));
        reader = XmlDictionaryReader.CreateBinaryReader(octets, 0, octets.Length, standard,
            XmlDictionaryReaderQuotas.Max, received, null);
        writer = XmlDictionaryWriter.CreateBinaryWriter(output, standard, sent, false);
        calls = Record().ToArray();
        Write();
        if (output.Length != octets.Length)
            Console.Error.WriteLine(
                $".NET writes {name} in {output.Length} octets, not {octets.Length}");
    }

    void Open() => ((IXmlBinaryReaderInitializer)reader).SetInput(
        octets, 0, octets.Length, standard, XmlDictionaryReaderQuotas.Max, received, null);

    // Every name and every value.
    public void Walk()
    {
        Open();
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
            case XmlNodeType.Element:
                seen += reader.LocalName.Length + reader.NamespaceURI.Length;
                if (!reader.MoveToFirstAttribute()) break;
                do seen += reader.LocalName.Length + reader.Value.Length;
                while (reader.MoveToNextAttribute());
                reader.MoveToElement();
                break;
            case XmlNodeType.EndElement:
                break;
            default:
                seen += reader.Value.Length;
                break;
            }
        }
    }

    public void Write()
    {
        output.Position = 0;
        output.SetLength(0);
        ((IXmlBinaryWriterInitializer)writer).SetOutput(output, standard, sent, false);
        foreach (ref var call in calls.AsSpan())
        {
            switch (call.Kind)
            {
            case Kind.Start:
                writer.WriteStartElement(call.Prefix, call.Local, call.Namespace);
                break;
            case Kind.Declaration:
                writer.WriteXmlnsAttribute(call.Prefix, call.Namespace);
                break;
            case Kind.Attribute:
                writer.WriteStartAttribute(call.Prefix, call.Local, call.Namespace);
                WriteValue(call);
                writer.WriteEndAttribute();
                break;
            case Kind.End:
                writer.WriteEndElement();
                break;
            default:
                WriteValue(call);
                break;
            }
        }
        writer.Flush();
    }

    void WriteValue(in Call call)
    {
        if (call.Type == typeof(string)) writer.WriteString((string)call.Value);
        else if (call.Type == typeof(int)) writer.WriteValue((int)call.Integer);
        else if (call.Type == typeof(double)) writer.WriteValue(call.Number);
        else if (call.Type == typeof(bool)) writer.WriteValue(call.Integer != 0);
        else if (call.Value is XmlDictionaryString word) writer.WriteString(word);
        else if (call.Type == typeof(long)) writer.WriteValue(call.Integer);
        else if (call.Type == typeof(float)) writer.WriteValue((float)call.Number);
        else if (call.Value is byte[] bytes) writer.WriteBase64(bytes, 0, bytes.Length);
        else if (call.Value is UniqueId unique) writer.WriteValue(unique);
        else writer.WriteValue(call.Value);
    }

    XmlDictionaryString Word(string text)
    {
        if (!known.TryGetValue(text, out var word)) known[text] = word = words.Add(text);
        return word;
    }

    List<Call> Record()
    {
        var made = new List<Call>();
        Open();
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
            case XmlNodeType.Element:
                RecordTag(made);
                break;
            case XmlNodeType.EndElement:
                made.Add(new Call { Kind = Kind.End });
                break;
            default:
                made.Add(WithValue(Kind.Text));
                break;
            }
        }
        return made;
    }

    void RecordTag(List<Call> made)
    {
        var tag = new Call {
            Kind = Kind.Start,
            Prefix = reader.Prefix,
            Local = Word(reader.LocalName),
            Namespace = Word(reader.NamespaceURI),
        };
        made.Add(tag);
        if (!reader.MoveToFirstAttribute()) return;
        do
        {
            if (reader.NamespaceURI != "http://www.w3.org/2000/xmlns/")
            {
                var prefix = reader.Prefix;
                var local = Word(reader.LocalName);
                var ns = Word(reader.NamespaceURI);
                reader.ReadAttributeValue();
                var call = WithValue(Kind.Attribute);
                call.Prefix = prefix;
                call.Local = local;
                call.Namespace = ns;
                made.Add(call);
                continue;
            }
            var declared = reader.Prefix.Length == 0 ? "" : reader.LocalName;
            if (declared != tag.Prefix) // that one the writer declares by itself
                made.Add(new Call {
                    Kind = Kind.Declaration,
                    Prefix = declared,
                    Namespace = Word(reader.Value),
                });
        }
        while (reader.MoveToNextAttribute());
        reader.MoveToElement();
    }

    // The value the reader stands on, typed as its record is.
    Call WithValue(Kind kind)
    {
        var call = new Call { Kind = kind, Type = reader.ValueType };
        var text = reader.Value;
        if (call.Type == typeof(string))
        {
            if (known.TryGetValue(text, out var word))
            {
                call.Value = word;
                call.Type = null;
                return call;
            }
            call.Value = text;
        }
        else if (call.Type == typeof(sbyte) || call.Type == typeof(byte) ||
            call.Type == typeof(short) || call.Type == typeof(int))
        {
            call.Type = typeof(int);
            call.Integer = XmlConvert.ToInt64(text);
        }
        else if (call.Type == typeof(long)) call.Integer = XmlConvert.ToInt64(text);
        else if (call.Type == typeof(bool)) call.Integer = XmlConvert.ToBoolean(text) ? 1 : 0;
        else if (call.Type == typeof(float) || call.Type == typeof(double))
            call.Number = XmlConvert.ToDouble(text);
        else if (call.Type == typeof(byte[])) call.Value = Convert.FromBase64String(text);
        else if (call.Type == typeof(UniqueId)) call.Value = new UniqueId(text);
        else if (call.Type == typeof(Guid)) call.Value = XmlConvert.ToGuid(text);
        else if (call.Type == typeof(decimal)) call.Value = XmlConvert.ToDecimal(text);
        else if (call.Type == typeof(TimeSpan)) call.Value = XmlConvert.ToTimeSpan(text);
        else if (call.Type == typeof(DateTime))
            call.Value = XmlConvert.ToDateTime(text, XmlDateTimeSerializationMode.RoundtripKind);
        else
        {
            call.Type = typeof(string);
            call.Value = text;
        }
        return call;
    }
}
}
