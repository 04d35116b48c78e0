// Makes up values of any shape by reflection.
using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.Serialization;
using System.Xml;

namespace ContractOracle
{
class Maker
{
    readonly Random random;
    readonly List<Node> nodes = new List<Node>();

    public Maker(int seed) { random = new Random(seed); }

    public object Make(Type type, int depth)
    {
        var inner = Nullable.GetUnderlyingType(type);
        if (inner != null) return random.Next(3) == 0 ? null : Make(inner, depth);
        if (type.IsEnum) return MakeEnum(type);
        if (type == typeof(object)) return MakeAnything(depth);
        var simple = MakeSimple(type);
        if (simple != null) return simple;
        if (random.Next(5) == 0 || depth > 5) return null;
        if (type == typeof(string)) return MakeText();
        if (type == typeof(byte[])) return MakeOctets();
        if (type == typeof(Uri)) return new Uri("http://example.test/" + random.Next(100));
        if (type == typeof(XmlQualifiedName))
            return new XmlQualifiedName("l" + random.Next(9), random.Next(3) == 0 ? "" : "urn:q");
        if (type.IsArray) return MakeArray(type, depth);
        if (typeof(IDictionary).IsAssignableFrom(type)) return MakeMap(type, depth);
        if (typeof(IList).IsAssignableFrom(type)) return MakeList(type, depth);
        return MakeStructure(type, depth);
    }

    object MakeSimple(Type type)
    {
        var small = random.Next(2) == 0;
        if (type == typeof(bool)) return random.Next(2) == 0;
        if (type == typeof(sbyte)) return (sbyte)random.Next(-128, 128);
        if (type == typeof(byte)) return (byte)random.Next(256);
        if (type == typeof(short)) return (short)random.Next(-32768, 32768);
        if (type == typeof(ushort)) return (ushort)random.Next(65536);
        if (type == typeof(int)) return small ? random.Next(-3, 300) : (int)random.NextInt64();
        if (type == typeof(uint)) return small ? 7u : (uint)random.NextInt64();
        if (type == typeof(long)) return small ? 1L : random.NextInt64(long.MinValue, long.MaxValue);
        if (type == typeof(ulong)) return small ? 0ul : (ulong)random.NextInt64() * 2 + 1;
        if (type == typeof(float)) return MakeFloat();
        if (type == typeof(double)) return MakeDouble();
        if (type == typeof(decimal))
            return new decimal(random.Next(), small ? 0 : random.Next(), small ? 0 : random.Next(),
                               random.Next(2) == 0, (byte)random.Next(29));
        if (type == typeof(char)) return (char)random.Next(1, 0xd800);
        if (type == typeof(Guid))
        {
            var octets = new byte[16];
            random.NextBytes(octets);
            return new Guid(octets);
        }
        if (type == typeof(TimeSpan))
            return new TimeSpan(small ? random.Next(-9, 9) : random.NextInt64());
        if (type == typeof(DateTime)) return MakeMoment((DateTimeKind)random.Next(2));
        if (type == typeof(DateTimeOffset))
        {
            var minutes = random.Next(-840, 841);
            return new DateTimeOffset(MakeMoment(DateTimeKind.Unspecified),
                                      TimeSpan.FromMinutes(minutes));
        }
        return null;
    }

    object MakeFloat() => random.Next(5) switch {
        0 => float.NaN,
        1 => float.PositiveInfinity,
        2 => (float)random.Next(-9, 70000),
        _ => (float)(random.NextDouble() * 1e10),
    };

    object MakeDouble() => random.Next(5) switch {
        0 => double.NaN,
        1 => double.NegativeInfinity,
        2 => (double)random.Next(-9, 70000),
        3 => random.Next(-9, 70000) / 8.0,
        _ => random.NextDouble() * 1e200,
    };

    DateTime MakeMoment(DateTimeKind kind) =>
        new DateTime(random.NextInt64(DateTime.MaxValue.Ticks - 2 * TimeSpan.TicksPerDay) +
                         TimeSpan.TicksPerDay,
                     kind);

    static readonly string[] texts = { "",  "0",   "1", "héllo <wörld> & 你好 😀",
                                       "日本", " x ", "a\r\nb\tc", "true" };

    string MakeText() => random.Next(3) == 0 ? new string('x', random.Next(300))
                                             : texts[random.Next(texts.Length)];

    byte[] MakeOctets()
    {
        var octets = new byte[random.Next(10)];
        random.NextBytes(octets);
        return octets;
    }

    object MakeEnum(Type type)
    {
        var values = Enum.GetValues(type);
        var value = values.GetValue(random.Next(values.Length));
        if (type.GetCustomAttribute<FlagsAttribute>() == null) return value;
        var other = values.GetValue(random.Next(values.Length));
        return Enum.ToObject(type, Convert.ToInt64(value) | Convert.ToInt64(other));
    }

    object MakeArray(Type type, int depth)
    {
        var items = Array.CreateInstance(type.GetElementType(), random.Next(4));
        for (var i = 0; i < items.Length; i++)
            items.SetValue(Make(type.GetElementType(), depth + 1), i);
        return items;
    }

    static Type Generic(Type type) => type.IsGenericType ? type : Generic(type.BaseType);

    object MakeList(Type type, int depth)
    {
        var list = (IList)Activator.CreateInstance(type);
        var item = Generic(type).GetGenericArguments()[0];
        for (var left = random.Next(4); left > 0; left--) list.Add(Make(item, depth + 1));
        return list;
    }

    object MakeMap(Type type, int depth)
    {
        var map = (IDictionary)Activator.CreateInstance(type);
        var arguments = type.GetGenericArguments();
        for (var left = random.Next(4); left > 0; left--)
        {
            var key = Make(arguments[0], depth + 1);
            if (key != null) map[key] = Make(arguments[1], depth + 1);
        }
        return map;
    }

    object MakeAnything(int depth)
    {
        var types = new[] { typeof(bool),   typeof(sbyte),    typeof(byte),  typeof(short),
                            typeof(ushort), typeof(int),      typeof(uint),  typeof(long),
                            typeof(ulong),  typeof(float),    typeof(double), typeof(decimal),
                            typeof(char),   typeof(string),   typeof(Guid),  typeof(TimeSpan),
                            typeof(DateTime), typeof(Uri),    typeof(byte[]) };
        var known = new[] { typeof(Point), typeof(Elsewhere), typeof(Color), typeof(List<int>) };
        // At the root nothing is known but the primitives.
        if (depth != 0 && random.Next(3) == 0) return Make(known[random.Next(known.Length)], depth);
        return Make(types[random.Next(types.Length)], depth);
    }

    object MakeStructure(Type type, int depth)
    {
        if (type == typeof(Node) && nodes.Count != 0 && random.Next(2) == 0)
            return nodes[random.Next(nodes.Count)];
        if (type == typeof(Shape))
            type = new[] { typeof(Shape), typeof(Square), typeof(Circle),
                           typeof(Ring) }[random.Next(4)];
        var made = Activator.CreateInstance(type);
        if (made is Node node) nodes.Add(node);
        foreach (var field in type.GetFields().OrderBy(f => f.Name, StringComparer.Ordinal))
            if (field.GetCustomAttribute<DataMemberAttribute>() != null)
                field.SetValue(made, Make(field.FieldType, depth + 1));
        return made;
    }
}
}
