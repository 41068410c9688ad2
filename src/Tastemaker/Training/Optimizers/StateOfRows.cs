namespace Tastemaker.Training.Optimizers;

/// <summary>What an optimizer keeps a row of a table that is updated by row.</summary>
internal enum StateOfRows
{
    /// <summary>A number beside every weight.</summary>
    BesideWeights,

    /// <summary>One number.</summary>
    OneNumber,
}
