// [MC-NMF] over any stream, as much as a duplex session with sized envelopes has.
using System;
using System.IO;
using System.Text;

namespace UpgradePeer
{
/// The other side broke the framing, or said no.
class FramingException : Exception
{
    public FramingException(string message) : base(message) {}
}

class Framing
{
    public const byte Mode = 1, Via = 2, KnownEncoding = 3, Envelope = 6, End = 7, Fault = 8,
                      UpgradeRequest = 9, UpgradeResponse = 10, PreambleAck = 11, PreambleEnd = 12;
    const int MostOctets = 64 << 20;

    readonly Stream stream;

    public Framing(Stream stream) { this.stream = stream; }

    /// The next octet, or -1 at the end of the stream.
    public int Octet()
    {
        var one = new byte[1];
        return stream.Read(one, 0, 1) == 0 ? -1 : one[0];
    }

    public void Expect(byte wanted)
    {
        var got = Octet();
        if (got == wanted) return;
        if (got == Fault) throw new FramingException("fault " + Text());
        throw new FramingException($"expected record {wanted:x2}, got " +
                                   (got < 0 ? "the end" : got.ToString("x2")));
    }

    public byte[] Octets()
    {
        var size = 0;
        for (var shift = 0;; shift += 7)
        {
            var octet = Octet();
            if (octet < 0 || shift > 28) throw new FramingException("a size is cut short");
            size |= (octet & 0x7f) << shift;
            if ((octet & 0x80) == 0) break;
        }
        if (size < 0 || size > MostOctets) throw new FramingException("too large: " + size);
        var octets = new byte[size];
        stream.ReadExactly(octets);
        return octets;
    }

    public string Text() => Encoding.UTF8.GetString(Octets());

    public void Send(params byte[] octets)
    {
        stream.Write(octets);
        stream.Flush();
    }

    public static void AppendSize(MemoryStream to, int size)
    {
        for (; size > 0x7f; size >>= 7) to.WriteByte((byte)(size | 0x80));
        to.WriteByte((byte)size);
    }

    public void SendText(byte record, string text)
    {
        var octets = Encoding.UTF8.GetBytes(text);
        SendSized(record, octets);
    }

    public void SendSized(byte record, byte[] octets)
    {
        var whole = new MemoryStream();
        whole.WriteByte(record);
        AppendSize(whole, octets.Length);
        whole.Write(octets);
        Send(whole.ToArray());
    }

    /// What a client says before an upgrade.
    public void SendPreamble(string via)
    {
        var whole = new MemoryStream();
        whole.Write(new byte[] { 0, 1, 0, Mode, 2, Via });
        var octets = Encoding.UTF8.GetBytes(via);
        AppendSize(whole, octets.Length);
        whole.Write(octets);
        whole.Write(new byte[] { KnownEncoding, 8 });
        Send(whole.ToArray());
    }
}
}
