// .NET's XmlDictionaryReader and XmlDictionaryWriter on the documents that `bench/nbfx --export`
// writes, and DataContractSerializer on the records of `bench/typed --export`. Speaks as
// bench/measure.hpp says: --list, --serve.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace NbfxBench
{
static class Program
{
    const double Seconds = 0.05;
    static readonly string[] Names = { "echo-req", "echo-rep", "complex-req", "records" };

    static int Main(string[] arguments)
    {
        if (arguments.Length != 2)
        {
            Console.Error.WriteLine("usage: nbfx_bench.dll DOCUMENTS --list|--serve");
            return 2;
        }
        var measurements = new Dictionary<string, Action>();
        foreach (var name in Names)
        {
            var document = new Document(arguments[0], name);
            measurements[$".NET {name} walk"] = document.Walk;
            measurements[$".NET {name} write"] = document.Write;
        }
        var bulk = new Bulk();
        measurements[".NET 1 MiB write"] = bulk.Write;
        measurements[".NET 1 MiB read"] = bulk.Read;
        var typed = new Typed(arguments[0]);
        measurements[".NET typed records read"] = typed.Read;
        measurements[".NET typed records write"] = typed.Write;

        if (arguments[1] == "--list")
        {
            foreach (var name in measurements.Keys) Console.WriteLine($"{name}\tns");
            return 0;
        }
        WarmUp(measurements.Values);
        while (Console.ReadLine() is string name)
        {
            Console.WriteLine(Stopwatch.NanosecondsPerTurn(Seconds, measurements[name]));
            Console.Out.Flush();
        }
        return 0;
    }

    // The just-in-time compiler replaces code when it has run for a while, in the background.
    static void WarmUp(ICollection<Action> turns)
    {
        for (var round = 0; round < 4; round++)
        {
            foreach (var turn in turns) Stopwatch.NanosecondsPerTurn(0.3, turn);
            System.Threading.Thread.Sleep(300);
        }
    }
}
}
