// Mono's WCF over net.tcp without security, client and host in one process, so that its CPU time is
// that of both sides. Speaks as bench/measure.hpp says: --list, --serve.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.ServiceModel;

namespace MonoBench
{
[ServiceContract(Namespace = "http://peers.test/svc", Name = "IEcho")]
public interface IEcho
{
    [OperationContract] string Echo(string text);
    [OperationContract] byte[] EchoBytes(byte[] data);
}

public class EchoService : IEcho
{
    public string Echo(string text) { return text; }
    public byte[] EchoBytes(byte[] data) { return data; }
}

static class Program
{
    // By the clock: a call waits 50 ms, since Mono sends it in pieces that wait for each other.
    const double Seconds = 0.5;

    static string MicrosecondsPerCall(Action call)
    {
        call();
        var clock = Stopwatch.StartNew();
        double begun = NbfxBench.Stopwatch.Seconds(NbfxBench.Stopwatch.OfProcess);
        int calls = 0;
        for (; clock.Elapsed.TotalSeconds < Seconds; calls++) call();
        double used = NbfxBench.Stopwatch.Seconds(NbfxBench.Stopwatch.OfProcess) - begun;
        return NbfxBench.Stopwatch.Answer(used * 1e6 / calls,
                                          clock.Elapsed.TotalSeconds * 1e6 / calls);
    }

    static NetTcpBinding Binding()
    {
        var binding = new NetTcpBinding(SecurityMode.None);
        binding.MaxReceivedMessageSize = 4 << 20;
        binding.ReaderQuotas.MaxArrayLength = 4 << 20;
        return binding;
    }

    static int FreePort()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        return port;
    }

    static Action EchoOf(IEcho service, int size)
    {
        var data = new byte[size];
        return () => {
            if (service.EchoBytes(data).Length != size) throw new Exception("octets got lost");
        };
    }

    static int Main(string[] arguments)
    {
        var names = new[] { "echo, Mono WCF", "echo 16 B, Mono WCF", "echo 1 KiB, Mono WCF",
                            "echo 64 KiB, Mono WCF", "echo 1 MiB, Mono WCF" };
        if (arguments.Length == 1 && arguments[0] == "--list")
        {
            foreach (var name in names) Console.WriteLine(name + "\tus");
            return 0;
        }
        var address = "net.tcp://127.0.0.1:" + FreePort() + "/echo";
        var host = new ServiceHost(typeof(EchoService));
        host.AddServiceEndpoint(typeof(IEcho), Binding(), address);
        host.Open();
        var service =
            new ChannelFactory<IEcho>(Binding(), new EndpointAddress(address)).CreateChannel();
        var calls = new Dictionary<string, Action>();
        calls[names[0]] = () => {
            if (service.Echo("hello") != "hello") throw new Exception("a wrong answer came");
        };
        var sizes = new[] { 16, 1 << 10, 1 << 16, 1 << 20 };
        for (int i = 0; i < sizes.Length; i++) calls[names[i + 1]] = EchoOf(service, sizes[i]);
        for (int i = 0; i < 200; i++) calls[names[0]]();
        for (string name; (name = Console.ReadLine()) != null;)
        {
            Console.WriteLine(MicrosecondsPerCall(calls[name]));
            Console.Out.Flush();
        }
        Environment.Exit(0); // without waiting for peers that will not come
        return 0;
    }
}
}
