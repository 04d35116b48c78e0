using System;
using System.Runtime.InteropServices;

namespace NbfxBench
{
// CPU time of this thread, as our own programs count it: other programs on the machine then
// disturb both alike.
static class Stopwatch
{
    [StructLayout(LayoutKind.Sequential)]
    struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    const int ThreadClock = 3; // CLOCK_THREAD_CPUTIME_ID of Linux

    [DllImport("libc")]
    static extern int clock_gettime(int clock, out Timespec now);

    static double Now()
    {
        if (clock_gettime(ThreadClock, out var now) != 0)
            throw new InvalidOperationException("no clock of CPU time");
        return now.Seconds + now.Nanoseconds * 1e-9;
    }

    // By CPU time, and by the clock.
    public static (double, double) NanosecondsPerTurn(double seconds, Action turn)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var begun = Now();
        double used = 0;
        long turns = 0;
        for (long batch = 1; used < seconds; batch *= 2)
        {
            for (long i = 0; i < batch; i++) turn();
            turns += batch;
            used = Now() - begun;
        }
        return (used * 1e9 / turns, clock.Elapsed.TotalSeconds * 1e9 / turns);
    }
}
}
