using System.ComponentModel.DataAnnotations;

namespace Tastemaker.Options;

/// <summary>The hyper-parameters of systems that compute a click's logit from one vector a field, with fully connected layers among the rest.</summary>
public abstract record FieldVectorOptions : FeatureModelOptions
{
    /// <summary>The batch that most use.</summary>
    protected FieldVectorOptions() => BatchSize = 1024;

    /// <summary>Length k of the vectors, the same for every field.</summary>
    [Range(1, 4096)]
    [Search(4, 64, Log = true)]
    public int Dimension { get; init; } = 10;

    /// <summary>Standard deviation of initial vectors. Large ones (torch's 1) make products of many fields large and hurt.</summary>
    [Range(1e-6, 1.0)]
    public double InitialDeviation { get; init; } = 0.01;

    /// <summary>Widths of the fully connected layers, bottom to top, ReLU after each; empty for none.</summary>
    [Range(1, 65536)]
    public IReadOnlyList<int> Hidden { get; init; } = [400, 400, 400];

    /// <summary>Share of their units dropped in training (not the share kept).</summary>
    [Range(0.0, 0.95)]
    [Search(0.0, 0.6)]
    public double Dropout { get; init; }

    /// <summary>Whether they are batch normalised, before ReLU; running statistics are frozen when training ends.</summary>
    public bool BatchNormalization { get; init; }

    /// <summary>
    /// L2 of the whole tables in every step, read or not: half this times their squares, as BARS regularises embeddings. Far stronger
    /// than <see cref="FeatureModelOptions.Regularization"/> where few rows are read; needs tables that are updated whole.
    /// </summary>
    [Range(0.0, 100.0)]
    [Search(1e-7, 1e-1, Log = true)]
    public double TableRegularization { get; init; }
}
