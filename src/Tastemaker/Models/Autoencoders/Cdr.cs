using System.ComponentModel.DataAnnotations;
using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Solvers;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Models.Autoencoders;

/// <summary>Hyper-parameters of <see cref="Cdr"/>. The paper's own values are not known.</summary>
public sealed record CdrOptions : ContentFactorOptions
{
    /// <summary>Priors chosen on CiteULike-t among five settings.</summary>
    public CdrOptions() => (UserWeight, ItemWeight) = (1, 1);

    /// <summary>Items drawn an epoch for each pair of user and item, uniformly among those the user lacks. <value>5</value></summary>
    [Range(1, 1000)]
    public int Negatives { get; init; } = 5;

    /// <summary>Learning rate of user and item vectors.</summary>
    [Range(1e-6, 10.0)]
    [Search(1e-3, 0.3, Log = true)]
    public double FactorLearningRate { get; init; } = 0.15;

    /// <summary>Whether comparisons are learned by BPR's -ln sigma(u . (v_j - v_k)) rather than by (1 - u . (v_j - v_k))^2 / 2, which the model has.</summary>
    public bool Bpr { get; init; }
}

/// <summary>
/// Collaborative deep ranking (Ying, Chen, Xiong and Wu 2016): CDL's content and priors under a likelihood of comparisons, u_i . (v_j - v_k) ~ N(1, 1 / C) for
/// an item j that the user has and k that it lacks, C = 1. The paper's text could not be had; this is the model as H. Wang and D.-Y. Yeung state it in
/// Towards Bayesian Deep Learning.
/// </summary>
/// <remarks>
/// Each epoch begins with the best users for the items as they are, over all comparisons at once, whose sums need no enumeration. Then comparisons are
/// drawn anew and learned one by one. Priors count once an epoch: lambda_u once a user, lambda_v once an item, for v_k as for
/// v_j, in equal parts at each of its occurrences. Reimplementations that add content terms to every comparison weigh popular items' content
/// by their popularity, and leave v_k free. The squared loss also punishes margins beyond 1: that is the model. Pulls are implicit steps,
/// which no weight makes unstable. A cold-start user is solved for over all its comparisons, by the squared loss in either case.
/// </remarks>
internal sealed class Cdr : StackedContentModel
{
    private readonly CdrOptions options;
    private PositivePairs? positives;
    private Lazy<PairDifferences>? unseenUsers;

