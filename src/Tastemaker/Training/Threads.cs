using Tastemaker.Native;
using static TorchSharp.torch;

namespace Tastemaker.Training;

/// <summary>
/// Threads of libtorch and of our own loops, which are one number (<see cref="Parallelism"/>): the two take turns within a step, so each may have
/// them all. libtorch keeps its own count, and this is the only place that sets it.
/// </summary>
internal static class Threads
{
    /// <summary>Gives this process a number of threads, libtorch included; 0 for all cores.</summary>
    /// <exception cref="InputException">libtorch cannot be loaded.</exception>
    public static void Use(int count)
    {
        LibTorch.Demand();
        Parallelism.Use(count);
        set_num_threads(Parallelism.Threads);
    }

    /// <summary>The same for as long as the result is not disposed; 0 leaves the process's number as it is.</summary>
    public static IDisposable Lend(int count)
    {
        var back = new Return(Parallelism.Asked);
        Use(count > 0 ? count : Parallelism.Asked);
        return back;
    }

    /// <summary>Parallel loops of an epoch: as many threads as the run was given, ended when the run is.</summary>
    public static ParallelOptions Of(EpochContext context) => Parallelism.Loop(context.Options.Threads, context.Cancellation);

    private sealed class Return(int count) : IDisposable
    {
        public void Dispose() => Use(count);
    }
}
