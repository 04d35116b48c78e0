// nbfx_oracle STATIC_DICTIONARY
// What .NET's own binary XML reader and writer make of octets and calls, over a line protocol: one
// request line on standard input, one reply line on standard output ("OK …" or "ERR type:
// message"). ../../README.md defines it.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Xml;

namespace NbfxOracle
{
static class Program
{
    static int Main(string[] arguments)
    {
        if (arguments.Length != 1)
        {
            Console.Error.WriteLine("usage: nbfx_oracle STATIC_DICTIONARY");
            return 2;
        }
        var oracle = new Oracle(Dictionaries.LoadStatic(arguments[0]));
        using var input =
            new StreamReader(Console.OpenStandardInput(), Encoding.ASCII, false, 1 << 16);
        using var output =
            new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), 1 << 16);
        output.AutoFlush = false;
        string line;
        while ((line = input.ReadLine()) != null)
        {
            output.Write(Answer(oracle, line));
            output.Write('\n');
            output.Flush();
        }
        return 0;
    }

    static string Answer(Oracle oracle, string line)
    {
        try
        {
            var answer = oracle.Answer(line);
            return answer.Length == 0 ? "OK" : "OK " + answer;
        }
        catch (BadRequest problem)
        {
            return "BAD " + OneLine(problem.Message);
        }
        catch (Exception problem)
        {
            return "ERR " + problem.GetType().Name + ": " + OneLine(problem.Message);
        }
    }

    static string OneLine(string text) => text.Replace('\r', ' ').Replace('\n', ' ');
}

/// The request itself is malformed: a fault of the test, never a verdict of .NET.
class BadRequest : Exception
{
    public BadRequest(string message) : base(message) {}
}

class Oracle
{
    readonly Dictionaries dictionaries;

    public Oracle(XmlDictionary staticStrings) { dictionaries = new Dictionaries(staticStrings); }

    public string Answer(string line)
    {
        var words = line.Split(' ', 3);
        var rest = line.Length > words[0].Length ? line.Substring(words[0].Length + 1) : "";
        switch (words[0])
        {
        case "hello": return dictionaries.StaticCount.ToString();
        case "reset": dictionaries.Reset(); return "";
        case "read": return Read(new Request(rest));
        case "message": return Message(new Request(rest));
        case "value": return TypedReads.Element(new Request(rest), dictionaries);
        case "attribute": return TypedReads.Attribute(new Request(rest), dictionaries);
        case "array": return TypedReads.Array(new Request(rest), dictionaries);
        case "parse": return Parse(new Request(rest));
        case "write": return Write(new Request(rest));
        default: throw new BadRequest("no such request: " + words[0]);
        }
    }

    string Read(Request request)
    {
        using var reader = dictionaries.Reader(request, Octets.FromHex(request.Last()));
        return Infoset.Of(reader);
    }

    // One envelope as a session carries it: string table, then the document.
    string Message(Request request)
    {
        var octets = Octets.FromHex(request.Last());
        var document = dictionaries.TakeStringTable(octets);
        using var reader = dictionaries.SessionReader(request, document);
        return Infoset.Of(reader);
    }

    static string Parse(Request request)
    {
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit,
                                               CheckCharacters = false };
        using var reader =
            XmlReader.Create(new StringReader(Escaped.Read(request.Last())), settings);
        return Infoset.Of(reader);
    }

    string Write(Request request)
    {
        var session = dictionaries.WriterSession(request);
        session?.TakeAdded();
        var stream = new MemoryStream();
        using (var writer = XmlDictionaryWriter.CreateBinaryWriter(stream, dictionaries.Static,
                                                                   session, false))
        {
            new Script(writer, dictionaries).Run(request.Last());
            writer.Flush();
        }
        var added = session == null ? new List<string>() : session.TakeAdded();
        var strings = added.Select(text => Octets.ToHex(Encoding.UTF8.GetBytes(text)));
        return string.Join(
            " ", new[] { Octets.ToHex(stream.ToArray()), added.Count.ToString() }.Concat(strings));
    }
}

/// "key=value key=value payload": options first, the last field is what is worked on.
class Request
{
    readonly Dictionary<string, string> options = new Dictionary<string, string>();
    readonly List<string> fields = new List<string>();

    public Request(string text)
    {
        while (true)
        {
            var space = text.IndexOf(' ');
            var word = space < 0 ? text : text.Substring(0, space);
            var equals = word.IndexOf('=');
            if (equals <= 0 || word.Substring(0, equals).Any(c => c < 'a' || c > 'z')) break;
            options[word.Substring(0, equals)] = word.Substring(equals + 1);
            text = space < 0 ? "" : text.Substring(space + 1);
        }
        fields.Add(text);
    }

    public string Option(string name, string otherwise) => options.TryGetValue(name, out var value)
                                                               ? value
                                                               : otherwise;

    public string Last() => fields[0];
}

static class Octets
{
    /// "-" stands for no octets at all.
    public static byte[] FromHex(string text)
    {
        if (text == "-") return new byte[0];
        try
        {
            return Convert.FromHexString(text);
        }
        catch (FormatException problem)
        {
            throw new BadRequest(problem.Message);
        }
    }

    public static string ToHex(byte[] octets) =>
        octets.Length == 0 ? "-" : Convert.ToHexString(octets).ToLowerInvariant();
}

static class Escaped
{
    const string Plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~/-";
    static readonly UTF8Encoding utf8 = new UTF8Encoding(false, true);

    /// Every octet of the UTF-8 form but letters, digits and . _ ~ / - becomes %XX.
    public static string Write(string text)
    {
        var result = new StringBuilder(text.Length + 16);
        foreach (var octet in utf8.GetBytes(text))
        {
            if (octet < 0x80 && Plain.Contains((char)octet)) result.Append((char)octet);
            else result.Append('%').Append(octet.ToString("X2"));
        }
        return result.ToString();
    }

    public static string Read(string text)
    {
        var octets = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                octets.Add((byte)text[i]);
                continue;
            }
            if (i + 2 >= text.Length) throw new BadRequest("cut escape");
            octets.Add(Convert.ToByte(text.Substring(i + 1, 2), 16));
            i += 2;
        }
        return utf8.GetString(octets.ToArray());
    }
}
}
