using Tastemaker.Data.Import.Columns;

namespace Tastemaker.Data.Import.Formats;

/// <summary>Features of users or items: a row an entity.</summary>
/// <param name="Relation">The rows.</param>
/// <param name="Key">The column of identifiers.</param>
/// <param name="Known">What the layout says about columns, by column name.</param>
internal sealed record EntitySource(Relation Relation, SourceColumn Key, IReadOnlyDictionary<string, FeaturePlan> Known)
{
    /// <summary>Whether a source of further features has a row for every entity there is, so that a catalog can be made of it.</summary>
    public bool IsCatalog { get; init; }

    /// <summary>An entity source whose first column is the key and of whose columns nothing is known.</summary>
    public static EntitySource ByFirstColumn(Relation relation) => new(relation, relation.Columns[0], new Dictionary<string, FeaturePlan>());
}
