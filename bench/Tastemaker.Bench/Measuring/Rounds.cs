using System.Diagnostics;

namespace Tastemaker.Bench.Measuring;

/// <summary>Times work by the median of rounds; several works take turns, so that a busy moment of the machine hits all of them.</summary>
internal static class Rounds
{
    /// <summary>Seconds of one call of each work: the median over rounds.</summary>
    /// <param name="seconds">About how long to measure each work in all; at least five rounds are done.</param>
    /// <param name="works">What to time. Each is called once before, to warm up, and to learn how many calls make a round of 10 ms.</param>
    public static double[] Medians(double seconds, params Action[] works)
    {
        var calls = Array.ConvertAll(works, CallsOfARound);
        var rounds = works.Select(_ => new Samples()).ToArray();
        var clock = Stopwatch.StartNew();
        while (rounds[0].Count < 5 || clock.Elapsed.TotalSeconds < seconds * works.Length)
        {
            for (var work = 0; work < works.Length; work++)
            {
                rounds[work].Add(Seconds(works[work], calls[work]) / calls[work]);
            }
        }

        return Array.ConvertAll(rounds, times => times.Median);
    }

    /// <summary>Seconds of one call: the median over rounds.</summary>
    public static double Median(double seconds, Action work) => Medians(seconds, work)[0];

    private static int CallsOfARound(Action work)
    {
        Seconds(work, 1);
        for (var calls = 1; ; calls *= 2)
        {
            if (Seconds(work, calls) >= 0.01)
            {
                return calls;
            }
        }
    }

    private static double Seconds(Action work, int calls)
    {
        var clock = Stopwatch.StartNew();
        for (var call = 0; call < calls; call++)
        {
            work();
        }

        return clock.Elapsed.TotalSeconds;
    }
}
