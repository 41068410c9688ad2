namespace Tastemaker.Features;

/// <summary>Where the parts of one row lie: a user, an item, a context, and a history.</summary>
/// <param name="users">Encoded users.</param>
/// <param name="user">Row of the user.</param>
/// <param name="items">Encoded items.</param>
/// <param name="item">Row of the item.</param>
/// <param name="contexts">Encoded contexts.</param>
/// <param name="context">Row of the context.</param>
/// <param name="history">Indexes (in the item field) of earlier positive items, oldest first; unknown ones are 0.</param>
internal readonly ref struct RowParts(EncodedFeatures users, int user, EncodedFeatures items, int item, EncodedFeatures contexts, int context, ReadOnlySpan<int> history)
{
    /// <summary>Indexes of earlier positive items, oldest first.</summary>
    public ReadOnlySpan<int> History { get; } = history;

    /// <summary>The encoded rows of a source, and which of them.</summary>
    public (EncodedFeatures Rows, int Row) Of(FieldSource source) => source switch
    {
        FieldSource.User => (users, user),
        FieldSource.Item => (items, item),
        _ => (contexts, context),
    };
}
