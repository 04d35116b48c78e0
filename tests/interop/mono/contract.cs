// The echo and chat groups of the interop service, as WCF contracts: what our C++ host and client must
// speak, written with the attributes WCF users write. Host and client programs share this file.
using System;
using System.Collections.Generic;
using System.Runtime.Serialization;
using System.ServiceModel;
using System.ServiceModel.Channels;
using System.Text;
using System.Xml;

namespace Interop
{
    public static class Names
    {
        public const string Service = "http://peers.test/svc";
        public const string Contents = "http://peers.test/data";
    }

    [ServiceContract(Name = "IEcho", Namespace = Names.Service)]
    public interface IEcho
    {
        [OperationContract] string Echo(string text);
        [OperationContract] byte[] EchoBytes(byte[] data);
        [OperationContract] Complex EchoComplex(Complex value);
        [OperationContract(IsOneWay = true)] void Notify(string text);
        [OperationContract] int NotifyCount(string text);
        // The action is what .NET would choose itself; Mono forgets the slash behind a namespace
        // that has none.
        [OperationContract]
        [FaultContract(typeof(Detail), Action = Names.Service + "/IEcho/FailDetailFault")]
        string Fail(string text, int code);
        [OperationContract] string FailUnhandled(string text);
        [OperationContract] string Sleep(int milliseconds);
        [OperationContract] string WhoAmI();
        [OperationContract] int Add(int a, int b, out int difference);
    }

    public interface IChatCallback
    {
        [OperationContract(IsOneWay = true)] void OnMessage(string from, string text);
        [OperationContract] string Ask(string question);
    }

    [ServiceContract(Name = "IChat", Namespace = Names.Service,
                     SessionMode = SessionMode.Required,
                     CallbackContract = typeof(IChatCallback))]
    public interface IChat
    {
        [OperationContract] int Subscribe(string name, int count);
        [OperationContract(IsOneWay = true)] void Say(string text);
        [OperationContract] string AskBack(string question);
        [OperationContract] string SessionId();
    }

    [DataContract(Namespace = Names.Contents)]
    public class Detail
    {
        [DataMember(Order = 1)] public int Code { get; set; }
        [DataMember(Order = 2)] public string Message { get; set; }
    }

    [DataContract(Namespace = Names.Contents)]
    public enum Color
    {
        [EnumMember] Red = 0,
        [EnumMember] Green = 1,
        [EnumMember(Value = "BLUE")] Blue = 7
    }

    [DataContract(Namespace = Names.Contents)]
    public class Item
    {
        [DataMember(Order = 1)] public string Name { get; set; }
        [DataMember(Order = 2)] public int Quantity { get; set; }
        [DataMember(Order = 3)] public decimal Price { get; set; }
    }

    [DataContract(Namespace = Names.Contents)]
    public class SpecialItem : Item
    {
        [DataMember(Order = 1)] public string Extra { get; set; }
    }

    /// One member for every shape a data contract can give to a value.
    [DataContract(Namespace = Names.Contents)]
    [KnownType(typeof(SpecialItem))]
    public class Complex
    {
        [DataMember(Order = 1)] public bool Flag { get; set; }
        [DataMember(Order = 2)] public byte U8 { get; set; }
        [DataMember(Order = 3)] public short I16 { get; set; }
        [DataMember(Order = 4)] public int I32 { get; set; }
        [DataMember(Order = 5)] public long I64 { get; set; }
        [DataMember(Order = 6)] public ulong U64 { get; set; }
        [DataMember(Order = 7)] public float F32 { get; set; }
        [DataMember(Order = 8)] public double F64 { get; set; }
        [DataMember(Order = 9)] public decimal Dec { get; set; }
        [DataMember(Order = 10)] public DateTime WhenUtc { get; set; }
        [DataMember(Order = 11)] public DateTime WhenUnspecified { get; set; }
        [DataMember(Order = 12)] public DateTimeOffset Offset { get; set; }
        [DataMember(Order = 13)] public TimeSpan Duration { get; set; }
        [DataMember(Order = 14)] public Guid Id { get; set; }
        [DataMember(Order = 15)] public char Ch { get; set; }
        [DataMember(Order = 16)] public Uri Link { get; set; }
        [DataMember(Order = 17)] public Color Color { get; set; }
        [DataMember(Order = 18)] public int? MaybeInt { get; set; }
        [DataMember(Order = 19)] public int? MissingInt { get; set; }
        [DataMember(Order = 20)] public string Text { get; set; }
        [DataMember(Order = 21)] public string NullText { get; set; }
        [DataMember(Order = 22, EmitDefaultValue = false)] public string Omitted { get; set; }
        [DataMember(Order = 23)] public byte[] Blob { get; set; }
        [DataMember(Order = 24)] public List<int> Ints { get; set; }
        [DataMember(Order = 25)] public string[] Strings { get; set; }
        [DataMember(Order = 26)] public List<Item> Items { get; set; }
        [DataMember(Order = 27)] public Dictionary<string, int> Map { get; set; }
        [DataMember(Order = 28)] public Complex Child { get; set; }
        [DataMember(Order = 29)] public Item Poly { get; set; }
        [DataMember(Order = 30)] public double[] Doubles { get; set; }

