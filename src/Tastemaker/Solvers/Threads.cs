using Tastemaker.Options;
using Tastemaker.Training;

namespace Tastemaker.Solvers;

/// <summary>How much of the machine managed solvers may use.</summary>
internal static class Threads
{
    /// <summary>Parallel loops of an epoch: as many threads as the run was given, ended when the run is.</summary>
    public static ParallelOptions Of(EpochContext context) =>
        new() { MaxDegreeOfParallelism = Count(context.Options), CancellationToken = context.Cancellation };

    private static int Count(TrainingOptions options) => options.Threads > 0 ? options.Threads : Environment.ProcessorCount;
}
