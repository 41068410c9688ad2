namespace Tastemaker.Data.Splits;

/// <summary>Where an interaction goes.</summary>
internal enum SplitPart : byte
{
    Train,
    Validation,
    Test,
    Dropped,
}
