using Tastemaker.Evaluation.Metrics;

namespace Tastemaker.Evaluation.Clicks;

/// <summary>What a recommender predicted for labelled rows: enough to take every click metric again, and to compare two systems on the same rows.</summary>
public sealed class ClickPredictions
{
    /// <summary>Bins of reliability tables and of the expected calibration error.</summary>
    internal const int Bins = 20;

    private readonly bool[] labels;
    private readonly float[] probabilities;
    private readonly int[] users;
    private RowGroups? byUser;

    /// <summary>Wraps the columns without copying them.</summary>
    /// <param name="labels">Whether each row is positive.</param>
    /// <param name="probabilities">The predicted probability of each row, from 0 to 1.</param>
    /// <param name="users">The user index of each row, from 0.</param>
    /// <exception cref="ArgumentException">The columns differ in length.</exception>
    public ClickPredictions(bool[] labels, float[] probabilities, int[] users)
    {
        if (labels.Length != probabilities.Length || labels.Length != users.Length)
        {
            throw new ArgumentException($"There are {labels.Length} labels, {probabilities.Length} probabilities and {users.Length} users; the lengths must agree.");
        }

        (this.labels, this.probabilities, this.users) = (labels, probabilities, users);
    }

    /// <summary>Number of rows.</summary>
    public int Count => labels.Length;

    /// <summary>Whether each row is positive.</summary>
    public ReadOnlySpan<bool> Labels => labels;

    /// <summary>The predicted probability of each row, from 0 to 1.</summary>
    public ReadOnlySpan<float> Probabilities => probabilities;

    /// <summary>The user index of each row. The rows of one user are not independent, which intervals and tests respect.</summary>
    public ReadOnlySpan<int> Users => users;

    /// <summary>Number of rows that are positive.</summary>
    public int Positives => Labels.Count(true);

    /// <summary>The rows of each user.</summary>
    internal RowGroups ByUser => byUser ??= new RowGroups(Users);

    /// <summary>
    /// The rows in ascending order of prediction, in bins of about equal count, as a reliability plot shows them. Rows of equal prediction stay
    /// in one bin, so there may be fewer bins than asked for.
    /// </summary>
    /// <param name="bins">How many; at least 1.</param>
    public IReadOnlyList<ReliabilityBin> Reliability(int bins = Bins)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        return PairMetrics.Reliability(Labels, Probabilities, bins);
    }

    /// <summary>Whether two systems were asked for the same rows.</summary>
    internal bool HasRowsOf(ClickPredictions other) => Labels.SequenceEqual(other.Labels) && Users.SequenceEqual(other.Users);

    /// <summary>Some of the rows, in the given order.</summary>
    internal ClickPredictions Select(ReadOnlySpan<int> rows)
    {
        var (ownLabels, ownProbabilities, ownUsers) = (new bool[rows.Length], new float[rows.Length], new int[rows.Length]);
        for (var place = 0; place < rows.Length; place++)
        {
            var row = rows[place];
            (ownLabels[place], ownProbabilities[place], ownUsers[place]) = (labels[row], probabilities[row], users[row]);
        }

        return new ClickPredictions(ownLabels, ownProbabilities, ownUsers);
    }

    /// <summary>A click metric by its name in the <see cref="MetricCatalog"/>; NaN where these rows do not define it.</summary>
    internal double Measure(string metric) =>
        RowMetrics.Find(metric)?.Measure(this) ?? throw new ArgumentException($"No metric of labelled rows '{metric}'.", nameof(metric));
}

/// <summary>Rows of neighboring predictions.</summary>
/// <param name="Count">Number of rows.</param>
/// <param name="Predicted">Their mean prediction.</param>
/// <param name="Observed">The share of them that is positive.</param>
public sealed record ReliabilityBin(int Count, double Predicted, double Observed);
