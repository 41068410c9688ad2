using System.ComponentModel.DataAnnotations;
using Tastemaker.Data;
using Tastemaker.Features;

namespace Tastemaker.Options;

/// <summary>The hyper-parameters of systems that read fields: identifiers, histories and columns.</summary>
public abstract record FieldOptions : GradientModelOptions
{
    /// <summary>
    /// What a row consists of: user, item, history(last=50), columns such as age or user.age with hash=, minimum-count=, pool=, transform= or buckets=,
    /// and cross(field,field). <value>identifiers and all columns that are no text</value>
    /// </summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>Training rows that a category must occur in; rarer ones are one category "unknown".</summary>
    [Range(1, 1_000_000)]
    public int MinimumCount { get; init; } = 1;

    /// <summary>The fields where <see cref="Fields"/> names none.</summary>
    internal virtual IReadOnlyList<string> DefaultFields(Dataset data) => FieldSyntax.Default(data);

    /// <summary>Fields beside <see cref="Fields"/> that one part of the system alone reads.</summary>
    internal virtual IReadOnlyList<string> WideFields => [];

    /// <summary>What is done to numeric columns whose field does not say.</summary>
    internal virtual NumericTransform NumberTransform => NumericTransform.Standardize;
}

/// <summary>The hyper-parameters of systems that give a row of features a logit.</summary>
public abstract record FeatureModelOptions : FieldOptions
{
    /// <summary>Where the data holds only positives: items drawn for each row as refused ones, anew every epoch. Labelled data needs none.</summary>
    [Range(1, 1000)]
    public int Negatives { get; init; } = 4;

    /// <summary>L2 of the embeddings and linear weights that a batch reads: half this times their squares, a row of features.</summary>
    [Range(0.0, 100.0)]
    [Search(1e-7, 1e-1, Log = true)]
    public double Regularization { get; init; }
}

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

    /// <summary>Whether they are batch normalized, before ReLU; running statistics are frozen when training ends.</summary>
    public bool BatchNormalization { get; init; }

    /// <summary>
    /// L2 of the whole tables in every step, read or not: half this times their squares, as BARS regularizes embeddings. Far stronger
    /// than <see cref="FeatureModelOptions.Regularization"/> where few rows are read; needs tables that are updated whole.
    /// </summary>
    [Range(0.0, 100.0)]
    [Search(1e-7, 1e-1, Log = true)]
    public double TableRegularization { get; init; }
}
