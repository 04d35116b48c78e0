// Ways to break the rules on purpose; none of these lets the conversation go on.
using System;
using System.IO;
using System.Net.Sockets;

namespace UpgradePeer
{
static class Breaches
{
    /// In place of the handshake.
    public static void InHandshake(string breach, NetworkStream raw)
    {
        var octets = breach switch {
            "garbage-token" => "1601000004deadbeef",
            "garbage" => "ffffffffffffffff",
            "empty-done" => "1401000000",
            "error-old" => "1501000008000000008009030c",
            "error-new" => "15010000080c030980ffffffff",
            "error-level" => "1501000008fe06000000000000",
            "error-short" => "1501000000",
            "close" => "",
            _ => null,
        };
        if (octets == null) return;
        raw.Write(Convert.FromHexString(octets));
        if (octets == "") raw.Socket.Shutdown(SocketShutdown.Send);
        throw new FramingException(breach + " answered by " + Rest(raw));
    }

    /// Behind the handshake, past the protection.
    public static void InStream(string breach, NetworkStream raw)
    {
        var octets = breach switch {
            "frame-unprotected" => "050000000c0c0c0c0c",
            "frame-size-zero" => "00000000",
            "frame-size-too-large" => "0100010000",
            "record-unprotected" => "0c",
            _ => null,
        };
        if (octets == null) return;
        raw.Write(Convert.FromHexString(octets));
        raw.Socket.Shutdown(SocketShutdown.Send);
        throw new FramingException(breach + " answered by " + Rest(raw));
    }

    /// What the other side still says, in hexadecimal.
    static string Rest(NetworkStream raw)
    {
        var all = new MemoryStream();
        var some = new byte[4096];
        try
        {
            for (int n; all.Length < 100 && (n = raw.Read(some)) > 0;) all.Write(some, 0, n);
        }
        catch (IOException)
        {
            return Convert.ToHexString(all.ToArray()).ToLowerInvariant() + "(reset)";
        }
        return Convert.ToHexString(all.ToArray()).ToLowerInvariant() + "(end)";
    }
}
}
