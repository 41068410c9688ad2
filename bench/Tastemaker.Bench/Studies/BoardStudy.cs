using System.Globalization;
using Tastemaker.Bench.Reports;
using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Models.Graph;
using Tastemaker.Options;
using Tastemaker.Training;

namespace Tastemaker.Bench.Studies;

/// <summary>Items in 50 topics with noisy features, on boards of which 85 % have a theme, nine in ten of their 20 items of one topic, and the others hold 200 items of anything.</summary>
internal sealed class BoardWorld
{
    public const int Topics = 50;
    private const int Dimension = 64;
    private const double Signal = 0.3;
    private const double Themed = 0.85;

    /// <summary>Makes items and boards.</summary>
    public BoardWorld(ulong seed, int items)
    {
        var random = new SeededRandom(seed, 8);
        double[][] directions = [.. Enumerable.Range(0, Topics).Select(_ => Unit([.. Enumerable.Range(0, Dimension).Select(_ => random.NextGaussian())]))];
        TopicOf = [.. Enumerable.Range(0, items).Select(_ => random.Next(Topics))];
        float[][] features = [.. TopicOf.Select(topic => Unit([.. directions[topic].Select(value => (Signal * value) + (random.NextGaussian() / Math.Sqrt(Dimension)))]).Select(value => (float)value).ToArray())];
        int[][] ofTopic = [.. Enumerable.Range(0, Topics).Select(topic => Enumerable.Range(0, items).Where(item => TopicOf[item] == topic).ToArray())];
        var boards = new List<IReadOnlyList<int>>();
        for (var board = 0; board < items * 3 / 20; board++)
        {
            var isThemed = random.NextDouble() < Themed;
            var topic = random.Next(Topics);
            boards.Add([.. Enumerable.Range(0, isThemed ? 20 : 200).Select(_ => isThemed && random.NextDouble() < 0.9 ? ofTopic[topic][random.Next(ofTopic[topic].Length)] : random.Next(items)).Distinct().Order()]);
        }

        Boards = SparseRows.FromRows(boards, items);
        Features = new FeatureTable(items, [.. Enumerable.Range(0, Dimension).Select(column => new NumericColumn($"x{column}", [.. features.Select(row => row[column])]))]);
        List<IReadOnlyList<int>> pairs = [.. Enumerable.Range(0, 2 * items).Select(_ =>
        {
            var one = random.Next(items);
            return (IReadOnlyList<int>)[one, ofTopic[TopicOf[one]][random.Next(ofTopic[TopicOf[one]].Length)]];
        })];
        Pairs = SparseRows.FromRows([.. pairs.Where(pair => pair[0] != pair[1])], items);
    }

    public int[] TopicOf { get; }

    public SparseRows Boards { get; }

    public FeatureTable Features { get; }

    /// <summary>Pairs of items of one topic, a row each.</summary>
    public SparseRows Pairs { get; }

    private static double[] Unit(double[] of) => Math.Sqrt(of.Sum(value => value * value)) is var length && length > 0 ? [.. of.Select(value => value / length)] : of;
}

/// <summary>What weights of neighbors give where half of the neighbors are junk.</summary>
/// <param name="seeds">Worlds and trainings.</param>
/// <param name="items">Items of a world.</param>
/// <param name="log">Progress.</param>
internal sealed class BoardStudy(int seeds, int items, TextWriter log)
{
    private const int Neighbors = 100;
    private const string Cosine = "cosine of the features";
    private const string Alone = "PinSage without edges (features through its layers)";
    private const string Mean = "PinSage, mean of neighbors";
    private const string Importance = "PinSage, importance pooling";
    private const string NoHard = "PinSage, importance pooling, no hard negatives";

    private static readonly PinSageOptions Options = new() { Neighbors = Neighbors, Epochs = 20, BatchSize = 512, LearningRate = 0.01, ItemFields = [.. Enumerable.Range(0, 64).Select(column => $"x{column}(transform=raw)")], HardFrom = 0.05, HardTo = 0.1, WalkSteps = 500, Restart = 0.99 };

