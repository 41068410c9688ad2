using Tastemaker.Data;

namespace Tastemaker.Options;

/// <summary>
/// Batch sizes derived from the data. A published batch suits the data of its paper; on data with a hundredth of the rows it leaves a hundredth of the updates,
/// which is too few to learn anything.
/// </summary>
internal static class BatchRule
{
    private const int Smallest = 16; // below it, a gradient is mostly noise

    /// <summary>The options with a batch size: where it is not given, such that an epoch has about as many updates as wanted.</summary>
    /// <param name="options">The options.</param>
    /// <param name="rows">The examples: every row with an entry is one.</param>
    /// <param name="updates">Updates per epoch.</param>
    /// <param name="largest">The largest batch.</param>
    public static TOptions Of<TOptions>(TOptions options, SparseRows rows, int updates, int largest)
        where TOptions : GradientModelOptions =>
        Of(options, Enumerable.Range(0, rows.RowCount).Count(row => rows.Length(row) > 0), updates, largest);

    /// <summary>The same for a number of examples per epoch.</summary>
    public static TOptions Of<TOptions>(TOptions options, int examples, int updates, int largest)
        where TOptions : GradientModelOptions =>
        options.BatchSize is null ? options with { BatchSize = Math.Clamp(examples / updates, Smallest, largest) } : options;
}
