using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Tests.Conformance;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Inputs;

public sealed class RatingLevelsTests
{
    [Fact]
    public void Levels_are_the_distinct_values_and_a_value_between_goes_to_the_nearest()
    {
        using var scope = NewDisposeScope();
        var levels = RatingLevels.Of(Rated(4, 0.5f, 3.5f, 4));
        levels.Values.ShouldBe([0.5f, 3.5f, 4f]);
        levels.Of(tensor(new[] { 0.5f, 4, 3.5f, 3.6f, 2, 9, -1 })).data<long>().ToArray().ShouldBe([0, 2, 1, 1, 0, 2, 0]);
    }

    [Fact]
    public void Predictions_are_expected_values()
    {
        using var scope = NewDisposeScope();
        new RatingLevels([1, 2, 5]).Expectation(tensor(new[,] { { 0f, 0f, (float)Math.Log(2) } })).item<float>().ShouldBe(3.25f, 1e-5f);
    }

    [Fact]
    public void Rates_are_counts_with_as_many_average_ratings_as_there_are_levels()
    {
        var rows = new SparseRows([0, 2, 3], [0, 1, 0], 3, [1, 2, 1]); // column 0: twice 1; column 1: once 2; column 2: nothing
        var rates = new RatingLevels([1, 2]).LogRates(rows).Select(rate => Math.Exp(rate)).ToArray();
        rates.ShouldBe([(2 + (4 / 3.0)) / 4, 2 / 3.0 / 4, 4 / 3.0 / 3, (1 + (2 / 3.0)) / 3, 2 / 3.0, 1 / 3.0], 1e-6);
    }

    [Fact]
    public void Too_many_values_are_refused_with_what_to_do()
    {
        var error = RatingLevels.Problems(Rated([.. Enumerable.Range(0, 30).Select(value => value / 10f)]), "RBM-CF").Single();
        error.ShouldStartWith("RBM-CF takes");
        error.ShouldContain("20");
        error.ShouldContain("biased-mf");
    }

    private static TrainingSet Rated(params float[] values) =>
        new(ConformanceData.Dataset([.. values.Select((_, row) => row)], [.. values.Select(_ => 0)], [.. values], [.. values.Select((_, row) => (long)row)], values.Length, 1));
}
