using System.Diagnostics;
using Tastemaker.Data.Import;

namespace Tastemaker.Bench.Measuring;

/// <summary>Adds up how long each stage of an import lasted, by the progress it reports; the time before the first report is a stage of its own.</summary>
internal sealed class StageClock : IProgress<ImportProgress>
{
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly List<(string Stage, double Start)> starts = [("recognizing the columns", 0)];

    public void Report(ImportProgress value)
    {
        if (starts[^1].Stage != value.Stage)
        {
            starts.Add((value.Stage, clock.Elapsed.TotalSeconds));
        }
    }

    /// <summary>The stages, the last one up to now.</summary>
    public IReadOnlyList<(string Stage, double Seconds)> Stop()
    {
        var end = clock.Elapsed.TotalSeconds;
        return [.. starts.Select((start, index) => (start.Stage, (index + 1 < starts.Count ? starts[index + 1].Start : end) - start.Start))];
    }
}
