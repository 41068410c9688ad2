using System.Text.Json.Nodes;
using Tastemaker.Data;
using Tastemaker.Options;
using Tastemaker.Training;

namespace Tastemaker.Inputs;

/// <summary>The values of interactions.</summary>
public sealed class RatingValues : IInput
{
    /// <summary>What systems that predict ratings list.</summary>
    public static RatingValues Required { get; } = new();

    /// <inheritdoc/>
    public string Text => "values";

    /// <inheritdoc/>
    public bool IsRequired => true;

    /// <inheritdoc/>
    public IEnumerable<string> Problems(TrainingSet train, ModelOptions options, string system) => train.Interactions.HasValues ? [] :
        [$"{system} learns from values (ratings) and '{train.Data.Name}' has none: name the column that holds them on import, or choose a system that learns from clicks."];
}

/// <summary>The values of interactions as ordered classes: the distinct ones are fitted as <see cref="RatingLevels"/>.</summary>
public sealed class RatingClasses : IInput
{
    /// <summary>What systems that take ratings as classes list.</summary>
    public static RatingClasses Required { get; } = new();

    /// <inheritdoc/>
    public string Text => RatingValues.Required.Text;

    /// <inheritdoc/>
    public bool IsRequired => true;

    /// <inheritdoc/>
    public IEnumerable<string> Problems(TrainingSet train, ModelOptions options, string system) =>
        train.Interactions.HasValues ? RatingLevels.Problems(train, system) : RatingValues.Required.Problems(train, options, system);

    /// <inheritdoc/>
    public IFittedInput Fit(TrainingSet train, ModelOptions options) => RatingLevels.Of(train);

    /// <inheritdoc/>
    public IFittedInput? Restore(SavedInputs saved) =>
        saved.Card[RatingLevels.Key] is JsonArray levels ? new RatingLevels([.. levels.Select(level => (float)level!)]) : null;
}
