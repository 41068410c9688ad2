namespace Tastemaker.Data.Splits;

/// <summary>Names the leak that splits share which do not cut at one moment.</summary>
internal static class LookAhead
{
    /// <summary>The note for random parts of data with times; none for data without.</summary>
    public static IReadOnlyList<string> Note(Dataset data) => data.Interactions.HasTimes
        ? ["The split is random while interactions have times: systems learn from interactions that are later than what they are tested on (look-ahead)."]
        : [];
}
