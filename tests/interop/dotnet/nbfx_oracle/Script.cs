// A script of calls to XmlDictionaryWriter on one line: "op field field;op field;…". See
// ../../README.md for the words.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Xml;

namespace NbfxOracle
{
class Script
{
    readonly XmlDictionaryWriter writer;
    readonly Dictionaries dictionaries;

    public Script(XmlDictionaryWriter writer, Dictionaries dictionaries)
    {
        this.writer = writer;
        this.dictionaries = dictionaries;
    }

    public void Run(string script)
    {
        foreach (var step in script.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = step.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 0 && !Structure(fields) && !Characters(fields) &&
                !Value(fields[0], fields[1..]))
                throw new BadRequest("no such step: " + step);
        }
    }

    bool Structure(string[] step)
    {
        switch (step[0])
        {
        case "start":
            if (Marked(step[2]))
                writer.WriteStartElement(Plain(step[1]), Known(step[2]), Known(step[3]));
            else writer.WriteStartElement(Plain(step[1]), Plain(step[2]), Plain(step[3]));
            return true;
        case "end": writer.WriteEndElement(); return true;
        case "fullend": writer.WriteFullEndElement(); return true;
        case "attr":
            if (Marked(step[2]))
                writer.WriteStartAttribute(Plain(step[1]), Known(step[2]), Known(step[3]));
            else writer.WriteStartAttribute(Plain(step[1]), Plain(step[2]), Plain(step[3]));
            return true;
        case "endattr": writer.WriteEndAttribute(); return true;
        case "xmlns":
            if (Marked(step[2])) writer.WriteXmlnsAttribute(Plain(step[1]), Known(step[2]));
            else writer.WriteXmlnsAttribute(Plain(step[1]), Plain(step[2]));
            return true;
        case "xmlattr":
            if (Marked(step[1])) writer.WriteXmlAttribute(Known(step[1]), Known(step[2]));
            else writer.WriteXmlAttribute(Plain(step[1]), Plain(step[2]));
            return true;
        case "array": Array(step[1], step[2], step[3], step[4], step[5..]); return true;
        case "flush": writer.Flush(); return true;
        default: return false;
        }
    }

    bool Characters(string[] step)
    {
        switch (step[0])
        {
        case "text":
            if (Marked(step[1])) writer.WriteString(Known(step[1]));
            else writer.WriteString(Plain(step[1]));
            return true;
        case "chars":
            var characters = Plain(step[1]).ToCharArray();
            writer.WriteChars(characters, 0, characters.Length);
            return true;
        case "cdata": writer.WriteCData(Plain(step[1])); return true;
        case "whitespace": writer.WriteWhitespace(Plain(step[1])); return true;
        case "entity":
            writer.WriteCharEntity((char)int.Parse(step[1], CultureInfo.InvariantCulture));
            return true;
        case "surrogates":
            var pair = char.ConvertFromUtf32(int.Parse(step[1], CultureInfo.InvariantCulture));
            writer.WriteSurrogateCharEntity(pair[1], pair[0]);
            return true;
        case "comment": writer.WriteComment(Plain(step[1])); return true;
        case "qname":
            if (Marked(step[1])) writer.WriteQualifiedName(Known(step[1]), Known(step[2]));
            else writer.WriteQualifiedName(Plain(step[1]), Plain(step[2]));
            return true;
        case "base64":
            var octets = Octets.FromHex(step[1]);
            writer.WriteBase64(octets, 0, octets.Length);
            return true;
        case "binhex":
            var digits = Octets.FromHex(step[1]);
            writer.WriteBinHex(digits, 0, digits.Length);
            return true;
        default: return false;
        }
    }

    bool Value(string type, string[] fields)
    {
        if (type == "list")
        {
            // A list is what .NET writes for an array of objects; items are TYPE=VALUE.
            writer.WriteValue(fields.Select(Item).ToArray());
            return true;
        }
        if (!TypeNames.Contains(type)) return false;
        switch (Typed(type, fields[0]))
        {
        case bool value: writer.WriteValue(value); break;
        case int value: writer.WriteValue(value); break;
        case long value: writer.WriteValue(value); break;
        case float value: writer.WriteValue(value); break;
        case double value: writer.WriteValue(value); break;
        case decimal value: writer.WriteValue(value); break;
        case DateTime value: writer.WriteValue(value); break;
        case Guid value: writer.WriteValue(value); break;
        case TimeSpan value: writer.WriteValue(value); break;
        case UniqueId value: writer.WriteValue(value); break;
        // There is no overload for UInt64: it goes through the one for objects.
        case ulong value: writer.WriteValue((object)value); break;
        }
        return true;
    }

