namespace Tastemaker.Training;

/// <summary>Which side of the ratings a system reads row by row.</summary>
internal enum RatingRows
{
    /// <summary>A row is a user, its columns are items. Cold-start users can be folded in by their ratings; new items cannot.</summary>
    Users,

    /// <summary>A row is an item, its columns are users. Answers only users of the training set.</summary>
    Items,
}
