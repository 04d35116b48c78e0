using System;
using System.IO;
using System.Runtime.Serialization;
using System.Xml;

namespace NbfxBench
{
[DataContract(Namespace = "http://peers.test/data")]
public class Rec
{
    [DataMember(Order = 1)] public int Id;
    [DataMember(Order = 2)] public string Name;
    [DataMember(Order = 3)] public int Qty;
    [DataMember(Order = 4)] public double Price;
    [DataMember(Order = 5)] public bool Active;
    [DataMember(Order = 6)] public string Note;
}

// The records that `bench/typed --export` writes, read and written by DataContractSerializer in a
// session that knows all names already.
class Typed
{
    readonly XmlDictionary names = new XmlDictionary();
    readonly XmlBinaryReaderSession received = new XmlBinaryReaderSession();
    readonly XmlBinaryWriterSession sent = new XmlBinaryWriterSession();
    readonly DataContractSerializer serializer;
    readonly byte[] octets;
    readonly XmlDictionaryReader reader;
    readonly XmlDictionaryWriter writer;
    readonly MemoryStream output;
    readonly Rec[] records;

    public Typed(string folder)
    {
        octets = File.ReadAllBytes(Path.Combine(folder, "typed.bin"));
        var id = 0;
        foreach (var line in File.ReadAllLines(Path.Combine(folder, "typed.strings")))
            received.Add(id++, line);
        output = new MemoryStream(2 * octets.Length);
        serializer = new DataContractSerializer(
            typeof(Rec[]), names.Add("recs"), names.Add("http://peers.test/svc"));
        reader = XmlDictionaryReader.CreateBinaryReader(octets, 0, octets.Length, null,
            XmlDictionaryReaderQuotas.Max, received, null);
        writer = XmlDictionaryWriter.CreateBinaryWriter(output, null, sent, false);
        records = ReadAll();
        var sum = ulong.Parse(File.ReadAllText(Path.Combine(folder, "typed.sum")));
        if (Sum(records) != sum) throw new InvalidDataException("records differ");
        Write();  // all strings of the session in the order of their first use, as its peer's
        if (!output.ToArray().AsSpan().SequenceEqual(octets))
            throw new InvalidDataException("octets of the records differ");
    }

    Rec[] ReadAll()
    {
        ((IXmlBinaryReaderInitializer)reader).SetInput(
            octets, 0, octets.Length, null, XmlDictionaryReaderQuotas.Max, received, null);
        var all = (Rec[])serializer.ReadObject(reader);
        if (all.Length != 10000) throw new InvalidDataException("records got lost");
        return all;
    }

    public void Read() => ReadAll();

    public void Write()
    {
        output.Position = 0;
        output.SetLength(0);
        ((IXmlBinaryWriterInitializer)writer).SetOutput(output, null, sent, false);
        serializer.WriteObject(writer, records);
        writer.Flush();
    }

    static ulong Sum(Rec[] all)
    {
        var sum = (ulong)all.Length;
        void Add(ulong what) => sum = unchecked(sum * 31 + what);
        void AddText(string text)
        {
            foreach (var c in text) Add(c);
        }
        foreach (var one in all)
        {
            Add(unchecked((ulong)one.Id));
            AddText(one.Name);
            Add(unchecked((ulong)one.Qty));
            Add(unchecked((ulong)BitConverter.DoubleToInt64Bits(one.Price)));
            Add(one.Active ? 1ul : 0ul);
            AddText(one.Note);
        }
        return sum;
    }
}
}
