// The string dictionaries on both sides: the static one, and one session table per direction.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Xml;

namespace NbfxOracle
{
class Dictionaries
{
    // Strings a script marks as dictionary strings but that are not static: candidates for the
    // session.
    XmlDictionary others;
    XmlBinaryReaderSession readerSession;
    int readerStrings;
    TrackingSession writerSession;

    public Dictionaries(XmlDictionary staticStrings)
    {
        Static = staticStrings;
        Reset();
    }

    public XmlDictionary Static { get; }

    public int StaticCount
    {
        get {
            var count = 0;
            while (Static.TryLookup(count, out _)) count++;
            return count;
        }
    }

    public void Reset()
    {
        others = new XmlDictionary();
        readerSession = new XmlBinaryReaderSession();
        readerStrings = 0;
        writerSession = null;
    }

    /// Rows of the project's table hold the string in double quotes (with \" and \\ inside) as
    /// their last column; a file without quotes holds one string per line. Comments begin with #
    /// and empty lines count only in the latter.
    public static XmlDictionary LoadStatic(string path)
    {
        var lines = File.ReadAllLines(path);
        var quoted = lines.Any(line => line.TrimEnd().EndsWith('"'));
        var strings = new XmlDictionary();
        foreach (var line in lines)
        {
            if (!quoted)
            {
                strings.Add(line);
                continue;
            }
            if (line.TrimStart().StartsWith('#') || line.Trim().Length == 0) continue;
            var open = line.IndexOf('"');
            var close = line.LastIndexOf('"');
            if (open < 0 || close == open)
                throw new BadRequest("row without a quoted string: " + line);
            strings.Add(line.Substring(open + 1, close - open - 1)
                            .Replace("\\\"", "\"")
                            .Replace("\\\\", "\\"));
        }
        return strings;
    }

    /// A dictionary string for a script: the static one where there is one, as WCF's own code uses
    /// it.
    public XmlDictionaryString String(string text)
    {
        if (Static.TryLookup(text, out XmlDictionaryString known)) return known;
        return others.Add(text);
    }

    /// session=none (default): ids of the session are illegal; session=state: the tables that
    /// "message" has collected; session=HEX,HEX…: these strings and no others.
    public XmlDictionaryReader Reader(Request request, byte[] octets)
    {
        switch (request.Option("session", "none"))
        {
        case "none":
            return XmlDictionaryReader.CreateBinaryReader(octets, 0, octets.Length, Static,
                                                          Quotas(request));
        case "state": return SessionReader(request, octets);
        case var list:
            var session = new XmlBinaryReaderSession();
            var id = 0;
            foreach (var item in list.Split(','))
                session.Add(id++, Encoding.UTF8.GetString(Octets.FromHex(item)));
            return XmlDictionaryReader.CreateBinaryReader(octets, 0, octets.Length, Static,
                                                          Quotas(request), session);
        }
    }

    public XmlDictionaryReader SessionReader(Request request, byte[] octets) =>
        XmlDictionaryReader.CreateBinaryReader(octets, 0, octets.Length, Static, Quotas(request),
                                               readerSession);

    /// quotas=DEPTH,STRING,ARRAY,BYTES_PER_READ,NAMES; without it nothing is limited.
    static XmlDictionaryReaderQuotas Quotas(Request request)
    {
        var text = request.Option("quotas", null);
        if (text == null) return XmlDictionaryReaderQuotas.Max;
        var numbers = text.Split(',').Select(int.Parse).ToArray();
        if (numbers.Length != 5) throw new BadRequest("quotas want five numbers");
        return new XmlDictionaryReaderQuotas {
            MaxDepth = numbers[0], MaxStringContentLength = numbers[1], MaxArrayLength = numbers[2],
            MaxBytesPerRead = numbers[3], MaxNameTableCharCount = numbers[4]
        };
    }

    /// session=none (default), session=new: a fresh one, session=state: the one that lives until
    /// "reset". budget=N bounds what the session may take, counted as WCF's encoder counts it.
    public TrackingSession WriterSession(Request request)
    {
        var budget = int.Parse(request.Option("budget", "2147483647"));
        switch (request.Option("session", "none"))
        {
        case "none": return null;
        case "new": return new TrackingSession(budget);
        case "state": return writerSession ??= new TrackingSession(budget);
        case var other: throw new BadRequest("session " + other);
        }
    }

    /// Moves the strings in front of a document into the reader's session; returns the document.
    public byte[] TakeStringTable(byte[] octets)
    {
        var at = 0;
        var size = SevenBitNumber(octets, ref at);
        if (size > octets.Length - at)
            throw new InvalidDataException("string table longer than the message");
        var end = at + size;
        while (at < end)
        {
            var length = SevenBitNumber(octets, ref at);
            if (length > end - at) throw new InvalidDataException("string longer than its table");
            readerSession.Add(readerStrings++, Encoding.UTF8.GetString(octets, at, length));
            at += length;
        }
        if (at != end) throw new InvalidDataException("string length longer than its table");
        return octets.AsSpan(end).ToArray();
    }

    static int SevenBitNumber(byte[] octets, ref int at)
    {
        long value = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            if (at == octets.Length) throw new InvalidDataException("cut number");
            var octet = octets[at++];
            value |= (long)(octet & 0x7f) << shift;
            if ((octet & 0x80) != 0) continue;
            if (value > int.MaxValue) break;
            return (int)value;
        }
        throw new InvalidDataException("number too large");
    }
}

/// A writer's session that remembers which strings a document added.
class TrackingSession : XmlBinaryWriterSession
{
    List<string> added = new List<string>();
    int left;

    public TrackingSession(int budget) { left = budget; }

    public List<string> TakeAdded()
    {
        var taken = added;
        added = new List<string>();
        return taken;
    }

    public override bool TryAdd(XmlDictionaryString value, out int key)
    {
        key = -1;
        var length = Encoding.UTF8.GetByteCount(value.Value);
        var cost = length + (length < 0x80 ? 1 : length < 0x4000 ? 2 : 3);
        if (cost > left)
        {
            // As WCF does: once one string does not fit, none is added any more.
            left = 0;
            return false;
        }
        if (!base.TryAdd(value, out key)) return false;
        left -= cost;
        added.Add(value.Value);
        return true;
    }
}
}
