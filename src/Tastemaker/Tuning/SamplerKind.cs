namespace Tastemaker.Tuning;

/// <summary>How a search chooses the next setting.</summary>
public enum SamplerKind
{
    /// <summary>Tree-structured Parzen estimator (Bergstra, Bardenet, Bengio and Kegl, NIPS 2011): where good settings are denser than bad ones.</summary>
    Tpe,

    /// <summary>Uniformly at random in every range (Bergstra and Bengio, JMLR 2012).</summary>
    Random,

    /// <summary>All combinations in order; every searched option must have values, not a range.</summary>
    Grid,
}
