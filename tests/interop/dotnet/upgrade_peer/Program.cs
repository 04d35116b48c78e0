// upgrade_peer host|client KEY=VALUE...
// One side of net.tcp with security by .NET's own NegotiateStream and SslStream, framing and echo
// by this program. ../../README.md lists the keys, and the result lines on standard output.
using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Xml;

namespace UpgradePeer
{
static class Program
{
    static int Main(string[] arguments)
    {
        try
        {
            var choices = new Choices(arguments.Skip(1));
            var strings = Echo.FixedStrings(choices["dictionary"]);
            return arguments[0] switch {
                "host" => Host(choices, strings),
                "client" => Client(choices, strings),
                _ => throw new ArgumentException("neither host nor client"),
            };
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or FormatException)
        {
            Console.Error.WriteLine("usage: upgrade_peer host|client KEY=VALUE...: " + e.Message);
            return 2;
        }
    }

    static void Say(string line)
    {
        lock (Console.Out)
        {
            Console.Out.WriteLine(line);
            Console.Out.Flush();
        }
    }

    /// An exception and what is behind it, in one line.
    static string Words(Exception e)
    {
        var words = "";
        for (; e != null; e = e.InnerException)
            words += $"{e.GetType().Name}(0x{e.HResult:x8}): {e.Message} | ";
        return words.Replace('\r', ' ').Replace('\n', ' ');
    }

    // ---- client ---------------------------------------------------------------------------------

    static int Client(Choices choices, XmlDictionary strings)
    {
        var stage = "connect";
        try
        {
            var via = new Uri(choices.Via);
            using var connection = new TcpClient();
            connection.Connect(via.Host, via.Port);
            connection.NoDelay = true;
            connection.ReceiveTimeout = (int)choices.Patience.TotalMilliseconds;
            var raw = connection.GetStream();
            for (var session = 1; session <= choices.Number("sessions", 1); ++session)
                ClientSession(choices, strings, raw, session, ref stage);
            return 0;
        }
        catch (Exception e)
        {
            Say($"FAIL role=client stage={stage} why={Words(e)}");
            return 1;
        }
    }

    static void ClientSession(Choices choices, XmlDictionary strings, NetworkStream raw, int session,
                              ref string stage)
    {
        stage = "preamble";
        var plain = new Framing(raw);
        plain.SendPreamble(choices.Via);
        Stream safe = raw;
        var who = "auth=none";
        if (choices.Mode != "none" && choices.Breach != "skip-upgrade")
        {
            plain.SendText(Framing.UpgradeRequest,
                           choices.Mode == "tls" ? "application/ssl-tls" : "application/negotiate");
            if (choices.Breach == "early-octets") plain.Send(Framing.PreambleEnd);
            plain.Expect(Framing.UpgradeResponse);
            stage = "handshake";
            Breaches.InHandshake(choices.Breach, raw);
            safe = choices.Mode == "tls" ? TlsClient(choices, raw, out who)
                                         : WindowsClient(choices, raw, out who);
        }
        stage = "ack";
        Breaches.InStream(choices.Breach, raw);
        var framing = new Framing(safe);
        framing.Send(Framing.PreambleEnd);
        framing.Expect(Framing.PreambleAck);
        stage = "call";
        var echo = new Echo(strings);
        foreach (var size in choices.Sizes)
        {
            var text = string.Create(size, 0, (span, _) => {
                for (var i = 0; i < span.Length; ++i) span[i] = (char)('a' + i % 26);
            });
            var id = new UniqueId();
            framing.SendSized(Framing.Envelope,
                              echo.Write(Echo.Action, id, null, choices.Via, "Echo", "text", text));
            framing.Expect(Framing.Envelope);
            var reply = echo.Read(framing.Octets());
            if (reply.RelatesTo != id) throw new FramingException("the reply relates to another");
            if (reply.Text != text)
                throw new FramingException($"{reply.Element} of {reply.Text?.Length} characters");
        }
        stage = "end";
        framing.Send(Framing.End);
        framing.Expect(Framing.End);
        Say($"OK role=client session={session} sizes={choices.Of("sizes", "5")} {who}");
    }

    static Stream WindowsClient(Choices choices, Stream raw, out string who)
    {
        var stream = new NegotiateStream(raw, true);
        var spn = choices.Of("spn", "host/" + new Uri(choices.Via).Host);
        var done = stream.AuthenticateAsClientAsync(choices.Credential, spn, choices.Level,
                                                    choices.Impersonation);
        Await(done, choices);
        who = Who(stream);
        return stream;
    }

    static Stream TlsClient(Choices choices, Stream raw, out string who)
    {
        var stream = new SslStream(raw, true);
        var options = new SslClientAuthenticationOptions {
            TargetHost = choices.Of("name", "localhost"),
            EnabledSslProtocols = choices.Protocols,
            CertificateChainPolicy = choices.Policy("1.3.6.1.5.5.7.3.1"),
        };
        if (choices.Certificate != null)
            options.ClientCertificates = new X509CertificateCollection { choices.Certificate };
        Await(stream.AuthenticateAsClientAsync(options), choices);
        who = Who(stream);
        return stream;
    }

