using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Solvers;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Models.Baselines;

/// <summary>
/// Hyper-parameters of <see cref="Ials"/>. The two weights matter more than the rest and no pair of numbers suits all data, so both are derived from the
/// training data where they are not given (<see cref="IalsWeights"/>). Tune them together, on logarithmic grids.
/// </summary>
public sealed record IalsOptions : ModelOptions
{
    /// <summary>Length of a vector. More is capacity: up to 2048 pays on large data; a solve costs its cube.</summary>
    [Range(1, 4096)]
    [Search(16, 256, Log = true)]
    public int Dimension { get; init; } = 64;

    /// <summary>
    /// alpha_0: weight of every pair of user and item beside the observed ones.
    /// <value>none: derived from the data, so that all pairs together weigh ten times what the observed ones do</value>
    /// </summary>
    [Range(0.0, 1e3)]
    [Search(1e-3, 1, Log = true)]
    public double? UnobservedWeight { get; init; }

    /// <summary>
    /// lambda. Rescale it when the exponent changes.
    /// <value>none: derived from the data, in proportion to the noise that as many random interactions would hold</value>
    /// </summary>
    [Symbol("lambda")]
    [Range(0.0, 1e6)]
    [Search(1e-3, 1e-1, Log = true)]
    public double? Regularization { get; init; }

    /// <summary>nu: how the penalty of a row grows with its number of entries; 1 in proportion, 0 not at all.</summary>
    [Range(0.0, 1.0)]
    public double FrequencyExponent { get; init; } = 1;

    /// <summary>Sweeps over users and items.</summary>
    [Range(1, 1000)]
    public int Epochs { get; init; } = 16;

    /// <summary>Initial vectors are normal with this deviation divided by the root of the dimension.</summary>
    [Range(1e-6, 10.0)]
    public double InitialDeviation { get; init; } = 0.1;

    /// <summary>Whether an observed pair weighs its value (rating, count) rather than 1; the values of repeats are added.</summary>
    public bool UseValues { get; init; }
}

/// <summary>
/// Implicit alternating least squares in the form of Rendle et al.: sum over observed (x_u . y_i - 1)^2 + alpha_0 sum over all (x_u . y_i)^2
/// + lambda [sum_u (|I_u| + alpha_0 |I|)^nu |x_u|^2 + the same for items]. Users given items are independent least-squares problems, and the
/// other way round; a cold-start user is solved for like any user.
/// </summary>
internal sealed class Ials(ModelShape shape, IalsOptions options)
    : FactorModel(nameof(Ials), shape, options, options.Dimension, options.InitialDeviation / Math.Sqrt(options.Dimension))
{
    private readonly double unobserved = options.UnobservedWeight ?? throw new InvalidOperationException("The weight of unobserved pairs has not been derived from the data.");
    private readonly double regularization = options.Regularization ?? throw new InvalidOperationException("The regularization has not been derived from the data.");
    private SymmetricMatrix itemGram = new(options.Dimension);
    private SparseRows byUser = SparseRows.Empty(0, 0);
    private SparseRows byItem = SparseRows.Empty(0, 0);

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<IalsOptions>((options, shape) => new Ials(shape, options))
    {
        Id = "ials",
        Name = "iALS",
        Family = "Baselines",
        Summary = "Matrix factorization for implicit feedback by alternating least squares over all pairs.",
        Paper = "Y. Hu, Y. Koren and C. Volinsky: Collaborative filtering for implicit feedback datasets. ICDM 2008; in the form of "
            + "S. Rendle, W. Krichene, L. Zhang and Y. Koren: Revisiting the performance of iALS on item recommendation benchmarks. RecSys 2022.",
        Answers = Capabilities.Everyone,
        ScoresByInnerProduct = true,
        Derive = IalsWeights.Derive,
        Check = RequireNoNegativeValues,
    };

    /// <inheritdoc/>
    public override EpochPlan Plan => new(options.Epochs);

    /// <inheritdoc/>
    protected override bool HasItemBias => false;

    /// <inheritdoc/>
    public override ITraining Begin(TrainingSet train, TrainingOptions run)
    {
        byUser = InteractionMatrix.Of(train, options.UseValues);
        RequireNoNegativeValues(options, train);
        byItem = byUser.Transpose();
        return new SolverTraining(Sweep);
    }

    private static void RequireNoNegativeValues(IalsOptions options, TrainingSet train)
    {
        if (options.UseValues && train.Interactions.Values.ToArray().Count(value => value < 0) is > 0 and var negative)
        {
            throw new InputException($"iALS takes the value of an interaction for the weight of its error, which cannot be negative, and {negative:N0} values of '{train.Data.Name}' are. "
                + "Leave these rows out with the filter min-value(0), or set use-values to false, which counts every interaction alike.");
        }
    }

    private double? Sweep(EpochContext context)
    {
        var parallel = Threads.Of(context);
        SolveUsers(parallel);
        SolveItems(parallel);
        return Objective(parallel) / Math.Max(1, byUser.EntryCount);
    }

    /// <summary>The first half of a sweep: the best users for the items.</summary>
    public void SolveUsers(ParallelOptions parallel) => HalfSweep(byUser, Items, Users, parallel);

    /// <summary>The second half of a sweep: the best items for the users.</summary>
    public void SolveItems(ParallelOptions parallel)
    {
        HalfSweep(byItem, Users, Items, parallel);
        itemGram = Gram.OfFactors(Items, Dimension, parallel);
    }

    /// <summary>The objective. The sum over all pairs is the inner product of the two Gram matrices.</summary>
    public double Objective(ParallelOptions parallel)
    {
        var userGram = Gram.OfFactors(Users, Dimension, parallel);
        var all = 0.0;
        for (var row = 0; row < Dimension; row++)
        {
            for (var column = 0; column < Dimension; column++)
            {
                all += userGram[row, column] * itemGram[row, column];
            }
        }

        return Observed(parallel) + (unobserved * all) + Penalty(byUser, Users) + Penalty(byItem, Items);
    }

    /// <inheritdoc/>
    protected override void Take(IReadOnlyDictionary<string, Tensor> state)
    {
        base.Take(state);
        itemGram = Gram.OfFactors(Items, Dimension, Parallelism.Loop());
    }

    /// <inheritdoc/>
    protected override void FoldIn(RequestBatch requests, int request, Span<float> vector)
    {
        var row = InteractionMatrix.Of(requests.Slice(request, 1), Shape.Items, options.UseValues);
        Problem(Items, itemGram).Solve(row[0], row.RowValues(0), RowPenalty(row.EntryCount, Shape.Items), [], new SymmetricMatrix(Dimension), vector);
    }

    private void HalfSweep(SparseRows rows, float[] source, float[] target, ParallelOptions parallel)
    {
        var problem = Problem(source, Gram.OfFactors(source, Dimension, parallel));
        if (!problem.SolveAll(rows, row => RowPenalty(rows.Length(row), rows.ColumnCount), null, target, parallel))
        {
            throw new InputException(
                $"iALS met equations without a unique solution; raise regularization above {regularization}"
                + $" or unobserved-weight above {unobserved}.");
        }
    }

    // x = (sum y y^T + alpha_0 Y^T Y + lambda (n + alpha_0 N)^nu I)^-1 sum y, over the entries of the row.
    private AlternatingRidge Problem(float[] source, SymmetricMatrix gram) => new(source, Dimension, gram) { Background = unobserved };

    private double RowPenalty(int entries, int others) =>
        regularization * Math.Pow(entries + (unobserved * others), options.FrequencyExponent);

    // A number a user, added in their order, so that the sum does not depend on the number of threads.
    private double Observed(ParallelOptions parallel)
    {
        var sums = new double[Shape.Users];
        Parallel.For(0, sums.Length, parallel, user =>
        {
            var items = byUser[user];
            var values = byUser.RowValues(user);
            for (var entry = 0; entry < items.Length; entry++)
            {
                var error = Vectors.Dot(User(user), Item(items[entry])) - 1.0;
                sums[user] += (values.IsEmpty ? 1 : values[entry]) * error * error;
            }
        });
        return sums.Sum();
    }

    private double Penalty(SparseRows rows, float[] factors)
    {
        var sum = 0.0;
        for (var row = 0; row < rows.RowCount; row++)
        {
            var vector = factors.AsSpan(row * Dimension, Dimension);
            sum += RowPenalty(rows.Length(row), rows.ColumnCount) * Vectors.Dot(vector, vector);
        }

        return sum;
    }
}

