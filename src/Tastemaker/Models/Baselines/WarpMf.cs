using System.ComponentModel.DataAnnotations;
using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Options;
using Tastemaker.Solvers;
using Tastemaker.Solvers.FoldIn;
using Tastemaker.Systems;

namespace Tastemaker.Models.Baselines;

/// <summary>Hyper-parameters of <see cref="WarpMf"/>.</summary>
public sealed record WarpMfOptions : SgdFactorOptions
{
    /// <summary>
    /// The defaults. Vectors begin short: at 0.1 per number a random vector of 64 has a length of 0.8, nearly the bound, and on sparse data what is learned does
    /// not outgrow it.
    /// </summary>
    public WarpMfOptions() => (Dimension, Epochs, LearningRate, Regularization, InitialDeviation) = (64, 40, 0.005, 0, 0.01);

    /// <summary>The length C that no vector may exceed.</summary>
    [Range(0.01, 100.0)]
    [Search(0.5, 10, Log = true)]
    public double MaximumNorm { get; init; } = 1;

    /// <summary>How much higher an item of the user's must score than another one, which the bound on lengths makes a question of angles.</summary>
    [Range(0.0, 100.0)]
    [Search(0.1, 2, Log = true)]
    public double Margin { get; init; } = 0.7;

    /// <summary>Items drawn at most to find one that scores too high; the pair is left alone where none is found.</summary>
    [Range(1, 100_000)]
    [Search(10, 200, Log = true)]
    public int Draws { get; init; } = 50;
}

/// <summary>
/// Weighted approximate-rank pairwise loss on matrix factorization: of the items j a user lacks, some are drawn until one violates the margin,
/// x_uj > x_ui - m. If that took N draws, i is ranked about r = floor((J - 1) / N), and the step on m - x_ui + x_uj weighs Phi(r) = 1 + 1/2 + ... + 1/r:
/// the harmonic sum of the paper (its alpha_k = 1/k), which stresses the top of the list, and not the log(r) of some programs. x_ui = p_u . q_i
/// without biases, and no vector is longer than C. Pairs are drawn with replacement. Cold-start users are folded in: the same loss, with the items frozen (<see cref="FoldInSolver"/>).
/// </summary>
internal sealed class WarpMf(ModelShape shape, WarpMfOptions options)
    : SgdFactorModel(nameof(WarpMf), shape, options)
{
    private readonly float longest = (float)options.MaximumNorm;
    private readonly float margin = (float)options.Margin;
    private readonly float[] weights = RankWeights(shape.Items);

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<WarpMfOptions>((options, shape) => new WarpMf(shape, options))
    {
        Id = "warp-mf",
        Name = "WARP-MF",
        Family = "Baselines",
        Summary = "Matrix factorization that draws items until one ranks too high, and learns the more the fewer draws it took.",
        Paper = "J. Weston, S. Bengio and N. Usunier: WSABIE: Scaling Up To Large Vocabulary Image Annotation. IJCAI 2011.",
        Answers = Capabilities.Everyone,
        ScoresByInnerProduct = true,
    };

    /// <summary>Phi(0..items - 1): the harmonic sums, Phi(0) = 0.</summary>
    internal static float[] RankWeights(int items)
    {
        var weights = new float[Math.Max(1, items)];
        var sum = 0.0;
        for (var rank = 1; rank < weights.Length; rank++)
        {
            weights[rank] = (float)(sum += 1.0 / rank);
        }

        return weights;
    }

    /// <inheritdoc/>
    protected override (int Count, Func<SeededRandom, Func<int, double>> Epoch) Examples(TrainingSet train)
    {
        var pairs = new PositivePairs(train);
        return (pairs.Count, random => _ =>
        {
            var (user, item) = pairs[random.Next(pairs.Count)];
            var (other, draws, violation) = Violator(pairs, user, item, random);
            return other < 0 ? 0 : Learn(user, item, other, weights[(Shape.Items - 1) / draws], violation);
        });
    }

    /// <inheritdoc/>
    protected override FoldInLoss FoldInLoss => new RankLoss(margin, weights) { Penalty = options.Regularization, MaximumNorm = options.MaximumNorm };

    // -1 where none is found.
    private (int Item, int Draws, float Violation) Violator(PositivePairs pairs, int user, int item, SeededRandom random)
    {
        var bar = Score(user, item) - margin;
        for (var draw = 1; draw <= options.Draws; draw++)
        {
            var other = pairs.Negative(user, random);
            if (other < 0)
            {
                break; // the user has every item
            }

            if (Score(user, other) is var score && score > bar)
            {
                return (other, draw, score - bar);
            }
        }

        return (-1, 0, 0);
    }

    // One step on weight (m - x_ui + x_uj); returns the loss before it.
    private double Learn(int user, int item, int other, float weight, float violation)
    {
        Vectors.Contrast(User(user), Item(item), Item(other), Keep, Step * weight);
        Shorten(User(user));
        Shorten(Item(item));
        Shorten(Item(other));
        return weight * violation;
    }

    private void Shorten(Span<float> vector)
    {
        var norm = MathF.Sqrt(Vectors.Dot(vector, vector));
        if (norm > longest)
        {
            Vectors.AddScaled(vector, (longest / norm) - 1, vector);
        }
    }
}
