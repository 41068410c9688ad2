namespace Tastemaker.Data.Import;

/// <summary>Whose features the columns of the interactions are that have no role.</summary>
public enum ColumnOwner
{
    /// <summary>Of items or users where a column depends on them alone, such as the name of the item; else of interactions. Of labeled data, always of interactions.</summary>
    Auto,

    /// <summary>Of interactions.</summary>
    Interactions,
}
