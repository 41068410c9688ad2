namespace Tastemaker.Data.Filters;

/// <summary>
/// A way to drop interactions, as a value: printable, comparable. Each filter is one record in this folder;
/// <see cref="object.ToString"/> gives the text that <see cref="FilterSyntax"/> parses.
/// </summary>
public abstract record DataFilter
{
    /// <summary>The data set without what the filter drops; users and items that no longer occur leave the vocabularies.</summary>
    /// <exception cref="InputException">Nothing remains, or the data lacks what the filter needs.</exception>
    public abstract Dataset Apply(Dataset data);
}
