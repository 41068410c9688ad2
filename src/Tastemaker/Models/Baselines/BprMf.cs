using System.ComponentModel.DataAnnotations;
using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Options;
using Tastemaker.Solvers;
using Tastemaker.Solvers.FoldIn;
using Tastemaker.Systems;

namespace Tastemaker.Models.Baselines;

/// <summary>Hyper-parameters of <see cref="BprMf"/>.</summary>
public sealed record BprMfOptions : SgdFactorOptions
{
    /// <summary>The defaults.</summary>
    public BprMfOptions() => (Dimension, Epochs, LearningRate, Regularization, InitialDeviation) = (64, 200, 0.1, 0.015, 0.01);

    /// <summary>
    /// Items drawn for a comparison, of which the one that scores highest at the moment is compared: dynamic negative sampling (Zhang et al. 2013),
    /// which helps on long tails, where uniform negatives soon teach nothing. <value>1: uniform negatives, as published</value>
    /// </summary>
    [Range(1, 1000)]
    [Search(1, 16, Log = true)]
    public int Candidates { get; init; } = 1;
}

/// <summary>
/// Bayesian personalized ranking: x_ui = b_i + p_u . q_i, maximize ln sigma(x_ui - x_uj) over positives i and the items j a user lacks, by
/// LearnBPR: pairs are drawn with replacement, so an epoch is as many draws as there are positives.
/// Cold-start users are folded in: LearnBPR goes on with the items frozen, in expectation (<see cref="FoldInSolver"/>).
/// </summary>
internal sealed class BprMf(ModelShape shape, BprMfOptions options)
    : SgdFactorModel(nameof(BprMf), shape, options)
{
    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<BprMfOptions>((options, shape) => new BprMf(shape, options))
    {
        Id = "bpr-mf",
        Name = "BPR-MF",
        Family = "Baselines",
        Summary = "Matrix factorization that learns to rank what a user has above what it lacks.",
        Paper = "S. Rendle, C. Freudenthaler, Z. Gantner and L. Schmidt-Thieme: BPR: Bayesian personalized ranking from implicit feedback. UAI 2009.",
        Answers = Capabilities.Everyone,
        ScoresByInnerProduct = true,
    };

    /// <inheritdoc/>
    protected override (int Count, Func<SeededRandom, Func<int, double>> Epoch) Examples(TrainingSet train)
    {
        var pairs = new PositivePairs(train);
        return (pairs.Count, random => _ =>
        {
            var (user, item) = pairs[random.Next(pairs.Count)];
            var other = Hardest(pairs, user, options.Candidates, random);
            return other < 0 ? 0 : Prefer(user, item, other, Margin(user, item, other), Step, Keep);
        });
    }

    /// <inheritdoc/>
    protected override FoldInLoss FoldInLoss => new ComparisonLoss { Penalty = options.Regularization };

    /// <summary>A draw moves a vector by the learning rate, and an epoch draws each item of a history once.</summary>
    protected override double FoldInTime(int history) => options.LearningRate * options.Epochs * history;

    private float Margin(int user, int item, int other) =>
        ItemBias[item] - ItemBias[other] + Vectors.Dot(User(user), Item(item)) - Vectors.Dot(User(user), Item(other));
}
