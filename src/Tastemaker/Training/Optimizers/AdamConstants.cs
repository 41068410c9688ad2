namespace Tastemaker.Training.Optimizers;

/// <summary>The constants of Adam that its paper recommends and nobody changes.</summary>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="Epsilon">Added to the root of the second moment.</param>
internal readonly record struct AdamConstants(double Beta1, double Beta2, double Epsilon)
{
    /// <summary>Kingma and Ba 2015, section 2.</summary>
    public static AdamConstants Published { get; } = new(0.9, 0.999, 1e-8);
}
