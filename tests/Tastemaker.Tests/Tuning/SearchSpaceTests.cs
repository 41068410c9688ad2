using Tastemaker.Catalog;
using Tastemaker.Configuration;
using Tastemaker.Data;
using Tastemaker.Options;
using Tastemaker.Tuning.Space;

namespace Tastemaker.Tests.Tuning;

public sealed class SearchSpaceTests
{
    [Fact]
    public void What_a_record_declares_is_searched_and_what_it_does_not_is_left_alone()
    {
        var space = Spaces.Of();
        space.Dimensions.Select(dimension => $"{dimension.Name}={dimension.Text}").ShouldBe(
        [
            "learning-rate=0.0001..0.1:log", "layers=1..8", "offset=-1..1", "bias=false,true",
            "optimizer=sgd,adagrad,adam,adam-w,row-wise-adagrad", "hidden=[64],[64, 32]",
        ]);
    }

    [Fact]
    public void Draws_stay_in_range_and_reach_both_ends()
    {
        var space = Spaces.Of("layers=1..8:log", "learning-rate=0.001..0.1:log", "offset=-1..1", "optimizer");
        var random = new SeededRandom(1);
        var drawn = Enumerable.Range(0, 2000).Select(_ => (SearchedOptions)space.Apply(new SearchedOptions(), space.Draw(random))).ToList();

        drawn.Select(options => options.Layers).Distinct().Order().ShouldBe(Enumerable.Range(1, 8));
        drawn.Count(options => options.Optimizer == OptimizerKind.RowWiseAdagrad).ShouldBeInRange(320, 480);
        drawn.Min(options => options.LearningRate).ShouldBeInRange(0.001, 0.00102);
        drawn.Max(options => options.LearningRate).ShouldBeInRange(0.098, 0.1);
        // Uniform in the logarithm: half of the draws are below the geometric mean of the ends.
        drawn.Count(options => options.LearningRate < 0.01).ShouldBeInRange(930, 1070);
        drawn.Average(options => options.Offset).ShouldBe(0, 0.05);
    }

    [Theory]
    [InlineData("learning-rate=0.0001234..0.1:log", 0.0, "0.0001234")]
    [InlineData("learning-rate=0.001..0.1:log", 0.5, "0.01")]
    [InlineData("learning-rate=0.001..0.1:log", 1.0, "0.1")]
    [InlineData("layers=1..100:log", 0.0, "1")]
    [InlineData("layers=1..100:log", 1.0, "100")]
    [InlineData("layers=1..4", 0.24, "1")]
    [InlineData("layers=1..4", 0.26, "2")]
    public void A_coordinate_is_a_value_and_the_value_has_that_coordinate(string search, double coordinate, string value)
    {
        var range = (RangeDimension)Spaces.Of(search).Dimensions[0];
        range.At(coordinate).ShouldBe(value);
        range.At(range.Coordinate(value)!.Value).ShouldBe(value);
    }

    [Fact]
    public void A_default_outside_the_range_has_no_coordinate()
    {
        ((RangeDimension)Spaces.Of("layers=4..8").Dimensions[0]).Coordinate("2").ShouldBeNull();
        ((ChoiceDimension)Spaces.Of("hidden").Dimensions[0]).Index("[128]").ShouldBeNull();
    }

    [Fact]
    public void Options_moved_to_a_point_stand_at_that_point_and_keep_the_rest()
    {
        var space = Spaces.Of("hidden=[],32,[64, 16]", "bias", "layers=1,3");
        var start = new SearchedOptions { Epochs = 77 };
        foreach (var point in space.Points())
        {
            var moved = space.Apply(start, point);
            space.PointOf(moved).Text.ShouldBe(point.Text);
            ((SearchedOptions)moved).Epochs.ShouldBe(77);
        }

        space.Points().Select(point => point.Text).Distinct().Count().ShouldBe(12);
        start.Bias.ShouldBeFalse();
    }

    [Theory]
    [InlineData("lerning-rate=1..2", "Did you mean 'learning-rate'")]
    [InlineData("learning-rate=1e-4..1e-1:lag", "Did you mean 'log'")]
    [InlineData("learning-rate=0..0.1:log", "above 0")]
    [InlineData("learning-rate=0.1..2", "must be from 0 to 1")]
    [InlineData("learning-rate=0.1..0.01", "the smaller first")]
    [InlineData("layers=1.5..3", "whole numbers")]
    [InlineData("optimizer=adam,adamm", "Did you mean 'adam'")]
    [InlineData("optimizer=1..3", "give values")]
    [InlineData("hidden=1..3", "give values")]
    [InlineData("layers=3", "nothing to choose")]
    [InlineData("epochs", "declares no range")]
    public void A_wrong_search_names_the_remedy(string search, string expected) => Spaces.Problems(search).ShouldHaveSingleItem().ShouldContain(expected);

    [Fact]
    public void An_option_searched_twice_is_refused() => Spaces.Problems("layers=1..2", "layers=1..3").ShouldHaveSingleItem().ShouldContain("twice");

    [Fact]
    public void Every_system_declares_a_space_whose_ends_it_allows()
    {
        var random = new SeededRandom(3);
        foreach (var system in SystemCatalog.Systems)
        {
            var problems = new List<string>();
            var space = new SearchSyntax(system.Name, system.OptionsType, problems).Space([], _ => false, only: false);
            problems.ShouldBeEmpty(system.Id);
            var ends = new[] { 0.0, 1.0 }.Select(end => space!.Point(dimension => dimension is RangeDimension range ? range.At(end) : dimension.Values![(int)(end * (dimension.Values.Count - 1))]));
            foreach (var point in ends.Append(space!.Draw(random)))
            {
                OptionSchema.Of(system.OptionsType).RangeProblems(space.Apply(system.DefaultOptions, point)).ShouldBeEmpty(system.Id);
            }
        }
    }
}
