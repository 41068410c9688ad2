using System.Diagnostics;

namespace Tastemaker.Training;

/// <summary>Counts the steps of an epoch and tells observers at most five times a second.</summary>
/// <param name="epoch">The epoch, from 0.</param>
/// <param name="send">Receives the events.</param>
internal sealed class Progress(int epoch, Action<TrainingEvent> send)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly long start = Stopwatch.GetTimestamp();
    private TimeSpan next = Pause;
    private long samples;

    /// <summary>Seconds since the epoch began.</summary>
    public double Seconds => Stopwatch.GetElapsedTime(start).TotalSeconds;

    /// <summary>Examples a second since the epoch began.</summary>
    public double SamplesPerSecond => samples / Math.Max(1e-9, Seconds);

    /// <summary>A step was done.</summary>
    public void Report(int step, int steps, double loss, int count)
    {
        samples += count;
        var elapsed = Stopwatch.GetElapsedTime(start);
        if (elapsed >= next)
        {
            next = elapsed + Pause;
            send(new TrainingEvent.Progressed(epoch, step, steps, loss, SamplesPerSecond));
        }
    }
}
