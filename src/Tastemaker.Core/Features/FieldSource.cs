namespace Tastemaker.Features;

/// <summary>Where a field's value comes from.</summary>
internal enum FieldSource
{
    /// <summary>The user: its identifier or one of its features.</summary>
    User,

    /// <summary>The item: its identifier or one of its features.</summary>
    Item,

    /// <summary>The context: a feature of the interaction, or of the request.</summary>
    Context,

    /// <summary>Earlier positives of the user.</summary>
    History,

    /// <summary>Other fields of the row: a cross-product transformation.</summary>
    Cross,
}
