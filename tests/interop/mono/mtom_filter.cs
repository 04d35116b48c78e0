// mtom_filter.exe read              an MTOM message becomes its XML, with base64 in it
// mtom_filter.exe write CHARSET SOAP   XML becomes an MTOM message: what EchoBytes carries as octets
// From standard input to standard output, by .NET's XmlMtomReader and XmlMtomWriter as Mono has them.
using System;
using System.IO;
using System.Text;
using System.Xml;

static class Filter
{
    static int Main(string[] arguments)
    {
        var input = new MemoryStream();
        Console.OpenStandardInput().CopyTo(input);
        input.Position = 0;
        var output = new MemoryStream();
        if (arguments.Length == 1 && arguments[0] == "read")
            Read(input, output);
        else if (arguments.Length == 3 && arguments[0] == "write")
            Write(input, output, Encoding.GetEncoding(arguments[1]), arguments[2]);
        else
            return 2;
        output.WriteTo(Console.OpenStandardOutput());
        return 0;
    }

    static void Read(Stream message, Stream text)
    {
        var charsets = new[] { Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode };
        var reader =
            XmlDictionaryReader.CreateMtomReader(message, charsets, XmlDictionaryReaderQuotas.Max);
        var writer = XmlDictionaryWriter.CreateTextWriter(text);
        reader.MoveToContent();
        writer.WriteNode(reader, false);
        if (reader.Read()) throw new XmlException("something is behind the envelope");
        writer.Flush();
    }

    static void Write(Stream text, Stream message, Encoding charset, string soap)
    {
        var reader =
            XmlDictionaryReader.CreateTextReader(text, XmlDictionaryReaderQuotas.Max);
        var writer = XmlDictionaryWriter.CreateMtomWriter(message, charset, int.MaxValue, soap);
        if (charset.WebName != "utf-8") writer.WriteStartDocument();
        while (reader.Read())
        {
            if (reader.NodeType == XmlNodeType.EndElement)
                writer.WriteEndElement();
            else if (reader.NodeType == XmlNodeType.Text)
                writer.WriteString(reader.Value);
            else if (reader.NodeType == XmlNodeType.Element)
                WriteElement(reader, writer);
        }
        writer.Flush();
    }

    static void WriteElement(XmlDictionaryReader reader, XmlDictionaryWriter writer)
    {
        var isOctets = reader.LocalName == "data" || reader.LocalName == "EchoBytesResult";
        var isEmpty = reader.IsEmptyElement;
        writer.WriteStartElement(reader.Prefix, reader.LocalName, reader.NamespaceURI);
        writer.WriteAttributes(reader, false);
        if (isOctets && !isEmpty)
        {
            reader.Read();
            var octets = reader.ReadContentAsBase64();
            writer.WriteBase64(octets, 0, octets.Length);
        }
        if (isOctets || isEmpty) writer.WriteEndElement();
    }
}
