using System.IO;
using System.Xml;

namespace NbfxBench
{
// A MiB of octets as the content of an element.
class Bulk
{
    readonly byte[] octets = new byte[1 << 20];
    readonly byte[] part = new byte[1 << 16];
    readonly MemoryStream output = new MemoryStream(2 << 20);
    readonly XmlDictionaryWriter writer;
    readonly XmlDictionaryReader reader;
    readonly byte[] written;

    public Bulk()
    {
        writer = XmlDictionaryWriter.CreateBinaryWriter(output, null, null, false);
        Write();
        written = output.ToArray();
        reader = XmlDictionaryReader.CreateBinaryReader(written, 0, written.Length, null,
            XmlDictionaryReaderQuotas.Max, null, null);
    }

    public void Write()
    {
        output.Position = 0;
        output.SetLength(0);
        ((IXmlBinaryWriterInitializer)writer).SetOutput(output, null, null, false);
        writer.WriteStartElement("Blob", "");
        writer.WriteBase64(octets, 0, octets.Length);
        writer.WriteEndElement();
        writer.Flush();
    }

    public void Read()
    {
        ((IXmlBinaryReaderInitializer)reader).SetInput(written, 0, written.Length, null,
            XmlDictionaryReaderQuotas.Max, null, null);
        reader.ReadToFollowing("Blob", "");
        reader.Read();
        var got = 0;
        for (int n; (n = reader.ReadContentAsBase64(part, 0, part.Length)) > 0;) got += n;
        if (got != octets.Length) throw new InvalidDataException("octets got lost");
    }
}
}
