using Tastemaker.Data.Features;

namespace Tastemaker.Data.Import.Prepared;

/// <summary>The kinds of feature columns as a manifest names them.</summary>
internal static class PreparedKind
{
    public const string Numeric = "numeric";
    public const string Text = "text";
    public const string Categorical = "categorical";
    public const string MultiCategorical = "multi-categorical";

    public const string Words = "words";

    public static string Of(FeatureColumn column) => column switch
    {
        NumericColumn => Numeric,
        TextColumn => Text,
        CategoricalColumn => Categorical,
        MultiCategoricalColumn => MultiCategorical,
        WordSequenceColumn => Words,
        _ => throw new ArgumentException($"Features of type {column.GetType().Name} cannot be written.", nameof(column)),
    };
}
