namespace Tastemaker.Data.Import.Columns;

/// <summary>What a feature column becomes.</summary>
internal enum FeatureKind
{
    Ignore,
    Categorical,
    MultiCategorical,
    Numeric,
    Text,
}
