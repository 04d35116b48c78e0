// Typed reads: what .NET accepts as a value of a type, and which value it reads.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Xml;

namespace NbfxOracle
{
static class TypedReads
{
    /// "TYPE OCTETS": the root element's content as TYPE, then the rest of the document.
    public static string Element(Request request, Dictionaries dictionaries)
    {
        var (type, reader) = Open(request, dictionaries);
        using (reader)
        {
            reader.MoveToContent();
            var value =
                type switch { "bool" => Values.Show(reader.ReadElementContentAsBoolean()),
                              "int32" => Values.Show(reader.ReadElementContentAsInt()),
                              "int64" => Values.Show(reader.ReadElementContentAsLong()),
                              "float" => Values.Show(reader.ReadElementContentAsFloat()),
                              "double" => Values.Show(reader.ReadElementContentAsDouble()),
                              "decimal" => Values.Show(reader.ReadElementContentAsDecimal()),
                              "datetime" => Values.Show(reader.ReadElementContentAsDateTime()),
                              "guid" => Values.Show(reader.ReadElementContentAsGuid()),
                              "timespan" => Values.Show(reader.ReadElementContentAsTimeSpan()),
                              "uniqueid" => Values.Show(reader.ReadElementContentAsUniqueId()),
                              "base64" => Octets.ToHex(reader.ReadElementContentAsBase64()),
                              "binhex" => Octets.ToHex(reader.ReadElementContentAsBinHex()),
                              "string" => Escaped.Write(reader.ReadElementContentAsString()),
                              _ => throw new BadRequest("type " + type) };
            ToTheEnd(reader);
            return value;
        }
    }

    /// "TYPE OCTETS": the root element's first attribute that is no namespace declaration, as TYPE.
    public static string Attribute(Request request, Dictionaries dictionaries)
    {
        var (type, reader) = Open(request, dictionaries);
        using (reader)
        {
            reader.MoveToContent();
            if (!reader.MoveToFirstAttribute()) throw new InvalidDataException("no attribute");
            while (reader.NamespaceURI == "http://www.w3.org/2000/xmlns/")
                if (!reader.MoveToNextAttribute()) throw new InvalidDataException("no attribute");
            var value = type switch { "bool" => Values.Show(reader.ReadContentAsBoolean()),
                                      "int32" => Values.Show(reader.ReadContentAsInt()),
                                      "int64" => Values.Show(reader.ReadContentAsLong()),
                                      "float" => Values.Show(reader.ReadContentAsFloat()),
                                      "double" => Values.Show(reader.ReadContentAsDouble()),
                                      "decimal" => Values.Show(reader.ReadContentAsDecimal()),
                                      "datetime" => Values.Show(reader.ReadContentAsDateTime()),
                                      "guid" => Values.Show(reader.ReadContentAsGuid()),
                                      "timespan" => Values.Show(reader.ReadContentAsTimeSpan()),
                                      "uniqueid" => Values.Show(reader.ReadContentAsUniqueId()),
                                      "base64" => Octets.ToHex(reader.ReadContentAsBase64()),
                                      "string" => Escaped.Write(reader.ReadContentAsString()),
                                      _ => throw new BadRequest("type " + type) };
            reader.MoveToElement();
            ToTheEnd(reader);
            return value;
        }
    }

    /// "TYPE OCTETS": the root's children, all of the first one's name, as an array of TYPE.
    public static string Array(Request request, Dictionaries dictionaries)
    {
        var (type, reader) = Open(request, dictionaries);
        using (reader)
        {
            reader.MoveToContent();
            reader.ReadStartElement();
            reader.MoveToContent();
            var name = reader.LocalName;
            var space = reader.NamespaceURI;
            var values = type switch {
                "bool" => reader.ReadBooleanArray(name, space).Select(Values.Show),
                "int16" =>
                    reader.ReadInt16Array(name, space).Select(item => Values.Show((int)item)),
                "int32" => reader.ReadInt32Array(name, space).Select(Values.Show),
                "int64" => reader.ReadInt64Array(name, space).Select(Values.Show),
                "float" => reader.ReadSingleArray(name, space).Select(Values.Show),
                "double" => reader.ReadDoubleArray(name, space).Select(Values.Show),
                "decimal" => reader.ReadDecimalArray(name, space).Select(Values.Show),
                "datetime" => reader.ReadDateTimeArray(name, space).Select(Values.Show),
                "guid" => reader.ReadGuidArray(name, space).Select(Values.Show),
                "timespan" => reader.ReadTimeSpanArray(name, space).Select(Values.Show),
                _ => throw new BadRequest("type " + type)
            };
            var shown = string.Join(" ", values);
            reader.ReadEndElement();
            ToTheEnd(reader);
            return shown;
        }
    }

    static (string, XmlDictionaryReader) Open(Request request, Dictionaries dictionaries)
    {
        var fields = request.Last().Split(' ');
        if (fields.Length != 2) throw new BadRequest("TYPE and OCTETS expected");
        return (fields[0], dictionaries.Reader(request, Octets.FromHex(fields[1])));
    }

    static void ToTheEnd(XmlReader reader)
    {
        while (!reader.EOF) reader.Read();
    }
}

/// Values as text that loses nothing.
static class Values
{
    public static string Show(bool value) => value ? "true" : "false";

    public static string Show(int value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Show(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Show(float value) => BitConverter.SingleToUInt32Bits(value).ToString("x8");

    public static string Show(double value) =>
        BitConverter.DoubleToUInt64Bits(value).ToString("x16");

    public static string Show(decimal value)
    {
        var parts = decimal.GetBits(value);
        return Octets.ToHex(new[] { parts[3], parts[2], parts[0], parts[1] }
                                .SelectMany(BitConverter.GetBytes)
                                .ToArray());
    }

    public static string Show(DateTime value) =>
        value.Ticks.ToString(CultureInfo.InvariantCulture) + "," + (int)value.Kind;

    public static string Show(Guid value) => value.ToString("D");

    public static string Show(TimeSpan value) => value.Ticks.ToString(CultureInfo.InvariantCulture);

    public static string Show(UniqueId value) => Escaped.Write(value.ToString());

    public static uint FloatBits(string hex) => uint.Parse(hex, NumberStyles.AllowHexSpecifier,
                                                           CultureInfo.InvariantCulture);

    public static ulong DoubleBits(string hex) => ulong.Parse(hex, NumberStyles.AllowHexSpecifier,
                                                              CultureInfo.InvariantCulture);

    /// The 16 octets of the wire form.
    public static decimal Decimal(string hex)
    {
        var octets = Octets.FromHex(hex);
        int Part(int at) => BitConverter.ToInt32(octets, at);
        return new decimal(new[] { Part(8), Part(12), Part(4), Part(0) });
    }

    /// "TICKS,KIND" with kind 0 unspecified, 1 UTC, 2 local.
    public static DateTime DateTime(string text)
    {
        var parts = text.Split(',');
        return new DateTime(long.Parse(parts[0], CultureInfo.InvariantCulture),
                            (DateTimeKind) int.Parse(parts[1]));
    }
}
}
