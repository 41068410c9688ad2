namespace Tastemaker.Options;

/// <summary>How optimizers treat embedding tables.</summary>
public enum RowUpdates
{
    /// <summary>Row by row for tables so large that whole passes would dominate a step; otherwise whole.</summary>
    Auto,

    /// <summary>Every step updates whole tables: the optimizers as published.</summary>
    Whole,

    /// <summary>Every step updates only the rows of its batch; moments of other rows rest ("lazy").</summary>
    Touched,
}
