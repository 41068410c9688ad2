using System.Globalization;
using Tastemaker.Options;

namespace Tastemaker.Training;

/// <summary>Which optimizer runs; its saved moments carry this name, so that a later stage does not take them for its own.</summary>
internal sealed record OptimizerStage(string Name, OptimizerKind Kind, double LearningRate)
{
    private string Prefix => string.Create(CultureInfo.InvariantCulture, $"optimizer|{Name}|{Kind}|{LearningRate:R}|");

    /// <summary>The name under which a moment is saved.</summary>
    public string Key(string moment) => Prefix + moment;

    /// <summary>Whether a saved tensor is a moment of this stage.</summary>
    public bool Owns(string key) => key.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The moment's name in the optimizer.</summary>
    public string Strip(string key) => key[Prefix.Length..];
}
