using System;
using System.Runtime.InteropServices;

namespace NbfxBench
{
// CPU time, as our own programs count it: other programs on the machine then disturb both alike.
static class Stopwatch
{
    [StructLayout(LayoutKind.Sequential)]
    struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    // Linux's CLOCK_PROCESS_CPUTIME_ID and CLOCK_THREAD_CPUTIME_ID
    public const int OfProcess = 2;
    public const int OfThread = 3;

    [DllImport("libc")]
    static extern int clock_gettime(int clock, out Timespec now);

    public static double Seconds(int clock)
    {
        Timespec now;
        if (clock_gettime(clock, out now) != 0)
            throw new InvalidOperationException("no clock of CPU time");
        return now.Seconds + now.Nanoseconds * 1e-9;
    }

    // Of this thread by CPU time and by the clock, as `--serve` answers.
    public static string NanosecondsPerTurn(double seconds, Action turn)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var begun = Seconds(OfThread);
        double used = 0;
        long turns = 0;
        for (long batch = 1; used < seconds; batch *= 2)
        {
            for (long i = 0; i < batch; i++) turn();
            turns += batch;
            used = Seconds(OfThread) - begun;
        }
        return Answer(used * 1e9 / turns, clock.Elapsed.TotalSeconds * 1e9 / turns);
    }

    public static string Answer(double byCpu, double byClock)
    {
        var invariant = System.Globalization.CultureInfo.InvariantCulture;
        return string.Format(invariant, "{0:G6} {1:G6}", byCpu, byClock);
    }
}
}
