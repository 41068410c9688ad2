using System.ComponentModel.DataAnnotations;
using Tastemaker.Features;

namespace Tastemaker.Options;

/// <summary>The hyper-parameters of systems that read rows of features.</summary>
public abstract record FeatureModelOptions : GradientModelOptions
{
    /// <summary>
    /// What a row consists of: user, item, history(last=50), columns such as age or user.age with hash=, minimum-count=, pool=, transform= or buckets=,
    /// and cross(field,field). <value>identifiers and all columns that are no text</value>
    /// </summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>Training rows that a category must occur in; rarer ones are one category "unknown".</summary>
    [Range(1, 1_000_000)]
    public int MinimumCount { get; init; } = 1;

    /// <summary>Where the data holds only what was taken up: items drawn for each row as refused ones, anew every epoch. Labelled data needs none.</summary>
    [Range(1, 1000)]
    public int Negatives { get; init; } = 4;

    /// <summary>L2 of the embeddings and linear weights that a batch reads: half this times their squares, a row of features.</summary>
    [Range(0.0, 100.0)]
    [Search(1e-7, 1e-1, Log = true)]
    public double Regularization { get; init; }

    /// <summary>Fields beside <see cref="Fields"/> that one part of the system alone reads.</summary>
    internal virtual IReadOnlyList<string> WideFields => [];

    /// <summary>What is done to numeric columns whose field does not say.</summary>
    internal virtual NumericTransform NumberTransform => NumericTransform.Standardize;
}
