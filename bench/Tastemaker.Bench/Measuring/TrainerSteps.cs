using System.Diagnostics;
using Tastemaker.Data;
using Tastemaker.Options;
using Tastemaker.Training;

namespace Tastemaker.Bench.Measuring;

/// <summary>Steps of the trainer itself: the epochs of a model, cut off when the time is up.</summary>
internal sealed class TrainerSteps(ITraining training, TrainingSet train, TrainingOptions run)
{
    private const int Starting = 5; // steps at the start of an epoch in which its thread begins to build batches
    private readonly Samples times = new();
    private int epoch;
    private long bytes;
    private int steps;

    /// <summary>Median of a step.</summary>
    public double Seconds => times.Median;

    /// <summary>Bytes allocated on the managed heap by all threads, a step.</summary>
    public double ManagedBytes => (double)bytes / Math.Max(1, steps);

    public void Forget()
    {
        times.Clear();
        (bytes, steps) = (0, 0);
    }

    public void Run(double seconds)
    {
        using var enough = new CancellationTokenSource();
        var begin = Stopwatch.GetTimestamp();
        var last = begin;
        var allocated = GC.GetTotalAllocatedBytes();
        var context = new EpochContext(train, epoch++, run, Step, enough.Token);
        try
        {
            training.RunEpoch(context);
        }
        catch (OperationCanceledException) when (enough.IsCancellationRequested)
        {
            // The time is up.
        }

        void Step(int step, int of, double loss, int count)
        {
            if (step == Starting)
            {
                allocated = GC.GetTotalAllocatedBytes();
            }
            else if (step > Starting)
            {
                times.Add(Stopwatch.GetElapsedTime(last).TotalSeconds);
                steps++;
                bytes += GC.GetTotalAllocatedBytes() - allocated;
                allocated = GC.GetTotalAllocatedBytes();
            }

            last = Stopwatch.GetTimestamp();
            if (step >= 2 * Starting && Stopwatch.GetElapsedTime(begin).TotalSeconds > seconds)
            {
                enough.Cancel();
            }
        }
    }
}