        public static Complex Sample(bool withChild)
        {
            return new Complex
            {
                Flag = true,
                U8 = 200,
                I16 = -12345,
                I32 = 123456789,
                I64 = -1234567890123456789L,
                U64 = ulong.MaxValue,
                F32 = 1.5f,
                F64 = -2.25e100,
                Dec = 12345678901234567890.123456789m,
                WhenUtc = new DateTime(2024, 2, 29, 13, 14, 15, 678, DateTimeKind.Utc),
                WhenUnspecified = new DateTime(1999, 12, 31, 23, 59, 59),
                Offset = new DateTimeOffset(2020, 5, 6, 7, 8, 9, TimeSpan.FromHours(-3.5)),
                Duration = new TimeSpan(1, 2, 3, 4, 567),
                Id = new Guid("00112233-4455-6677-8899-aabbccddeeff"),
                Ch = 'Z',
                Link = new Uri("http://example.test/a?b=c"),
                Color = Color.Blue,
                MaybeInt = 42,
                Text = "h\u00e9llo <w\u00f6rld> & \u4f60\u597d \U0001F600",
                Blob = new byte[] { 0, 1, 2, 253, 254, 255, 7 },
                Ints = new List<int> { 1, -1, int.MaxValue, 0 },
                Strings = new[] { "a", "", null, "d" },
                Items = new List<Item>
                {
                    new Item { Name = "one", Quantity = 1, Price = 1.10m },
                    new SpecialItem { Name = "two", Quantity = 2, Price = 0m, Extra = "x" }
                },
                Map = new Dictionary<string, int> { { "k1", 1 }, { "k2", 2 } },
                Child = withChild ? Sample(false) : null,
                Poly = new SpecialItem
                {
                    Name = "poly", Quantity = 3, Price = -5.5m, Extra = "derived"
                },
                Doubles = new[] { 0.0, 1.0, double.NaN, double.PositiveInfinity, 0.1 }
            };
        }
    }

    public static class Bindings
    {
        /// The binding of an encoding: that of NetTcpBinding, or text. VERSION-CHARSET, such as
        /// soap11-utf-16 or soap12-2004-utf-8. Or that of streamed transfer.
        public static Binding For(string encoding)
        {
            if (encoding == "streamed") return Streamed();
            return encoding == "binary" ? OpenLimits() : Text(encoding);
        }

        /// Streamed transfer in both directions.
        static NetTcpBinding Streamed()
        {
            var binding = OpenLimits();
            binding.TransferMode = TransferMode.Streamed;
            return binding;
        }

        static Binding Text(string encoding)
        {
            var wsa2004 = encoding.Contains("-2004");
            MessageVersion version;
            if (encoding.StartsWith("soap11"))
                version = wsa2004 ? MessageVersion.Soap11WSAddressingAugust2004
                                  : MessageVersion.CreateVersion(EnvelopeVersion.Soap11,
                                                                 AddressingVersion.WSAddressing10);
            else
                version = wsa2004 ? MessageVersion.Soap12WSAddressingAugust2004
                                  : MessageVersion.Soap12WSAddressing10;
            var charset = encoding.EndsWith("utf-16be") ? Encoding.BigEndianUnicode
                          : encoding.EndsWith("utf-16") ? Encoding.Unicode
                                                        : Encoding.UTF8;
            var text = new TextMessageEncodingBindingElement(version, charset);
            text.ReaderQuotas = XmlDictionaryReaderQuotas.Max;
            var transport = new TcpTransportBindingElement();
            transport.MaxReceivedMessageSize = 1 << 30;
            transport.MaxBufferSize = 1 << 30;
            var binding = new CustomBinding(text, transport);
            binding.OpenTimeout = binding.CloseTimeout = TimeSpan.FromSeconds(10);
            binding.SendTimeout = TimeSpan.FromSeconds(30);
            binding.ReceiveTimeout = TimeSpan.FromMinutes(10);
            return binding;
        }

        /// net.tcp without security, buffered, with limits no test of ours comes near.
        public static NetTcpBinding OpenLimits()
        {
            var binding = new NetTcpBinding(SecurityMode.None);
            binding.MaxReceivedMessageSize = 1 << 30;
            binding.ReaderQuotas = XmlDictionaryReaderQuotas.Max;
            binding.OpenTimeout = binding.CloseTimeout = TimeSpan.FromSeconds(10);
            binding.SendTimeout = TimeSpan.FromSeconds(30);
            binding.ReceiveTimeout = TimeSpan.FromMinutes(10);
            return binding;
        }
    }
}
