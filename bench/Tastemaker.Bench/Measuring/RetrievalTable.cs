using System.Diagnostics;
using Tastemaker.Bench.Generation;
using Tastemaker.Bench.Reports;
using Tastemaker.Retrieval;

namespace Tastemaker.Bench.Measuring;

/// <summary>Recall, queries a second, building time and memory of exact search and of the index, by size of the catalog.</summary>
/// <param name="sizes">Items of the catalogs.</param>
/// <param name="dimension">Length of a vector.</param>
/// <param name="recalls">Recalls to aim at.</param>
/// <param name="queries">Queries to measure with; others choose the lists to read.</param>
/// <param name="seconds">About how long to measure each figure.</param>
/// <param name="progress">Receives lines of progress.</param>
internal sealed class RetrievalTable(IReadOnlyList<int> sizes, int dimension, IReadOnlyList<double> recalls, int queries, double seconds, TextWriter progress)
{
    private const int Depth = 100;
    private const int Samples = 512;

    private readonly List<string[]> rows = [];
    private readonly List<string> findings = [];

    /// <summary>Measures all.</summary>
    public PerformanceTable Measure(MachineFacts machine, string command)
    {
        foreach (var size in sizes)
        {
            Measure(size);
        }

        return new PerformanceTable
        {
            Title = "Retrieval",
            Text = $"""
                The {Depth} largest inner products with {Figure.Count(queries)} queries of {dimension} numbers, by exact search and by the inverted index (`taste index`), which is built
                anew for each recall aimed at; {Samples} other queries choose how many lists it reads. Vectors are generated: {SyntheticVectors.Description}
                "One by one" is one thread; "together" hands all queries to `SearchAll` on {machine.Threads} threads. Memory is what the index holds beside the vectors it was built from.
                """,
            Columns = ["items", "search", $"recall@{Depth}", "one by one, queries/s", "to exact", "together, queries/s", "to exact", "built in", "memory", "lists read"],
            Rows = rows,
            Findings = findings,
            Command = command,
            Machine = machine,
        };
    }

    private void Measure(int size)
    {
        progress.WriteLine($"{Figure.Count(size)} items");
        var vectors = SyntheticVectors.Items(size, dimension);
        var all = SyntheticVectors.Queries(Samples + queries, dimension);
        var (samples, asked) = (all[..(Samples * dimension)], all[(Samples * dimension)..]);
        var (exact, exactTime, exactBytes) = Build(() => new ExactIndex(vectors, dimension));
        SearchSpeed? exactSpeed = null;
        foreach (var aim in recalls)
        {
            progress.WriteLine($"  aiming at {aim}");
            var (index, time, bytes) = Build(() => InvertedIndex.Build(vectors, dimension, samples, new IndexOptions { AimedRecall = aim, Depth = Depth }));
            var measured = IndexMeasurement.Of(exact, index, asked, Depth, seconds);
            if (exactSpeed is null)
            {
                exactSpeed = measured.Exact;
                rows.Add([Figure.Count(size), "exact", "1", .. Speeds(exactSpeed, exactSpeed), Figure.Time(exactTime), Figure.Gibibytes(exactBytes), "-"]);
            }

            rows.Add(
            [
                Figure.Count(size), $"index, aimed at {Figure.Significant(aim)}", Figure.Significant(measured.Recall), .. Speeds(measured.Index, measured.Exact),
                Figure.Time(time), Figure.Gibibytes(bytes), $"{Figure.Count(index.Probes)} of {Figure.Count(index.Lists)}",
            ]);
            findings.Add(
                $"{Figure.Count(size)} items: at a recall of {Figure.Significant(measured.Recall)} the index answers {Figure.Ratio(measured.Index.OneByOne / measured.Exact.OneByOne)} as many"
                + $" queries a second as exact search one by one, and {Figure.Ratio(measured.Index.Together / measured.Exact.Together)} together.");
        }
    }

    private static string[] Speeds(SearchSpeed speed, SearchSpeed exact) =>
    [
        Figure.Significant(speed.OneByOne), Figure.Ratio(speed.OneByOne / exact.OneByOne), Figure.Significant(speed.Together), Figure.Ratio(speed.Together / exact.Together),
    ];

    private static (T Index, double Seconds, long Bytes) Build<T>(Func<T> build)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var clock = Stopwatch.StartNew();
        var index = build();
        var time = clock.Elapsed.TotalSeconds;
        return (index, time, GC.GetTotalMemory(forceFullCollection: true) - before);
    }
}
