using System.ComponentModel.DataAnnotations;
using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Options;
using Tastemaker.Solvers;
using Tastemaker.Solvers.FoldIn;
using Tastemaker.Systems;

namespace Tastemaker.Models.Baselines;

/// <summary>Hyper-parameters of <see cref="LogisticMf"/>.</summary>
public sealed record LogisticMfOptions : SgdFactorOptions
{
    /// <summary>The defaults.</summary>
    public LogisticMfOptions() => (Epochs, LearningRate, Regularization, InitialDeviation) = (60, 0.05, 0.02, 0.05);

    /// <summary>Items drawn uniformly beside each positive.</summary>
    [Range(1, 1000)]
    [Search(1, 16)]
    public int Negatives { get; init; } = 8;

    /// <summary>Whether the user's own items are never drawn; if false, any item may be, as in the authors' code.</summary>
    public bool RejectPositives { get; init; }
}

/// <summary>
/// Matrix factorization with biases and logistic loss: logit = mean + b_u + b_i + p_u . q_i, positives against uniform negatives, all in one random order. With tuned
/// L2 it beats the neural systems that were proposed to replace the inner product. Cold-start users are folded in: the same loss, with the items frozen
/// (<see cref="FoldInSolver"/>).
/// </summary>
internal sealed class LogisticMf(ModelShape shape, LogisticMfOptions options)
    : SgdFactorModel(nameof(LogisticMf), shape, options)
{
    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<LogisticMfOptions>((options, shape) => new LogisticMf(shape, options))
    {
        Id = "mf-logistic",
        Name = "MF (logistic)",
        Family = "Baselines",
        Summary = "Matrix factorization with biases, trained to tell positives from uniform negatives.",
        Paper = "S. Rendle, W. Krichene, L. Zhang and J. Anderson: Neural collaborative filtering vs. matrix factorization revisited. RecSys 2020.",
        Answers = Capabilities.Everyone,
        ScoresByInnerProduct = true,
    };

    /// <inheritdoc/>
    protected override (int Count, Func<SeededRandom, Func<int, double>> Epoch) Examples(TrainingSet train)
    {
        var pairs = new PositivePairs(train);
        var count = Number(pairs);
        return (count, random =>
        {
            int[] order = [.. Enumerable.Range(0, count)];
            random.Shuffle(order.AsSpan());
            return example =>
            {
                // Example e is pair e / (1 + n) itself where the remainder is 0, and a negative of its user otherwise.
                var (pair, draw) = Math.DivRem(order[example], 1 + options.Negatives);
                var (user, item) = pairs[pair];
                if (draw > 0)
                {
                    item = options.RejectPositives ? pairs.Negative(user, random) : random.Next(Shape.Items);
                }

                return item < 0 ? 0 : Learn(user, item, draw > 0 ? 0 : 1);
            };
        });
    }

    private int Number(PositivePairs pairs) => (long)pairs.Count * (1 + options.Negatives) is var examples && examples <= Array.MaxLength
        ? (int)examples
        : throw new InputException($"{pairs.Count:N0} interactions with {options.Negatives} negatives each are more examples than an epoch can hold; use fewer negatives.");

    /// <inheritdoc/>
    protected override FoldInLoss FoldInLoss => new LabelLoss(options.Negatives) { Penalty = options.Regularization * (1 + options.Negatives) };

    /// <summary>Each item of a history is a step an epoch, and so are its negatives.</summary>
    protected override double FoldInTime(int history) => options.LearningRate * options.Epochs * history;

    // One step on log(1 + exp(-+ logit)); returns the loss before it.
    private double Learn(int user, int item, float label)
    {
        var p = User(user);
        var q = Item(item);
        var logit = Mean + UserBias[user] + ItemBias[item] + Vectors.Dot(p, q);
        var move = Step * (label - (1 / (1 + MathF.Exp(-logit))));
        Mean = (Keep * Mean) + move;
        UserBias[user] = (Keep * UserBias[user]) + move;
        ItemBias[item] = (Keep * ItemBias[item]) + move;
        Vectors.Exchange(p, q, Keep, move);
        var margin = label > 0 ? logit : -logit;
        return Math.Max(0, -margin) + Math.Log(1 + Math.Exp(-Math.Abs(margin)));
    }
}