    public Cdr(ModelShape shape, CdrOptions options)
        : base(nameof(Cdr), shape, options)
    {
        this.options = options;
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<CdrOptions>((options, shape) => new Cdr(shape, options))
    {
        Id = "cdr",
        Name = "CDR",
        Family = "Autoencoders",
        Summary = "CDL's model of content, learned from comparisons of items a user has with items it lacks.",
        Paper = "H. Ying, L. Chen, Y. Xiong and J. Wu: Collaborative Deep Ranking: A Hybrid Pair-Wise Recommendation Algorithm with Implicit Feedback. PAKDD 2016.",
        Answers = Capabilities.Everyone,
        ScoresByInnerProduct = true,
        Inputs = [ContentOf<CdrOptions>()],
    };

    /// <inheritdoc/>
    public override ITraining Begin(TrainingSet train, TrainingOptions run)
    {
        positives = new PositivePairs(train);
        return base.Begin(train, run);
    }

    /// <inheritdoc/>
    protected override double LearnFactors(EpochContext context, bool isFirst)
    {
        SolveUsers(context);
        var comparisons = Draw(context.Random(stream: 1));
        var (ofUser, ofItem) = (new int[Shape.Users], new int[Shape.Items]);
        foreach (var (user, item, other) in comparisons)
        {
            ofUser[user]++;
            ofItem[item]++;
            ofItem[other]++;
        }

        var ranking = 0.0;
        for (var number = 0; number < comparisons.Count; number++)
        {
            if (number % 1024 == 0)
            {
                context.Cancellation.ThrowIfCancellationRequested();
            }

            var (user, item, other) = comparisons[number];
            ranking += Learn(user, item, other);
            Pull(User(user), default, options.UserWeight / ofUser[user]);
            Pull(Item(item), Code(item), options.ItemWeight / ofItem[item]);
            Pull(Item(other), Code(other), options.ItemWeight / ofItem[other]);
        }

        if (!double.IsFinite(ranking))
        {
            throw new InputException($"CDR's vectors grew beyond all numbers in epoch {context.Epoch + 1}; lower factor-learning-rate below {options.FactorLearningRate}.");
        }

        for (var item = 0; item < ofItem.Length; item++)
        {
            if (ofItem[item] == 0)
            {
                Code(item).CopyTo(Item(item)); // all that is left of its terms
            }
        }

        return ranking + UserTerm() + PullTerm();
    }

    /// <summary>The loss of one comparison.</summary>
    /// <param name="margin">u . (v_j - v_k).</param>
    /// <param name="difference">Delta: 1 if j is preferred, -1 if k is. BPR reads its sign.</param>
    /// <param name="bpr">Whether by BPR.</param>
    public static double Loss(double margin, double difference, bool bpr)
    {
        var signed = margin * Math.Sign(difference);
        return bpr ? Math.Max(0, -signed) + Math.Log(1 + Math.Exp(-Math.Abs(signed))) : (difference - margin) * (difference - margin) / 2;
    }

    /// <inheritdoc/>
    protected override void Prepare() => unseenUsers = new(() => new PairDifferences(Items, Dimension, Parallelism.Loop()));

    /// <inheritdoc/>
    protected override void FoldIn(RequestBatch requests, int request, Span<float> vector)
    {
        var row = InteractionMatrix.Of(requests.Slice(request, 1), Shape.Items, useValues: false);
        Solve(unseenUsers!.Value, row[0], vector);
    }

    // As much as the drawn comparisons weigh: so many an item the user has.
    private void Solve(PairDifferences differences, ReadOnlySpan<int> items, Span<float> vector) =>
        differences.Solve(items, options.Negatives / (double)Math.Max(1, Shape.Items - items.Length), options.UserWeight, vector);

    // The best users for the items as they are: by steps alone, most epochs would be spent on finding them.
    private void SolveUsers(EpochContext context)
    {
        var parallel = Threads.Of(context);
        var differences = new PairDifferences(Items, Dimension, parallel);
        var seen = context.Train.Seen;
        Parallel.For(0, Shape.Users, parallel, user => Solve(differences, seen[user], User(user)));
    }

    private List<(int User, int Item, int Other)> Draw(SeededRandom random)
    {
        var comparisons = new List<(int, int, int)>(positives!.Count * options.Negatives);
        for (var pair = 0; pair < positives.Count; pair++)
        {
            var (user, item) = positives[pair];
            for (var draw = 0; draw < options.Negatives && positives.Negative(user, random) is >= 0 and var other; draw++)
            {
                comparisons.Add((user, item, other));
            }
        }

        random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(comparisons));
        return comparisons;
    }

    // One step on the loss of a comparison; returns the loss before it. That of the squared loss is implicit to first order, d the difference of the two
    // items: error / (1 + step (|d|^2 + 2 |u|^2)), which does not overshoot whatever the vectors have grown to.
    private double Learn(int user, int item, int other)
    {
        var u = User(user);
        var better = Item(item);
        var worse = Item(other);
        var margin = Vectors.Dot(u, better) - Vectors.Dot(u, worse);
        var step = (float)options.FactorLearningRate;
        var spread = Vectors.Dot(better, better) + Vectors.Dot(worse, worse) - (2 * Vectors.Dot(better, worse)) + (2 * Vectors.Dot(u, u));
        var error = options.Bpr ? 1 / (1 + MathF.Exp(margin)) : (1 - margin) / (1 + (step * spread));
        Vectors.Contrast(u, better, worse, 1, step * error);
        return Loss(margin, 1, options.Bpr);
    }

    // An implicit step on weight / 2 |x - to|^2, to 0 where nothing is given.
    private void Pull(Span<float> x, ReadOnlySpan<float> to, double weight)
    {
        var strength = options.FactorLearningRate * weight;
        var share = (float)(strength / (1 + strength));
        Vectors.AddScaled(x, -share, x);
        if (!to.IsEmpty)
        {
            Vectors.AddScaled(x, share, to);
        }
    }
}
