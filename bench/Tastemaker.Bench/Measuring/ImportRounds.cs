using System.Diagnostics;
using Tastemaker.Data.Import;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Bench.Measuring;

/// <summary>Reads one generated file in three ways that take turns. A round lasts seconds, so every call is a round of its own.</summary>
/// <param name="path">A CSV with the columns of <c>generate</c>.</param>
/// <param name="threads">Threads of each read.</param>
/// <param name="progress">Receives a line a read.</param>
internal sealed class ImportRounds(string path, int threads, TextWriter progress)
{
    private const int Warming = 1;

    /// <summary>DuckDB's table, DuckDB's rows streamed and dropped, and the import.</summary>
    public (ImportTime Table, ImportTime Streamed, ImportTime Import) Measure(int rounds)
    {
        var (table, streamed, import) = (new List<ImportTime>(), new List<ImportTime>(), new List<ImportTime>());
        for (var round = 0; round < Warming + rounds; round++)
        {
            table.Add(Timed("table", () => (IntoTable(), [])));
            streamed.Add(Timed("streamed", () => (Streamed(), [])));
            import.Add(Timed("import", Import));
        }

        return (Median(table), Median(streamed), Median(import));
    }

    private long IntoTable()
    {
        using var session = new DuckDbSession(threads, CancellationToken.None);
        session.Execute($"CREATE TABLE t AS SELECT * FROM read_csv({DuckDbSession.Literal(path)})");
        return 0;
    }

    private long Streamed()
    {
        using var session = new DuckDbSession(threads, CancellationToken.None);
        var rows = 0L;
        session.Read(
            "SELECT user_id, item_id, CAST(rating AS FLOAT), timestamp FROM " +
            $"read_csv({DuckDbSession.Literal(path)}, auto_detect = false, header = true, delim = ',', columns = {{user_id: 'VARCHAR', item_id: 'VARCHAR', rating: 'DOUBLE', timestamp: 'BIGINT'}})",
            chunk => rows += chunk.Count);
        return rows;
    }

    private (long Rows, IReadOnlyList<(string Stage, double Seconds)> Stages) Import()
    {
        var stages = new StageClock();
        var data = DatasetImport.Import(DataOptions.From(path) with { Threads = threads }, stages);
        return (data.Interactions.Count, stages.Stop());
    }

    private ImportTime Timed(string name, Func<(long Rows, IReadOnlyList<(string Stage, double Seconds)> Stages)> read)
    {
        PeakMemory.Reset();
        var clock = Stopwatch.StartNew();
        var (rows, stages) = read();
        var time = new ImportTime(rows, clock.Elapsed.TotalSeconds, PeakMemory.Bytes(), stages);
        progress.WriteLine($"  {name}: {time.Seconds:0.00} s {string.Join(", ", stages.Select(stage => $"{stage.Stage} {stage.Seconds:0.00}"))}");
        return time;
    }

    private static ImportTime Median(List<ImportTime> all)
    {
        var counted = all[Warming..];
        return counted[0] with
        {
            Seconds = Median(counted, time => time.Seconds),
            PeakBytes = counted.Max(time => time.PeakBytes),
            Stages = [.. counted[0].Stages.Select((stage, index) => (stage.Stage, Median(counted, time => time.Stages[index].Seconds)))],
        };
    }

    private static double Median(List<ImportTime> times, Func<ImportTime, double> figure)
    {
        double[] sorted = [.. times.Select(figure).Order()];
        return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }
}
