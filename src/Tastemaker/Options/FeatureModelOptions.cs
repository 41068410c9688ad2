using System.ComponentModel.DataAnnotations;

namespace Tastemaker.Options;

/// <summary>The hyper-parameters of systems that give a row of features a logit.</summary>
public abstract record FeatureModelOptions : FieldOptions
{
    /// <summary>Where the data holds only what was taken up: items drawn for each row as refused ones, anew every epoch. Labelled data needs none.</summary>
    [Range(1, 1000)]
    public int Negatives { get; init; } = 4;

    /// <summary>L2 of the embeddings and linear weights that a batch reads: half this times their squares, a row of features.</summary>
    [Range(0.0, 100.0)]
    [Search(1e-7, 1e-1, Log = true)]
    public double Regularization { get; init; }
}
