using System.Globalization;
using Tastemaker.Data;

namespace Tastemaker.Models.Baselines;

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
        var unobserved = options.UnobservedWeight ?? Ratio * observed / (users * items);
        var ratio = unobserved * users * items / observed;
        var noise = Math.Min(1, Math.Sqrt(users / observed) + Math.Sqrt(items / observed));

        // Where the exponent is not 1, the same penalty for a user and an item of average activity.
        var rows = Math.Sqrt(observed / users * (observed / items)) * (1 + ratio);
        var regularization = NoiseShare * noise / (1 + ratio) * Math.Pow(rows, 1 - options.FrequencyExponent);
        return options with { UnobservedWeight = Rounded(unobserved), Regularization = options.Regularization ?? Rounded(regularization) };
    }

    private static double Rows(SparseRows rows) => Math.Max(1, Enumerable.Range(0, rows.RowCount).Count(row => rows.Length(row) > 0));

    // Three digits: what is printed is what is used.
    private static double Rounded(double value) => value == 0 ? 0 : double.Parse(value.ToString("G3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