    static readonly HashSet<string> TypeNames =
        new HashSet<string> { "bool",    "int32",    "int64", "uint64",   "float",   "double",
                              "decimal", "datetime", "guid",  "timespan", "uniqueid" };

    static object Typed(string type, string text)
    {
        var invariant = CultureInfo.InvariantCulture;
        switch (type)
        {
        case "bool": return text == "true";
        case "int16": return short.Parse(text, invariant);
        case "int32": return int.Parse(text, invariant);
        case "int64": return long.Parse(text, invariant);
        case "uint64": return ulong.Parse(text, invariant);
        case "float": return BitConverter.UInt32BitsToSingle(Values.FloatBits(text));
        case "double": return BitConverter.UInt64BitsToDouble(Values.DoubleBits(text));
        case "decimal": return Values.Decimal(text);
        case "datetime": return Values.DateTime(text);
        case "guid": return Guid.ParseExact(text, "D");
        case "timespan": return new TimeSpan(long.Parse(text, invariant));
        case "uniqueid": return new UniqueId(Plain(text));
        default: throw new BadRequest("type " + type);
        }
    }

    object Item(string field)
    {
        var equals = field.IndexOf('=');
        if (equals < 0) throw new BadRequest("list item without type: " + field);
        var type = field.Substring(0, equals);
        var text = field.Substring(equals + 1);
        if (type == "text") return Marked(text) ? Known(text) : Plain(text);
        if (type == "base64") return Octets.FromHex(text);
        return Typed(type, text);
    }

    void Array(string prefix, string name, string space, string type, string[] values)
    {
        switch (type)
        {
        case "bool":
            Array<bool>(prefix, name, space, type, values, writer.WriteArray, writer.WriteArray);
            break;
        case "int16":
            Array<short>(prefix, name, space, type, values, writer.WriteArray, writer.WriteArray);
            break;
        case "int32":
            Array<int>(prefix, name, space, type, values, writer.WriteArray, writer.WriteArray);
            break;
        case "int64":
            Array<long>(prefix, name, space, type, values, writer.WriteArray, writer.WriteArray);
            break;
        case "float":
            Array<float>(prefix, name, space, type, values, writer.WriteArray, writer.WriteArray);
            break;
        case "double":
            Array<double>(prefix, name, space, type, values, writer.WriteArray, writer.WriteArray);
            break;
        case "decimal":
            Array<decimal>(prefix, name, space, type, values, writer.WriteArray, writer.WriteArray);
            break;
        case "datetime":
            Array<DateTime>(prefix, name, space, type, values, writer.WriteArray,
                            writer.WriteArray);
            break;
        case "guid":
            Array<Guid>(prefix, name, space, type, values, writer.WriteArray, writer.WriteArray);
            break;
        case "timespan":
            Array<TimeSpan>(prefix, name, space, type, values, writer.WriteArray,
                            writer.WriteArray);
            break;
        default: throw new BadRequest("array of " + type);
        }
    }

    delegate void PlainCall<T>(string prefix, string name, string space, T[] values, int offset,
                               int count);

    delegate void KnownCall<T>(string prefix, XmlDictionaryString name, XmlDictionaryString space,
                               T[] values, int offset, int count);

    void Array<T>(string prefix, string name, string space, string type, string[] texts,
                  PlainCall<T> plain, KnownCall<T> known)
    {
        var values = texts.Select(text => (T)Typed(type, text)).ToArray();
        if (Marked(name)) known(Plain(prefix), Known(name), Known(space), values, 0, values.Length);
        else plain(Plain(prefix), Plain(name), Plain(space), values, 0, values.Length);
    }

    static bool Marked(string field) => field[0] == '#';

    /// 'text is a plain string, _ is null (the writer chooses).
    static string Plain(string field)
    {
        if (field == "_") return null;
        if (field[0] != '\'') throw new BadRequest("a string wants ' in front: " + field);
        return Escaped.Read(field.Substring(1));
    }

    /// #text is a dictionary string.
    XmlDictionaryString Known(string field)
    {
        if (field[0] != '#') throw new BadRequest("a dictionary string wants # in front: " + field);
        return dictionaries.String(Escaped.Read(field.Substring(1)));
    }
}
}
