// contract_oracle
// What .NET's own DataContractSerializer makes of the shapes in Shapes.cs, over a line protocol:
//   sample SHAPE SEED   a value made up from the seed, as binary XML in hex
//   read SHAPE HEX      the value read from there, written again
// Answers are "OK HEX" or "ERR type: message". The root element is <value xmlns="urn:w">.
using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.Serialization;
using System.Text;
using System.Xml;

namespace ContractOracle
{
static class Program
{
    static readonly Dictionary<string, Type> shapes = new Dictionary<string, Type> {
        ["bool"] = typeof(bool),
        ["int"] = typeof(int),
        ["string"] = typeof(string),
        ["guid"] = typeof(Guid),
        ["qname"] = typeof(XmlQualifiedName),
        ["color"] = typeof(Color),
        ["ints"] = typeof(int[]),
        ["points"] = typeof(List<Point>),
        ["words"] = typeof(Dictionary<string, string>),
        ["maybe"] = typeof(int?),
        ["offset"] = typeof(DateTimeOffset),
        ["object"] = typeof(object),
        ["primitives"] = typeof(Primitives),
        ["enums"] = typeof(Enums),
        ["nullables"] = typeof(Nullables),
        ["lists"] = typeof(Lists),
        ["maps"] = typeof(Maps),
        ["elsewhere"] = typeof(Elsewhere),
        ["bag"] = typeof(Bag),
        ["tree"] = typeof(Tree),
        ["shape"] = typeof(Shape),
        ["circle"] = typeof(Circle),
        ["shapes"] = typeof(Shapes),
        ["node"] = typeof(Node),
        ["graph"] = typeof(Graph),
        ["anything"] = typeof(Anything),
        ["version_one"] = typeof(VersionOne),
        ["version_two"] = typeof(VersionTwo),
    };

    static int Main()
    {
        using var input = new StreamReader(Console.OpenStandardInput(), Encoding.ASCII);
        using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false));
        string line;
        while ((line = input.ReadLine()) != null)
        {
            output.Write(Answer(line.Split(' ')));
            output.Write('\n');
            output.Flush();
        }
        return 0;
    }

    static string Answer(string[] words)
    {
        try
        {
            var shape = shapes[words[1]];
            var value = words[0] == "sample" ? new Maker(int.Parse(words[2])).Make(shape, 0)
                                             : Read(shape, Convert.FromHexString(words[2]));
            return "OK " + Convert.ToHexString(Write(shape, value)).ToLowerInvariant();
        }
        catch (Exception problem)
        {
            var message = problem.Message.Replace('\r', ' ').Replace('\n', ' ');
            return "ERR " + problem.GetType().Name + ": " + message;
        }
    }

    static DataContractSerializer Serializer(Type shape) =>
        new DataContractSerializer(shape, "value", "urn:w");

    static object Read(Type shape, byte[] octets)
    {
        using var reader =
            XmlDictionaryReader.CreateBinaryReader(octets, XmlDictionaryReaderQuotas.Max);
        return Serializer(shape).ReadObject(reader);
    }

    static byte[] Write(Type shape, object value)
    {
        var stream = new MemoryStream();
        using (var writer = XmlDictionaryWriter.CreateBinaryWriter(stream, null, null, false))
            Serializer(shape).WriteObject(writer, value);
        return stream.ToArray();
    }
}
}
