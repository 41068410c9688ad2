namespace Tastemaker;

/// <summary>
/// How many threads this process works with: the one place that decides. All cores, unless <see cref="Use"/> says otherwise; what has options
/// of its own (training, evaluation, import) may ask for another number for its own work. No result depends on it.
/// </summary>
public static class Parallelism
{
    private static volatile int asked;

    /// <summary>Threads of work that does not say otherwise. <value>all cores</value></summary>
    public static int Threads => asked > 0 ? asked : Environment.ProcessorCount;

    /// <summary>What <see cref="Use"/> was called with last; 0 for all cores.</summary>
    internal static int Asked => asked;

    /// <summary>Sets the number of threads of this process; 0 for all cores. Work that is already under way is not touched.</summary>
    public static void Use(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        asked = threads;
    }

    /// <summary>A parallel loop on so many threads; 0 for the process's number.</summary>
    internal static ParallelOptions Loop(int threads = 0, CancellationToken cancellation = default) =>
        new() { MaxDegreeOfParallelism = threads > 0 ? threads : Threads, CancellationToken = cancellation };
}
