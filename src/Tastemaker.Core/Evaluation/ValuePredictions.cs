using Tastemaker.Evaluation.Clicks;

namespace Tastemaker.Evaluation;

/// <summary>What a recommender predicted for the held-out values: enough to compare the errors of two systems rating by rating.</summary>
public sealed class ValuePredictions
{
    private readonly float[] values;
    private readonly float[] predictions;
    private readonly int[] users;
    private RowGroups? byUser;

    /// <summary>Wraps the columns without copying them.</summary>
    /// <param name="values">The held-out values (ratings).</param>
    /// <param name="predictions">The prediction of each, clipped to the scale of the training data.</param>
    /// <param name="users">Who gave each value: numbers from 0.</param>
    /// <exception cref="ArgumentException">The columns differ in length.</exception>
    public ValuePredictions(float[] values, float[] predictions, int[] users)
    {
        if (values.Length != predictions.Length || values.Length != users.Length)
        {
            throw new ArgumentException($"There are {values.Length} values, {predictions.Length} predictions and {users.Length} users; the lengths must agree.");
        }

        (this.values, this.predictions, this.users) = (values, predictions, users);
    }

    /// <summary>Number of held-out values.</summary>
    public int Count => values.Length;

    /// <summary>The held-out values.</summary>
    public ReadOnlySpan<float> Values => values;

    /// <summary>The prediction of each value, clipped to the scale of the training data.</summary>
    public ReadOnlySpan<float> Predictions => predictions;

    /// <summary>Who gave each value. The errors of one user are not independent, which intervals and tests respect.</summary>
    public ReadOnlySpan<int> Users => users;

    /// <summary>The values of each user; each value alone where there is one user only.</summary>
    internal RowGroups Clusters => byUser ??= new RowGroups(Users) is { Count: > 1 } groups ? groups : RowGroups.Single(Count);

    /// <summary>Whether two systems were asked for the same values.</summary>
    internal bool HasValuesOf(ValuePredictions other) => Values.SequenceEqual(other.Values) && Users.SequenceEqual(other.Users);
}