    static void Await(System.Threading.Tasks.Task done, Choices choices) =>
        done.WaitAsync(choices.Patience).GetAwaiter().GetResult();

    static string Who(NegotiateStream stream) =>
        $"auth={stream.RemoteIdentity.AuthenticationType} name={stream.RemoteIdentity.Name} " +
        $"encrypted={stream.IsEncrypted} signed={stream.IsSigned} " +
        $"mutual={stream.IsMutuallyAuthenticated} token={stream.ImpersonationLevel}";

    static string Who(SslStream stream) =>
        $"auth=X509 name={stream.RemoteCertificate?.Subject.Replace(" ", "")} " +
        $"tls={stream.SslProtocol} mutual={stream.IsMutuallyAuthenticated}";

    // ---- host -----------------------------------------------------------------------------------

    static int Host(Choices choices, XmlDictionary strings)
    {
        var listener = new TcpListener(IPAddress.Loopback, choices.Port);
        listener.Start();
        Say("READY " + ((IPEndPoint)listener.LocalEndpoint).Port);
        // Ends with its standard input, so that it never outlives the script.
        new Thread(() => {
            while (Console.In.Read() >= 0) {}
            Environment.Exit(0);
        }) { IsBackground = true }.Start();
        for (;;)
        {
            var connection = listener.AcceptTcpClient();
            new Thread(() => Serve(choices, strings, connection)) { IsBackground = true }.Start();
        }
    }

    static void Serve(Choices choices, XmlDictionary strings, TcpClient connection)
    {
        var stage = "preamble";
        var session = 0;
        try
        {
            using (connection)
            {
                connection.NoDelay = true;
                connection.ReceiveTimeout = (int)choices.Patience.TotalMilliseconds;
                while (HostSession(choices, strings, connection.GetStream(), ++session, ref stage))
                    stage = "preamble";
            }
        }
        catch (Exception e)
        {
            Say($"FAIL role=host session={session} stage={stage} why={Words(e)}");
        }
    }

    /// One session; false: the caller closed before it began.
    static bool HostSession(Choices choices, XmlDictionary strings, NetworkStream raw, int session,
                            ref string stage)
    {
        var plain = new Framing(raw);
        var first = plain.Octet();
        if (first < 0) return false;
        if (first != 0 || plain.Octet() != 1 || plain.Octet() != 0)
            throw new FramingException($"no version 1.0 at the start, but {first:x2}");
        plain.Expect(Framing.Mode);
        if (plain.Octet() != 2) throw new FramingException("not duplex");
        plain.Expect(Framing.Via);
        plain.Text();
        plain.Expect(Framing.KnownEncoding);
        if (plain.Octet() != 8) throw new FramingException("not binary with a session");
        Stream safe = raw;
        var who = "auth=none";
        if (choices.Mode != "none")
        {
            plain.Expect(Framing.UpgradeRequest);
            var wanted = choices.Mode == "tls" ? "application/ssl-tls" : "application/negotiate";
            var asked = plain.Text();
            if (asked != wanted) throw new FramingException("upgrade " + asked);
            plain.Send(Framing.UpgradeResponse);
            stage = "handshake";
            Breaches.InHandshake(choices.Breach, raw);
            safe = choices.Mode == "tls" ? TlsHost(choices, raw, out who)
                                         : WindowsHost(choices, raw, out who);
        }
        stage = "ack";
        Breaches.InStream(choices.Breach, raw);
        var framing = new Framing(safe);
        framing.Expect(Framing.PreambleEnd);
        framing.Send(Framing.PreambleAck);
        stage = "call";
        var echo = new Echo(strings);
        var calls = 0;
        for (int record; (record = framing.Octet()) != Framing.End; ++calls)
        {
            if (record != Framing.Envelope)
                throw new FramingException(record < 0 ? "the end" : $"record {record:x2}");
            var request = echo.Read(framing.Octets());
            framing.SendSized(Framing.Envelope,
                              echo.Write(request.Action + "Response", null, request.Id, null,
                                         request.Element + "Response", request.Element + "Result",
                                         (object)request.Octets ?? request.Text ?? ""));
        }
        framing.Send(Framing.End);
        Say($"OK role=host session={session} calls={calls} {who}");
        return true;
    }

    static Stream WindowsHost(Choices choices, Stream raw, out string who)
    {
        var stream = new NegotiateStream(raw, true);
        Await(stream.AuthenticateAsServerAsync(choices.Credential, choices.Level,
                                               choices.Impersonation),
              choices);
        who = Who(stream);
        return stream;
    }

    static Stream TlsHost(Choices choices, Stream raw, out string who)
    {
        var stream = new SslStream(raw, true);
        var options = new SslServerAuthenticationOptions {
            ServerCertificate = choices.Certificate,
            EnabledSslProtocols = choices.Protocols,
            ClientCertificateRequired = choices.Of("callers", "") == "certificate",
            CertificateChainPolicy = choices.Policy("1.3.6.1.5.5.7.3.2"),
        };
        Await(stream.AuthenticateAsServerAsync(options), choices);
        who = Who(stream);
        return stream;
    }
}
}
