using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import.Formats;

/// <summary>Something DuckDB can select from.</summary>
/// <param name="Label">The file or query, for messages.</param>
/// <param name="Columns">The columns, in source order.</param>
internal abstract record Relation(string Label, IReadOnlyList<SourceColumn> Columns)
{
    /// <summary>No column typed.</summary>
    public static IReadOnlyDictionary<string, string> Untyped { get; } = new Dictionary<string, string>();

    /// <summary>The SQL table expression, with the given columns parsed to the given types where the source is text.</summary>
    public abstract string From(IReadOnlyDictionary<string, string> types);

    /// <summary>The table expression for a look at the values: columns untyped, and lines that cannot be read left out.</summary>
    public virtual string Lenient => From(Untyped);

    /// <summary>The table expression for the one read that counts: like <see cref="From"/>, but lines that cannot be read are left out and noted.</summary>
    public virtual string Noting(IReadOnlyDictionary<string, string> types) => From(types);

    /// <summary>Adds the lines that the last read of <see cref="Noting"/> has left out.</summary>
    /// <exception cref="InputException">A fault goes beyond its line, so that rows after it would be lost.</exception>
    /// <exception cref="QueryFailedException">The text has another encoding.</exception>
    public virtual void AddNoted(DuckDbSession session, BadRowList bad, IReadOnlyDictionary<string, string> types)
    {
    }

    /// <summary>Says in the user's terms why a read with these types failed: which row, what stands there, how many more.</summary>
    public abstract InputException Explain(QueryFailedException failure, DuckDbSession session, IReadOnlyDictionary<string, string> types);

    /// <summary>The column of a name or 1-based position, or null.</summary>
    public SourceColumn? Find(string nameOrPosition) =>
        Columns.FirstOrDefault(column => column.Name == nameOrPosition)
        ?? Columns.FirstOrDefault(column => string.Equals(column.Name, nameOrPosition, StringComparison.OrdinalIgnoreCase))
        ?? (int.TryParse(nameOrPosition, out var position) && position >= 1 && position <= Columns.Count ? Columns[position - 1] : null);
}
