namespace Tastemaker.Data.Splits;

/// <summary>Where an interaction goes.</summary>
internal enum Part : byte
{
    Train,
    Validation,
    Test,
    Dropped,
}
