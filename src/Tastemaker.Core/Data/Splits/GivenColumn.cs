using System.Globalization;
using Tastemaker.Data.Features;
using Tastemaker.Data.Import.Columns;
using Tastemaker.Data.Syntax;

namespace Tastemaker.Data.Splits;

/// <summary>
/// The parts that a column of the interactions names, row by row: for data that is published with its split in it. The column leaves the data
/// with the split, so that no system can read it as a feature. Without a validation row there is no validation part, unless one is taken from training.
/// </summary>
/// <param name="Column">The column. <value>split</value></param>
public sealed record GivenColumn(string Column = "split") : Splitter
{
    private const int MostListed = 8;

    private static readonly (SplitPart Part, string[] Words)[] Usual =
    [
        (SplitPart.Train, ["train", "training"]),
        (SplitPart.Validation, ["validation", "valid", "val", "dev"]),
        (SplitPart.Test, ["test", "testing"]),
    ];

    /// <summary>The word for training rows; null for the usual ones, train and training. Case does not matter.</summary>
    public string? Train { get; init; }

    /// <summary>
    /// The word for validation rows; null for the usual ones, validation, valid, val and dev. Or "leave-one-out" (a random training interaction of
    /// each user) or "ratio:0.1" (a random share of each user's) to take them from training.
    /// </summary>
    public string? Validation { get; init; }

    /// <summary>The word for test rows; null for the usual ones, test and testing.</summary>
    public string? Test { get; init; }

    /// <inheritdoc/>
    protected override Split Divide(Dataset data, ulong seed)
    {
        Check(data);
        var parts = Parts(Words(Find(data)), data.Name);
        var carving = ValidationCarving.Parse(Validation);
        carving?.Apply(data, parts, seed);
        // Parts that are all the column's are the same for every seed, and the split is known without one.
        return new InteractionSplit(carving is null ? ToString() : Describe(seed), Without(data), parts, []) { HasValidation = parts.Contains(SplitPart.Validation), IncludeSeen = IncludeSeen }.Build();
    }

    /// <inheritdoc/>
    public override string ToString() => SyntaxCall.Print("given-column", ("column", Column), ("train", Train), ("validation", Validation), ("test", Test));

    internal override IEnumerable<string> Problems()
    {
        foreach (var problem in ValidationCarving.Parse(Validation)?.Problems() ?? [])
        {
            yield return problem;
        }

        var own = new[] { ("train", Train), ("validation", Validation), ("test", Test) }.Where(word => word.Item2 is not null).ToList();
        foreach (var twice in own.GroupBy(word => word.Item2, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            yield return $"{string.Join(" and ", twice.Select(word => word.Item1))} have the same word, '{twice.Key}'.";
        }
    }

    private FeatureColumn Find(Dataset data)
    {
        var columns = data.InteractionFeatures?.Columns ?? [];
        var names = columns.Select(column => column.Name).ToList();
        return data.InteractionFeatures?.Find(Column) ?? throw new InputException(
            $"The split '{this}' needs a column '{Column}' of the interactions, but '{data.Name}' {(names.Count == 0 ? "has none beside user, item, value and time" : $"has {string.Join(", ", names)}")}."
            + $"{ColumnUse.Explain(data, Column)} Name another with column=NAME, and see that neither the import nor a filter leaves it out.");
    }

    // The word of every row; whole numbers as they are written.
    private string[] Words(FeatureColumn column) => column switch
    {
        CategoricalColumn { Categories: var words, Values: var values } => [.. values.Select(value => value < 0 ? "" : words[value].Trim())],
        NumericColumn { Values: var values } => [.. values.Select(value => float.IsNaN(value) ? "" : value.ToString(CultureInfo.InvariantCulture))],
        TextColumn { Values: var values } => [.. values.Select(value => value?.Trim() ?? "")],
        _ => throw new InputException($"The split '{this}' needs one word a row, but the column '{column.Name}' holds several. Import it as categorical."),
    };

    private SplitPart[] Parts(string[] words, string data)
    {
        var meaning = Meaning();
        var unknown = words.Where(word => !meaning.ContainsKey(word)).CountBy(word => word).OrderByDescending(word => word.Value).ThenBy(word => word.Key, StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
        {
            var listed = string.Join(", ", unknown.Take(MostListed).Select(word => $"{(word.Key.Length == 0 ? "nothing" : $"'{word.Key}'")} in {word.Value:N0} rows"));
            throw new InputException(
                $"The split '{this}' does not know what these words of the column '{Column}' of '{data}' mean: {listed}{(unknown.Count > MostListed ? $" and {unknown.Count - MostListed} more" : "")}."
                + $" It knows {string.Join(", ", meaning.Keys)}; say others with train=WORD, validation=WORD, test=WORD.");
        }

        return [.. words.Select(word => meaning[word])];
    }

    private Dictionary<string, SplitPart> Meaning()
    {
        var meaning = new Dictionary<string, SplitPart>(StringComparer.OrdinalIgnoreCase);
        // Own words first, so that one may be what another part is usually called.
        foreach (var (part, words) in Usual.Select(usual => (usual.Part, Own(usual.Part) is { } own ? [own] : usual.Words)).OrderBy(usual => Own(usual.Part) is null))
        {
            foreach (var word in words)
            {
                meaning.TryAdd(word, part);
            }
        }

        return meaning;
    }

    private string? Own(SplitPart part) => part == SplitPart.Train ? Train : part == SplitPart.Test ? Test : ValidationCarving.Parse(Validation) is null ? Validation : null;

    private Dataset Without(Dataset data)
    {
        FeatureColumn[] others = [.. data.InteractionFeatures!.Columns.Where(column => !string.Equals(column.Name, Column, StringComparison.OrdinalIgnoreCase))];
        return data with { InteractionFeatures = others.Length == 0 ? null : new FeatureTable(data.Interactions.Count, others) };
    }
}
