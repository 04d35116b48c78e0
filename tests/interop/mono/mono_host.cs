// mono_host.exe PORT [MODE ENCODING [chat|stream]]
// Serves the echo contract at net.tcp://127.0.0.1:PORT/MODE/echo (MODE: none) with Mono's
// ServiceHost, or the chat contract at .../chat, or that of streams at .../stream: it cannot have two
// on one port. Prints one READY line once it accepts; ends when standard input ends or on SIGTERM.
using System;
using System.Collections.Generic;
using System.IO;
using System.ServiceModel;
using System.ServiceModel.Channels;
using System.ServiceModel.Description;
using System.ServiceModel.Dispatcher;
using System.Threading;
using System.Xml;

namespace Interop
{
[ServiceBehavior(InstanceContextMode = InstanceContextMode.PerSession,
                 ConcurrencyMode = ConcurrencyMode.Multiple,
                 AddressFilterMode = AddressFilterMode.Any)]
public class EchoService : IEcho
{
    static readonly Dictionary<string, int> notified = new Dictionary<string, int>();

    public string Echo(string text) { return text; }

    public byte[] EchoBytes(byte[] data) { return data; }

    public Complex EchoComplex(Complex value) { return value; }

    public void Notify(string text) { lock (notified) notified[text] = Count(text) + 1; }

    public int NotifyCount(string text) { lock (notified) return Count(text); }

    public string Fail(string text, int code)
    {
        throw new FaultException<Detail>(new Detail { Code = code, Message = text },
                                         new FaultReason("reason: " + text),
                                         new FaultCode("Custom", Names.Service));
    }

    public string FailUnhandled(string text)
    {
        throw new InvalidOperationException("unhandled: " + text);
    }

    public string Sleep(int milliseconds)
    {
        Thread.Sleep(milliseconds);
        return "slept " + milliseconds;
    }

    public string WhoAmI() { return "name=;auth=;isAuth=False;anon=True"; }

    public int Add(int a, int b, out int difference)
    {
        difference = a - b;
        return a + b;
    }

    static int Count(string text)
    {
        int count;
        return notified.TryGetValue(text, out count) ? count : 0;
    }
}

[ServiceBehavior(InstanceContextMode = InstanceContextMode.PerSession,
                 ConcurrencyMode = ConcurrencyMode.Multiple,
                 AddressFilterMode = AddressFilterMode.Any)]
public class ChatService : IChat
{
    readonly string id = Guid.NewGuid().ToString();
    string name = "?";

    static IChatCallback Caller
    {
        get { return OperationContext.Current.GetCallbackChannel<IChatCallback>(); }
    }

    public int Subscribe(string name, int count)
    {
        this.name = name;
        for (var i = 0; i < count; i++) Caller.OnMessage("server", "hello " + name + " #" + i);
        return count;
    }

    public void Say(string text) { Caller.OnMessage(name, "echo: " + text); }

    public string AskBack(string question) { return "client said: " + Caller.Ask(question); }

    public string SessionId() { return id; }
}

[ServiceBehavior(InstanceContextMode = InstanceContextMode.PerCall,
                 ConcurrencyMode = ConcurrencyMode.Multiple,
                 AddressFilterMode = AddressFilterMode.Any)]
public class StreamService : IStreaming
{
    public Stream Download(long length) { return new PatternStream(length); }

    public long Upload(Stream data) { return PatternStream.Check(data); }

    public Stream EchoStream(Stream data)
    {
        var all = new MemoryStream();
        data.CopyTo(all);
        all.Position = 0;
        return all;
    }

    public UploadReply UploadNamed(UploadRequest request)
    {
        var all = new MemoryStream();
        request.Data.CopyTo(all);
        all.Position = 0;
        return new UploadReply { Name = request.Name, Length = all.Length,
                                 Sha256 = PatternStream.Sha256(all) };
    }

    public string Echo(string text) { return text; }
}

/// Mono sends faults without RelatesTo, which no WCF client could match to its call: put it where
/// it belongs.
class RelateFaults : IEndpointBehavior, IDispatchMessageInspector
{
    public object AfterReceiveRequest(ref Message request, IClientChannel channel,
                                      InstanceContext context)
    {
        return request.Headers.MessageId;
    }

    public void BeforeSendReply(ref Message reply, object messageId)
    {
        if (reply != null && reply.Headers.RelatesTo == null)
            reply.Headers.RelatesTo = (UniqueId)messageId;
    }

    public void ApplyDispatchBehavior(ServiceEndpoint endpoint, EndpointDispatcher dispatcher)
    {
        dispatcher.DispatchRuntime.MessageInspectors.Add(this);
    }

    public void AddBindingParameters(ServiceEndpoint endpoint,
                                     BindingParameterCollection parameters)
    {
    }

    public void ApplyClientBehavior(ServiceEndpoint endpoint, ClientRuntime runtime) {}

    public void Validate(ServiceEndpoint endpoint) {}
}

static class Program
{
    static int Main(string[] arguments)
    {
        int port;
        if ((arguments.Length != 1 && arguments.Length != 3 && arguments.Length != 4) ||
            !int.TryParse(arguments[0], out port))
        {
            Console.Error.WriteLine("usage: mono_host.exe PORT [MODE ENCODING [chat]]");
            return 2;
        }
        // A blocked worker (Sleep, or a session that is being read) must not starve the next
        // session.
        ThreadPool.SetMinThreads(64, 64);
        var mode = arguments.Length >= 3 ? arguments[1] : "none";
        var binding = Bindings.For(arguments.Length >= 3 ? arguments[2] : "binary");
        var group = arguments.Length == 4 ? arguments[3] : "echo";
        var contract = group == "chat"     ? typeof(IChat)
                       : group == "stream" ? typeof(IStreaming)
                                           : typeof(IEcho);
        var service = group == "chat"     ? typeof(ChatService)
                      : group == "stream" ? typeof(StreamService)
                                          : typeof(EchoService);
        var address = "net.tcp://127.0.0.1:" + port + "/" + mode + "/" + group;
        using (var host = new ServiceHost(service))
        {
            var endpoint = host.AddServiceEndpoint(contract, binding, address);
            endpoint.Behaviors.Add(new RelateFaults());
            host.Open();
            Console.WriteLine("READY net.tcp://127.0.0.1:" + port + " modes=" + mode);
            Console.Out.Flush();
            while (Console.In.ReadLine() != null)
            {
            }
        }
        // ServiceHost.Close of Mono can leave foreground threads behind that wait for sessions.
        Environment.Exit(0);
        return 0;
    }
}
}
