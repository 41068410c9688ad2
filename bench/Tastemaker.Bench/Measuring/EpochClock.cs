using System.Diagnostics;
using Tastemaker.Training;

namespace Tastemaker.Bench.Measuring;

/// <summary>Collects the trainer's own figures of each epoch, and ends training after a number of epochs or of seconds.</summary>
internal sealed class EpochClock(int epochs, double seconds, TextWriter progress) : ITrainingObserver, IDisposable
{
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly CancellationTokenSource enough = new();
    private readonly List<TrainingEvent.EpochCompleted> completed = [];

    /// <summary>Cancelled when the epochs are done.</summary>
    public CancellationToken Enough => enough.Token;

    /// <summary>Learned numbers.</summary>
    public long Parameters { get; private set; }

    /// <summary>The epochs that count: all but the first, in which code is compiled and memory is claimed, unless it is the only one.</summary>
    public IReadOnlyList<TrainingEvent.EpochCompleted> Measured => completed.Count > 1 ? completed[1..] : completed;

    public void On(TrainingEvent trainingEvent)
    {
        if (trainingEvent is TrainingEvent.Started started)
        {
            Parameters = started.Parameters;
        }

        if (trainingEvent is TrainingEvent.EpochCompleted epoch)
        {
            completed.Add(epoch);
            progress.WriteLine($"  epoch {completed.Count}: {epoch.Seconds:0.00} s, {epoch.SamplesPerSecond:0} samples/s, loss {epoch.Loss:0.0000}");
            if (completed.Count >= epochs || clock.Elapsed.TotalSeconds >= seconds)
            {
                enough.Cancel();
            }
        }
    }

    public void Dispose() => enough.Dispose();
}
