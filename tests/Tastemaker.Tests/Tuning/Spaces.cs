using System.ComponentModel.DataAnnotations;
using Tastemaker.Options;
using Tastemaker.Tuning.Space;

namespace Tastemaker.Tests.Tuning;

/// <summary>Options with every kind of search.</summary>
public sealed record SearchedOptions : ModelOptions
{
    [Range(0.0, 1.0)]
    [Search(1e-4, 1e-1, Log = true)]
    public double LearningRate { get; init; } = 0.01;

    [Range(1, 1000)]
    [Search(1, 8)]
    public int Layers { get; init; } = 2;

    [Search(-1, 1)]
    public double Offset { get; init; }

    [SearchChoices]
    public bool Bias { get; init; }

    [SearchChoices("sgd", "adagrad", "adam", "adam-w", "row-wise-adagrad")]
    public OptimizerKind Optimizer { get; init; }

    [SearchChoices("64", "[64, 32]")]
    public IReadOnlyList<int> Hidden { get; init; } = [128];

    [Range(0, 100)]
    public int Epochs { get; init; } = 5;
}

internal static class Spaces
{
    public static SearchSpace Of(params string[] search) => Of(only: search.Length > 0, search);

    public static SearchSpace Of(bool only, params string[] search)
    {
        var problems = new List<string>();
        var space = new SearchSyntax("Toy", typeof(SearchedOptions), problems).Space(search, _ => false, only);
        problems.ShouldBeEmpty();
        return space!;
    }

    public static IReadOnlyList<string> Problems(params string[] search)
    {
        var problems = new List<string>();
        new SearchSyntax("Toy", typeof(SearchedOptions), problems).Space(search, _ => false, only: true).ShouldBeNull();
        return problems;
    }
}