/// <summary>
/// The two weights of iALS, derived from the number n of observed pairs, of U users and I items (those that have one). With alpha_0 = r n / (U I), all pairs
/// together weigh r times what the observed ones do. With nu = 1 and few dimensions at work, iALS keeps those factors of the normalized matrix
/// D_u^-1/2 R D_i^-1/2, whose largest singular value is 1, that lie above lambda (1 + r), and shrinks the others to 0: above 1 nothing is left, which is how a
/// lambda that suits dense data fails on sparse data. Singular values of a random matrix with as many entries reach up to
/// sqrt(U / n) + sqrt(I / n), the noise level; lambda (1 + r) is set to a fixed share of it.
/// </summary>
internal static class IalsWeights
{
    /// <summary>r: what all pairs weigh together, as a multiple of what the observed ones do.</summary>
    public const double Ratio = 10;

    /// <summary>The threshold lambda (1 + r) as a share of the noise level.</summary>
    public const double NoiseShare = 0.3;

    /// <summary>The options with both weights.</summary>
    public static IalsOptions Derive(IalsOptions options, TrainingSet train)
    {
        if (options is { UnobservedWeight: not null, Regularization: not null })
        {
            return options;
        }

        var seen = train.Seen;
        var (users, items) = (Rows(seen), Rows(train.ByItem));
        double observed = Math.Max(1, seen.EntryCount);
        var unobserved = options.UnobservedWeight ?? Unobserved(train);
        var ratio = unobserved * users * items / observed;
        var noise = Math.Min(1, Math.Sqrt(users / observed) + Math.Sqrt(items / observed));

        // Where the exponent is not 1, the same penalty for a user and an item of average activity.
        var rows = Math.Sqrt(observed / users * (observed / items)) * (1 + ratio);
        var regularization = NoiseShare * noise / (1 + ratio) * Math.Pow(rows, 1 - options.FrequencyExponent);
        return options with { UnobservedWeight = Rounded(unobserved), Regularization = options.Regularization ?? Rounded(regularization) };
    }

    /// <summary>The weight of every pair beside the observed ones at which all pairs together weigh <see cref="Ratio"/> times what these do.</summary>
    public static double Unobserved(TrainingSet train) => Ratio * Math.Max(1, train.Seen.EntryCount) / ((double)Rows(train.Seen) * Rows(train.ByItem));

    private static double Rows(SparseRows rows) => Math.Max(1, Enumerable.Range(0, rows.RowCount).Count(row => rows.Length(row) > 0));

    /// <summary>Three digits: what is printed is what is used.</summary>
    public static double Rounded(double value) => value == 0 ? 0 : double.Parse(value.ToString("G3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