    /// <summary>Trains and measures all.</summary>
    public PerformanceTable Measure(MachineFacts machine, string command)
    {
        var figures = new StudyFigures(log);
        for (var seed = 1UL; seed <= (ulong)seeds; seed++)
        {
            var world = new BoardWorld(seed, items);
            var plain = Enumerable.Range(0, items).Select(item => world.Features.Columns.Select(column => ((NumericColumn)column).Values[item]).ToArray()).SelectMany(row => row).ToArray();
            figures.Add(seed, Cosine, Hits(world, plain, seed));
            figures.Add(seed, Alone, Network(world, SparseRows.Empty(1, items), Options, seed));
            figures.Add(seed, Mean, Network(world, world.Boards, Options with { Pooling = NeighborPooling.Mean }, seed));
            figures.Add(seed, NoHard, Network(world, world.Boards, Options with { HardNegatives = 0 }, seed));
            figures.Add(seed, Importance, Network(world, world.Boards, Options, seed));
        }

        return new PerformanceTable
        {
            Title = "PinSage: importance pooling among junk",
            Text = string.Create(CultureInfo.InvariantCulture, $"{items:N0} generated items in {BoardWorld.Topics} topics, with features that are three tenths topic, on boards of which 15 % are junk; {Neighbors} neighbors per item, of which about a quarter are of its topic. Hit rate: how often an item of the same topic drawn at random is among the 100 nearest, over 2,000 test pairs. Twenty epochs over {2 * items:N0} pairs; nothing was tuned. Mean of {seeds} seeds (least to largest)."),
            Columns = ["vectors", "hit rate@100"],
            Rows = figures.Rows(),
            Findings = [$"Importance pooling finds {CandidateStudy.Text(figures.Mean(Importance) - figures.Mean(Mean))} more than the mean, in {figures.Values(Importance).Zip(figures.Values(Mean)).Count(pair => pair.First > pair.Second)} of {seeds} worlds."],
            Command = command,
            Machine = machine,
        };
    }

    private static double Network(BoardWorld world, SparseRows boards, PinSageOptions options, ulong seed)
    {
        var data = new Dataset
        {
            Name = "planted-boards",
            Users = new Vocabulary(Enumerable.Range(0, boards.RowCount).Select(board => $"b{board}")),
            Items = new Vocabulary(Enumerable.Range(0, boards.ColumnCount).Select(item => $"i{item}")),
            Interactions = new Interactions([.. Enumerable.Range(0, boards.RowCount).SelectMany(board => Enumerable.Repeat(board, boards.Length(board)))], boards.Columns.ToArray()),
            ItemFeatures = world.Features,
        };
        var train = new TrainingSet(data);
        var labels = new RelatedPairs(boards, world.Pairs, IsOrdered: true, RelatedPairs.RelatedOf(world.Pairs, isOrdered: true));
        return StudyTraining.Last(seed, train, () => PinSage.Info.Make(options, train), (model, run) =>
        {
            var sage = (PinSage)model;
            var source = new PinSageSource(sage.Neighborhoods(boards, seed), labels, options);
            return new GradientTraining<PinSageBatch>(sage, options, run, source, sage.Loss) { EpochStarting = (epoch, _) => source.Epochs = epoch };
        }, model => Hits(world, Tastemaker.Scoring.Queries.Floats(model.ItemVectors!), seed));
    }

    private static double Hits(BoardWorld world, float[] vectors, ulong seed)
    {
        var random = new SeededRandom(seed, 9);
        var (count, hits, d) = (world.TopicOf.Length, 0, vectors.Length / world.TopicOf.Length);
        const int Queries = 2000;
        for (var pair = 0; pair < Queries; pair++)
        {
            var query = random.Next(count);
            int related;
            do
            {
                related = random.Next(count);
            }
            while (related == query || world.TopicOf[related] != world.TopicOf[query]);
            var target = Near(related);
            var better = Enumerable.Range(0, count).Count(item => item != query && item != related && Near(item) > target);
            hits += better < 100 ? 1 : 0;

            float Near(int item) => System.Numerics.Tensors.TensorPrimitives.Dot(vectors.AsSpan(query * d, d), vectors.AsSpan(item * d, d));
        }

        return hits / (double)Queries;
    }
}
