using Tastemaker.Bench.Generation;
using Tastemaker.Bench.Measuring;

namespace Tastemaker.Tests.Bench;

public sealed class GrowthStudyTests
{
    [Fact]
    public void The_exponent_is_that_of_the_power_law_the_times_follow()
    {
        GrowthStudy.Exponent([0.25, 1, 4], [0.5, 2, 8]).ShouldBe(1, 1e-12);
        GrowthStudy.Exponent([0.25, 1, 4], [3, 3, 3]).ShouldBe(0, 1e-12);
        GrowthStudy.Exponent([1, 2, 4], [5, 40, 320]).ShouldBe(3, 1e-12);
    }

    [Fact]
    public void Every_part_is_measured_along_every_dimension_and_the_middle_once()
    {
        var shapes = new List<SyntheticShape>();
        var growths = GrowthStudy.Measure(GrowthStudy.Middle(1), shape =>
        {
            shape.Validate();
            shapes.Add(shape);
            return [new PartCost("items squared", (double)shape.Items * shape.Items, 1), new PartCost("users", shape.Users, 1)];
        });

        shapes.Count.ShouldBe(7);
        shapes.Distinct().Count().ShouldBe(7);
        growths.Count.ShouldBe(6);
        growths.Single(growth => growth is { Part: "items squared", Dimension: "items" }).Exponent.ShouldBe(2, 1e-9);
        growths.Single(growth => growth is { Part: "users", Dimension: "interactions" }).Exponent.ShouldBe(0, 1e-9);
    }
}
