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
