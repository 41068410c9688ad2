using System.Globalization;
using System.IO.Compression;
using System.Numerics.Tensors;
using Tastemaker.Bench.Reports;
using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Models.Graph;
using Tastemaker.Options;
using Tastemaker.Scoring;
using Tastemaker.Training;

namespace Tastemaker.Bench.Studies;

/// <summary>
/// Articles that lie in the same libraries of citeulike-a: libraries of 70 % of the users are the graph, pairs of 20 % train, pairs of 10 % test. A tenth of the articles takes no part in training, neither by features nor by edges nor in pairs, and comes back
/// with both when vectors are computed.
/// </summary>
/// <param name="folder">The folder of citeulike-a, with users.dat.gz and item-tag.dat.gz.</param>
/// <param name="seeds">Divisions and trainings.</param>
/// <param name="log">Progress.</param>
internal sealed class RelatedItemsStudy(string folder, int seeds, TextWriter log)
{
    private const int Nearest = 100;
    private const int PairsPerUser = 10;

    private static readonly PinSageOptions Options = new() { ItemFields = ["tags(hash=1024,pool=sum)"], Epochs = 8, BatchSize = 512 };

    private readonly SparseRows libraries = Lines(Path.Combine(folder, "users.dat.gz"));
    private readonly SparseRows tags = Lines(Path.Combine(folder, "item-tag.dat.gz"));

    /// <summary>Trains and measures all.</summary>
    public PerformanceTable Measure(MachineFacts machine, string command)
    {
        var figures = new StudyFigures(log);
        for (var seed = 1UL; seed <= (ulong)seeds; seed++)
        {
            var parts = Divide(seed);
            figures.Add(seed, "the 100 most popular", Popular(parts));
            figures.Add(seed, "cosine of tags, TF-IDF", Tags(parts));
            figures.Add(seed, "random walk of one hop", Walk(parts));
            figures.Add(seed, "PinSage without edges (tags through its layers)", Network(parts, SparseRows.Empty(1, Items), seed));
            figures.Add(seed, "PinSage", Network(parts, parts.Graph, seed));
        }

        return new PerformanceTable
        {
            Title = "PinSage: related articles",
            Text = $"Articles of citeulike-a that lie in the library of one user. Libraries of 70 % of the users are the graph; pairs from those of 20 % train, {PairsPerUser} pairs per user of the other 10 % test. Features are tags in 1,024 buckets and the degree. Hit rate: how often the second article of a pair is among the {Nearest} nearest of all {Items:N0} to the first. "
                + $"A tenth of the articles takes no part in training; the last column is of pairs whose second article is one of them. Defaults but for {Options.Epochs} epochs; nothing was chosen here. Mean of {seeds} seeds (least to largest).",
            Columns = ["what is near", "articles of training", "new articles"],
            Rows = figures.Rows(),
            Findings =
            [
                string.Create(CultureInfo.InvariantCulture, $"PinSage finds {figures.Mean("PinSage") / figures.Mean("cosine of tags, TF-IDF"):0.00} times what the tags find, and of new articles {figures.Mean("PinSage", 1) / figures.Mean("PinSage"):0.00} of what it finds of those it was trained with. The random walk, which learns nothing, finds {figures.Mean("random walk of one hop") / figures.Mean("PinSage"):0.00} times as many: it knows articles by what they are, PinSage by what is around them."),
            ],
            Command = command,
            Machine = machine,
        };
    }

    private int Items => tags.RowCount;

    private static SparseRows Lines(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        List<IReadOnlyList<int>> rows = [];
        while (reader.ReadLine() is { } line)
        {
            rows.Add([.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(int.Parse).Distinct().Order()]);
        }

        return SparseRows.FromRows(rows, rows.Max(row => row.Count == 0 ? 0 : row[^1]) + 1);
    }

    private Parts Divide(ulong seed)
    {
        var random = new SeededRandom(seed, 10);
        int[] users = [.. Enumerable.Range(0, libraries.RowCount)];
        random.Shuffle<int>(users);
        int[] items = [.. Enumerable.Range(0, Items)];
        random.Shuffle<int>(items);
        var isNew = new bool[Items];
        foreach (var item in items[..(Items / 10)])
        {
            isNew[item] = true;
        }

        var (graph, labels) = (users[..(users.Length * 7 / 10)], users[(users.Length * 7 / 10)..(users.Length * 9 / 10)]);
        var pairs = new List<(int, int)>();
        foreach (var user in users[(users.Length * 9 / 10)..])
        {
            var library = libraries[user].ToArray();
            for (var pair = 0; pair < PairsPerUser && library.Length > 1; pair++)
            {
                random.Shuffle<int>(library);
                pairs.Add((library[0], library[1]));
            }
        }

        SparseRows Rows(int[] of, Func<int, bool> keeps) => SparseRows.FromRows([.. of.Select(user => (IReadOnlyList<int>)[.. libraries[user].ToArray().Where(keeps)])], Items);
        return new Parts(Rows(graph, _ => true), Rows(graph, item => !isNew[item]), Rows(labels, item => !isNew[item]), pairs, isNew);
    }

