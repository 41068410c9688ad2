namespace Tastemaker.Data.Import.Formats;

/// <summary>A column of a relation with DuckDB's name for its type; delimited text and databases give VARCHAR throughout.</summary>
internal sealed record SourceColumn(string Name, string Type)
{
    public bool IsText => Type == "VARCHAR";

    public bool IsList => Type.EndsWith("[]", StringComparison.Ordinal);

    public bool IsNested => Type.StartsWith("STRUCT", StringComparison.Ordinal) || Type.StartsWith("MAP", StringComparison.Ordinal) || Type == "JSON";

    public bool IsCalendar => Type.StartsWith("TIMESTAMP", StringComparison.Ordinal) || Type == "DATE";

    public bool IsFractional => Type is "DOUBLE" or "FLOAT" || Type.StartsWith("DECIMAL", StringComparison.Ordinal);
}
