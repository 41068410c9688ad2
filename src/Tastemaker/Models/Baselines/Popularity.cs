using System.ComponentModel.DataAnnotations;
using Tastemaker.Data;
using Tastemaker.Export;
using Tastemaker.Inputs;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Solvers;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Models.Baselines;

/// <summary>What <see cref="Popularity"/> counts.</summary>
public enum PopularityMeasure
{
    /// <summary>Users who have the item; repeats count once, at their latest time.</summary>
    Users,

    /// <summary>Interactions with the item, repeats included.</summary>
    Events,

    /// <summary>Mean value (rating), damped towards the mean of all: (sum r + c mu) / (n + c).</summary>
    MeanValue,
}

/// <summary>Hyper-parameters of <see cref="Popularity"/>.</summary>
public sealed record PopularityOptions : ModelOptions
{
    /// <summary>What is counted.</summary>
    [SearchChoices("users", "events")]
    public PopularityMeasure Measure { get; init; } = PopularityMeasure.Users;

    /// <summary>Count only the last days before the newest training interaction; 0 for all time. Needs times.</summary>
    [Range(0.0, 100_000.0)]
    public double RecentDays { get; init; }

    /// <summary>An interaction of age t counts exp(-t / tau), tau in days; 0 for no decay. Needs times.</summary>
    [Range(0.0, 1e9)]
    public double DecayDays { get; init; }

    /// <summary>c of the damped mean: how many interactions of the mean value every item is given.</summary>
    [Range(0.0, 1e6)]
    [Search(1, 100, Log = true)]
    public double Damping { get; init; } = 20;
}

/// <summary>The same scores for everyone, by default the number of training users who have an item: the floor of every table.</summary>
internal sealed class Popularity(ModelShape shape, PopularityOptions options) : Model(nameof(Popularity), shape, options)
{
    private const double PerDay = 86_400.0 * Timestamps.PerSecond;
    private float[] counts = new float[shape.Items];

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<PopularityOptions>((options, shape) => new Popularity(shape, options))
    {
        Id = "popularity",
        Name = "Popularity",
        Family = "Baselines",
        Summary = "The same list for everyone: the items most users have.",
        Paper = "No paper; the floor of every comparison.",
        Answers = Capabilities.Everyone,
        IsPersonalized = false,
        Graph = new(Export, ReadsHistories: true),
    };

    /// <inheritdoc/>
    public override EpochPlan Plan => EpochPlan.Once;

    /// <inheritdoc/>
    public override Scorer Scorer => field ??= new CatalogScorer(ScoreCatalog);

    /// <inheritdoc/>
    public override ITraining Begin(TrainingSet train, TrainingOptions run)
    {
        var problems = new List<string>();
        if ((options.RecentDays > 0 || options.DecayDays > 0) && !train.Interactions.HasTimes)
        {
            problems.Add(
                "Popularity over recent days or with decay needs times, which the data lacks; give a time column, or set recent-days and decay-days to 0.");
        }

        if (options.Measure == PopularityMeasure.MeanValue && !train.Interactions.HasValues)
        {
            problems.Add(
                "Popularity by mean value needs values (ratings), which the data lacks; give a value column, or set measure to users or events.");
        }

        if (problems.Count > 0)
        {
            throw new InputException(problems);
        }

        return new SolverTraining(Count);
    }

    private double? Count(EpochContext context)
    {
        var positives = context.Train.Data.TakenUp(); // of labelled data, what was shown and not taken makes nothing popular
        var scores = options.Measure switch
        {
            PopularityMeasure.Events => Sum(positives, Weights(positives)),
            PopularityMeasure.MeanValue => DampedMean(context.Train.Interactions, Weights(context.Train.Interactions)),
            _ => SumOfUsers(context.Train.Seen, positives, Weights(positives)),
        };
        counts = Array.ConvertAll(scores, score => (float)score);
        return null;
    }

    private void ScoreCatalog(RequestBatch requests, Span<float> scores)
    {
        for (var request = 0; request < requests.Count; request++)
        {
            counts.CopyTo(scores[(request * counts.Length)..]);
        }
    }

    private static GraphValue Export(GraphSource source) =>
        source.Constant("counts").Expand(source.Graph.Concat(0, source.Requests.History.Shape().Slice(0, 0, 1), source.Graph.Constant([source.Items], 1)));

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> State() => new Dictionary<string, Tensor> { ["counts"] = tensor(counts) };

    /// <inheritdoc/>
    protected override void Take(IReadOnlyDictionary<string, Tensor> state) => counts = state.Floats("counts", Shape.Items);

    // What each interaction counts, by its age at the time of the newest one.
    private double[] Weights(Interactions interactions)
    {
        var weights = new double[interactions.Count];
        Array.Fill(weights, 1);
        if (interactions.HasTimes && interactions.Count > 0)
        {
            var now = long.MinValue;
            foreach (var time in interactions.Times)
            {
                now = Math.Max(now, time);
            }

            for (var row = 0; row < weights.Length; row++)
            {
                var days = (now - interactions.Times[row]) / PerDay;
                weights[row] = options.RecentDays > 0 && days > options.RecentDays ? 0 : options.DecayDays > 0 ? Math.Exp(-days / options.DecayDays) : 1;
            }
        }

        return weights;
    }

    private double[] Sum(Interactions interactions, double[] weights)
    {
        var sums = new double[Shape.Items];
        for (var row = 0; row < interactions.Count; row++)
        {
            sums[interactions.Items[row]] += weights[row];
        }

        return sums;
    }

    // Repeats of a pair count once: the heaviest, which is the latest.
    private double[] SumOfUsers(SparseRows seen, Interactions positives, double[] weights)
    {
        var sums = new double[Shape.Items];
        var heaviest = new double[seen.EntryCount];
        for (var row = 0; row < weights.Length; row++)
        {
            var user = positives.Users[row];
            var entry = seen.Offsets[user] + seen[user].BinarySearch(positives.Items[row]);
            heaviest[entry] = Math.Max(heaviest[entry], weights[row]);
        }

        for (var entry = 0; entry < heaviest.Length; entry++)
        {
            sums[seen.Columns[entry]] += heaviest[entry];
        }

        return sums;
    }

    private double[] DampedMean(Interactions interactions, double[] weights)
    {
        var counted = Sum(interactions, weights);
        var valued = new double[Shape.Items];
        for (var row = 0; row < interactions.Count; row++)
        {
            valued[interactions.Items[row]] += weights[row] * interactions.Values[row];
        }

        var mean = valued.Sum() / Math.Max(counted.Sum(), 1e-300);
        return [.. valued.Zip(counted, (sum, count) => count + options.Damping > 0 ? (sum + (options.Damping * mean)) / (count + options.Damping) : mean)];
    }
}
