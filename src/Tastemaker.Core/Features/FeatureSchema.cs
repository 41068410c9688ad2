using System.Text;

namespace Tastemaker.Features;

/// <summary>
/// The fields that a model reads, fitted on training rows alone: in a row, category fields first, then many-valued ones, then numbers, each group in
/// the order of <see cref="Fields"/>. Immutable.
/// </summary>
internal sealed class FeatureSchema
{
    /// <summary>The field of user identifiers.</summary>
    public const string User = "user";

    /// <summary>The field of item identifiers.</summary>
    public const string Item = "item";

    /// <summary>The field of earlier positive items.</summary>
    public const string History = "history";

    /// <summary>The prefix of features of the context.</summary>
    public const string Context = "context";

    /// <summary>The name of cross-product fields.</summary>
    public const string Cross = "cross";

    /// <summary>A schema of fitted fields.</summary>
    /// <param name="fields">The fields.</param>
    /// <param name="hidden">Names of fields that serve crosses only and that models do not see.</param>
    public FeatureSchema(IReadOnlyList<FeatureField> fields, IReadOnlySet<string>? hidden = null)
    {
        Fields = fields;
        Hidden = hidden ?? new HashSet<string>();
        Categories = [.. Of(FieldKind.Category)];
        Many = [.. Of(FieldKind.Categories)];
        Numbers = [.. Of(FieldKind.Number)];
    }

    /// <summary>All fields.</summary>
    public IReadOnlyList<FeatureField> Fields { get; }

    /// <summary>Names of fields that models do not see.</summary>
    public IReadOnlySet<string> Hidden { get; }

    /// <summary>The fields with one category a row, in the order of a row's indexes.</summary>
    public IReadOnlyList<FeatureField> Categories { get; }

    /// <summary>The fields with several categories a row.</summary>
    public IReadOnlyList<FeatureField> Many { get; }

    /// <summary>The fields with a number a row.</summary>
    public IReadOnlyList<FeatureField> Numbers { get; }

    /// <summary>The fields that models see, in the order of a row.</summary>
    public IEnumerable<FeatureField> Visible => Categories.Concat(Many).Concat(Numbers).Where(one => !Hidden.Contains(one.Name));

    /// <summary>The fields of a source and kind, in the order in which its encoded rows hold them.</summary>
    public IEnumerable<FeatureField> Of(FieldSource source, FieldKind kind) => Fields.Where(field => field.Source == source && field.Kind == kind);

    /// <summary>A line a field, for people.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var field in Fields.Where(field => !Hidden.Contains(field.Name)))
        {
            text.Append(field).Append('\n');
        }

        return text.ToString();
    }

    private IEnumerable<FeatureField> Of(FieldKind kind) => Fields.Where(field => field.Kind == kind);
}