    private static double[] Hits(Parts parts, Action<int, float[]> near)
    {
        var (scores, last) = (new float[parts.IsNew.Length], -1);
        var (of, hits) = (new int[2], new int[2]);
        foreach (var (query, related) in parts.Pairs.OrderBy(pair => pair.Query))
        {
            if (query != last)
            {
                near(query, scores);
                scores[query] = float.NegativeInfinity;
                last = query;
            }

            var target = scores[related];
            var better = 0.0;
            foreach (var score in scores)
            {
                better += score > target ? 1 : score == target ? 0.5 : 0;
            }

            var kind = parts.IsNew[related] ? 1 : 0;
            of[kind]++;
            hits[kind] += better <= Nearest ? 1 : 0;
        }

        return [hits[0] / (double)of[0], hits[1] / (double)of[1]];
    }

    private static double[] Popular(Parts parts)
    {
        float[] counts = [.. parts.Graph.Transpose() is var users ? Enumerable.Range(0, users.RowCount).Select(item => (float)users.Length(item)) : []];
        return Hits(parts, (_, scores) => counts.CopyTo(scores, 0));
    }

    private double[] Tags(Parts parts)
    {
        var articles = tags.Transpose();
        double[] weights = [.. Enumerable.Range(0, articles.RowCount).Select(tag => Math.Log((double)Items / Math.Max(1, articles.Length(tag))))];
        double[] lengths = [.. Enumerable.Range(0, Items).Select(item => Math.Sqrt(tags[item].ToArray().Sum(tag => weights[tag] * weights[tag])))];
        return Hits(parts, (query, scores) =>
        {
            Array.Clear(scores);
            foreach (var tag in tags[query])
            {
                foreach (var item in articles[tag])
                {
                    scores[item] += (float)(weights[tag] * weights[tag] / lengths[item]);
                }
            }
        });
    }

    private static double[] Walk(Parts parts)
    {
        var users = parts.Graph.Transpose();
        return Hits(parts, (query, scores) =>
        {
            Array.Clear(scores);
            foreach (var user in users[query])
            {
                foreach (var item in parts.Graph[user])
                {
                    scores[item] += 1f / parts.Graph.Length(user);
                }
            }
        });
    }

    private double[] Network(Parts parts, SparseRows graph, ulong seed)
    {
        var hasEdges = graph.EntryCount > 0;
        var (training, inference) = (Data(hasEdges ? parts.TrainingGraph : graph, item => !parts.IsNew[item]), Data(graph, _ => true));
        var labels = new RelatedPairs(training.Seen, parts.Labels, IsOrdered: false, RelatedPairs.RelatedOf(parts.Labels, isOrdered: false));
        return StudyTraining.Last(seed, training, () => PinSage.Info.Make(Options, training), (model, run) =>
        {
            var sage = (PinSage)model;
            var source = new PinSageSource(sage.Neighborhoods(training.Seen, seed), labels, Options);
            return new GradientTraining<PinSageBatch>(sage, Options, run, source, sage.Loss) { EpochStarting = (now, _) => source.Epochs = now };
        }, model =>
        {
            using var whole = PinSage.Info.Make(Options, inference);
            whole.Restore(model.State());
            whole.eval();
            var vectors = Queries.Floats(whole.ItemVectors!);
            var d = vectors.Length / Items;
            return Hits(parts, (query, scores) =>
            {
                for (var item = 0; item < scores.Length; item++)
                {
                    scores[item] = TensorPrimitives.Dot(vectors.AsSpan(query * d, d), vectors.AsSpan(item * d, d));
                }
            });
        });
    }

    private TrainingSet Data(SparseRows graph, Func<int, bool> hasTags) => new(new Dataset
    {
        Name = "citeulike-a",
        Users = new Vocabulary(Enumerable.Range(0, graph.RowCount).Select(user => $"u{user}")),
        Items = new Vocabulary(Enumerable.Range(0, Items).Select(item => $"i{item}")),
        Interactions = new Interactions([.. Enumerable.Range(0, graph.RowCount).SelectMany(user => Enumerable.Repeat(user, graph.Length(user)))], graph.Columns.ToArray()),
        ItemFeatures = new FeatureTable(Items, [new MultiCategoricalColumn(
            "tags",
            new Vocabulary(Enumerable.Range(0, tags.ColumnCount).Select(tag => $"t{tag}")),
            SparseRows.FromRows([.. Enumerable.Range(0, Items).Select(item => (IReadOnlyList<int>)(hasTags(item) ? tags[item].ToArray() : []))], tags.ColumnCount))]),
    });

    private sealed record Parts(SparseRows Graph, SparseRows TrainingGraph, SparseRows Labels, List<(int Query, int Related)> Pairs, bool[] IsNew);
}
