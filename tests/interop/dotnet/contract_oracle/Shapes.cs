// The shapes of data contracts that are put against ours; ../../contract/shapes.hpp has their twins.
using System;
using System.Collections.Generic;
using System.Runtime.Serialization;
using System.Xml;

namespace ContractOracle
{
static class Ns
{
    public const string Data = "http://peers.test/data";
    public const string Other = "urn:other";
}

[DataContract(Namespace = Ns.Data)]
public class Primitives
{
    [DataMember] public bool Flag;
    [DataMember] public sbyte I8;
    [DataMember] public byte U8;
    [DataMember] public short I16;
    [DataMember] public ushort U16;
    [DataMember] public int I32;
    [DataMember] public uint U32;
    [DataMember] public long I64;
    [DataMember] public ulong U64;
    [DataMember] public float F32;
    [DataMember] public double F64;
    [DataMember] public decimal Dec;
    [DataMember] public char Ch;
    [DataMember] public string Text;
    [DataMember] public Guid Id;
    [DataMember] public TimeSpan Span;
    [DataMember] public DateTime When;
    [DataMember] public DateTimeOffset Offset;
    [DataMember] public Uri Link;
    [DataMember] public byte[] Blob;
    [DataMember] public XmlQualifiedName Name;
}

[DataContract(Namespace = Ns.Data)]
public enum Color { [EnumMember] Red = 0, [EnumMember] Green = 1, [EnumMember(Value = "BLUE")] Blue = 7 }

[Flags, DataContract(Namespace = Ns.Data)]
public enum Rights : byte
{
    [EnumMember] None = 0,
    [EnumMember] Read = 1,
    [EnumMember] Write = 2,
    [EnumMember] Both = 3,
    [EnumMember] Own = 128
}

[DataContract(Namespace = Ns.Data)]
public class Enums
{
    [DataMember] public Color Color;
    [DataMember] public Rights Rights;
    [DataMember] public Color? MaybeColor;
    [DataMember] public List<Color> Colors;
    [DataMember] public Rights[] RightsList;
}

[DataContract(Namespace = Ns.Data)]
public class Nullables
{
    [DataMember] public int? Number;
    [DataMember] public string Text;
    [DataMember] public DateTime? When;
    [DataMember] public Guid? Id;
    [DataMember] public bool? Flag;
    [DataMember(EmitDefaultValue = false)] public int? HiddenNumber;
    [DataMember(EmitDefaultValue = false)] public string HiddenText;
    [DataMember(EmitDefaultValue = false)] public int HiddenZero;
    [DataMember(EmitDefaultValue = false)] public Color HiddenColor;
    [DataMember(EmitDefaultValue = false)] public bool HiddenFlag;
    [DataMember(IsRequired = true)] public int Needed;
    [DataMember] public byte[] Blob;
    [DataMember] public List<int> Ints;
    [DataMember] public DateTimeOffset? Offset;
}

[DataContract(Namespace = Ns.Data)]
public class Lists
{
    [DataMember] public List<int> Ints;
    [DataMember] public int[] IntArray;
    [DataMember] public bool[] Bools;
    [DataMember] public long[] Longs;
    [DataMember] public float[] Floats;
    [DataMember] public double[] Doubles;
    [DataMember] public decimal[] Decimals;
    [DataMember] public DateTime[] Moments;
    [DataMember] public short[] Shorts;
    [DataMember] public string[] Strings;
    [DataMember] public List<List<int>> Nested;
    [DataMember] public List<Point> Points;
    [DataMember] public int?[] Maybe;
    [DataMember] public List<Guid> Ids;
    [DataMember] public List<byte[]> Blobs;
    [DataMember] public List<DateTimeOffset> Offsets;
    [DataMember] public List<Elsewhere> Foreign;
    [DataMember] public List<List<Elsewhere>> NestedForeign;
}

[DataContract(Namespace = Ns.Data)]
public class Point
{
    [DataMember(Order = 1)] public int Y;
    [DataMember(Order = 0)] public int X;
}

[DataContract(Name = "Else.where", Namespace = Ns.Other)]
public class Elsewhere
{
    [DataMember] public string Word;
    [DataMember(Name = "point")] public Point Inner;
}

[CollectionDataContract(Name = "Bag", ItemName = "thing", Namespace = "urn:bag")]
public class Bag : List<int> {}

[DataContract(Namespace = Ns.Data)]
public class Maps
{
    [DataMember] public Dictionary<string, int> Numbers;
    [DataMember] public Dictionary<int, Point> Points;
    [DataMember] public Dictionary<string, List<string>> Words;
    [DataMember] public Dictionary<Color, Elsewhere> Foreign;
    [DataMember] public Dictionary<string, string> Empty;
    [DataMember] public Dictionary<string, Dictionary<int, bool>> Nested;
    [DataMember] public Dictionary<Guid, DateTime> Moments;
    [DataMember] public Dictionary<string, int?> Perhaps;
    [DataMember] public Dictionary<string, Color?> Colors;
    [DataMember] public Bag Bag;
}

[DataContract(Namespace = Ns.Data)]
public class Tree
{
    [DataMember] public string Name;
    [DataMember] public Tree Left;
    [DataMember] public Tree Right;
    [DataMember] public List<Tree> Leaves;
}

[DataContract(Namespace = Ns.Data), KnownType(typeof(Square)), KnownType(typeof(Circle)), KnownType(typeof(Ring))]
public class Shape
{
    [DataMember] public string Z;
    [DataMember] public string A;
}

[DataContract(Namespace = Ns.Data)]
public class Square : Shape
{
    [DataMember(Order = 2)] public int Q2;
    [DataMember(Order = 1)] public int P1;
    [DataMember] public int N;
    [DataMember] public int B;
}

[DataContract(Namespace = Ns.Other)]
public class Circle : Shape
{
    [DataMember] public double Radius;
    [DataMember] public Point Center;
}

[DataContract(Namespace = Ns.Data)]
public class Ring : Circle
{
    [DataMember] public double Inner;
}

[DataContract(Namespace = Ns.Data)]
public class Shapes
{
    [DataMember] public Shape One;
    [DataMember] public Shape Two;
    [DataMember] public List<Shape> All;
    [DataMember] public Dictionary<string, Shape> ByName;
}

[DataContract(Namespace = Ns.Data, IsReference = true)]
public class Node
{
    [DataMember] public string Name;
    [DataMember] public Node Next;
    [DataMember] public List<Node> Others;
}

[DataContract(Namespace = Ns.Data)]
public class Graph
{
    [DataMember] public Node First;
    [DataMember] public Node Again;
    [DataMember] public List<Node> All;
}

[DataContract(Namespace = Ns.Data), KnownType(typeof(Point)), KnownType(typeof(Elsewhere)), KnownType(typeof(Color)), KnownType(typeof(List<int>))]
public class Anything
{
    [DataMember] public object One;
    [DataMember] public List<object> Many;
}

[DataContract(Name = "Versioned", Namespace = Ns.Data)]
public class VersionTwo
{
    [DataMember] public int Alpha;
    [DataMember] public string Beta;
    [DataMember] public Point Delta;
    [DataMember] public int Omega;
    [DataMember] public List<int> Zeta;
}

[DataContract(Name = "Versioned", Namespace = Ns.Data)]
public class VersionOne : IExtensibleDataObject
{
    [DataMember] public int Alpha;
    [DataMember] public int Omega;
    public ExtensionDataObject ExtensionData { get; set; }
}
}
