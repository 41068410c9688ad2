using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation;
using Tastemaker.Evaluation.Clicks;
using Tastemaker.Evaluation.Slices;

namespace Tastemaker.Core.Tests.Evaluation;

public class SliceTests
{
    // Users 0 and 2 are f, user 1 is m, the others are unknown.
    private static readonly CategoricalColumn Gender = new("gender", new Vocabulary(["f", "m"]), [0, 1, 0, -1, -1]);
    private static readonly NumericColumn Age = new("age", [20, 30, float.NaN, 50, 60]);
    private static readonly MultiCategoricalColumn Genre = new("genre", new Vocabulary(["comedy", "drama"]), SparseRows.FromRows([[0], [0, 1], [1], [], [], [0]], 2));
    private static readonly TrainingSet Train = new(Cases.Train.Data with
    {
        UserFeatures = new FeatureTable(5, [Gender, Age]),
        ItemFeatures = new FeatureTable(6, [Genre, new TextColumn("title", new string?[6]), Age with { Values = [1, 2, 3, 4, 5, 6] }]),
    });

    private static readonly FeatureTable Context = new(8, [new CategoricalColumn("device", new Vocabulary(["tv", "phone"]), [1, 1, 1, 1, 1, 0, 0, 0])]);

    [Fact]
    public void Rows_are_sliced_by_features_of_users()
    {
        var slice = Rows("gender").ShouldHaveSingleItem();

        slice.Groups.Select(group => (group.Value, group.Count)).ShouldBe([("f", 5), ("m", 3)]);
        // Of f: 0.9, 0.3 and 0.7 against 0.2 and 0.6.
        slice.Groups[0].Metrics["auc"].ShouldBe(5.0 / 6, 1e-9);
        slice.Groups[0].Metrics["accuracy"].ShouldBe(3.0 / 5, 1e-9);
        slice.Groups[1].Metrics["auc"].ShouldBe(0.75, 1e-9);
    }

    [Fact]
    public void Rows_are_sliced_by_context_and_what_a_group_does_not_define_is_left_out()
    {
        var groups = Rows("device").ShouldHaveSingleItem().Groups;

        groups.Select(group => (group.Value, group.Count)).ShouldBe([("phone", 5), ("tv", 3)]);
        groups[1].Metrics.Keys.ShouldNotContain("auc");
        groups[1].Metrics["calibration"].ShouldBe(0.6, 1e-6);
    }

    [Fact]
    public void A_row_is_in_the_groups_of_all_its_categories()
    {
        // Rows are of items 0 to 5, 0 and 1.
        var groups = Rows("genre").ShouldHaveSingleItem().Groups;

        groups.Select(group => (group.Value, group.Count)).ShouldBe([("comedy", 5), ("drama", 3), ("(missing)", 2)]);
    }

    [Fact]
    public void Groups_of_one_value_a_row_sum_up_to_the_whole()
    {
        var rows = ClickCases.Random(seed: 8, rows: 5000, users: 5, skill: 0.5);
        using var table = new ClickTable(rows.Probabilities.ToArray());

        var result = new Evaluator(Train, new EvaluationOptions { Slices = ["gender", "user.age", "user-activity", "item-popularity", "item.age"] })
            .Measure(table, ClickCases.HoldOut(rows));

        result.Slices.Select(slice => slice.Name).ShouldBe(["gender", "user.age", "user-activity", "item-popularity", "item.age"]);
        foreach (var slice in result.Slices)
        {
            slice.Groups.Sum(group => group.Count).ShouldBe(5000);
            (slice.Groups.Sum(group => group.Count * group.Metrics["logloss"]) / 5000).ShouldBe(result.Metrics["logloss"], 1e-9);
        }
    }

    [Fact]
    public void Numbers_are_in_ranges_and_equal_numbers_in_one() =>
        SliceGrouping.ByNumber([5, 1, 1, 1, 1, 1, 1, 2, 3, float.NaN, 4]).Select(group => (group.Value, group.Units.Length))
            .ShouldBe([("1", 6), ("2 to 3", 2), ("4 to 5", 2), ("(missing)", 1)]);

    [Fact]
    public void The_twenty_largest_values_are_shown_and_the_rest_is_together()
    {
        var names = new Vocabulary(Enumerable.Range(0, 25).Select(value => $"v{value}"));
        int[] values = [.. Enumerable.Range(0, 25).SelectMany(value => Enumerable.Repeat(value, value + 1))];

        var groups = SliceGrouping.ByCategory(names, unit => values[unit], values.Length);

        groups.Count.ShouldBe(21);
        groups[0].ShouldSatisfyAllConditions(group => group.Value.ShouldBe("v24"), group => group.Units.Length.ShouldBe(25));
        (groups[20].Value, groups[20].Units.Length).ShouldBe(("(5 other values)", 15));
    }

    [Fact]
    public void Requests_are_sliced_by_their_user()
    {
        var result = new Evaluator(Train, Cases.Options(2, "recall") with { Slices = ["gender"] }).Measure(new TableRecommender(Cases.Scores), Cases.HoldOut);

        var groups = result.Slices.ShouldHaveSingleItem().Groups;
        groups.Select(group => (group.Value, group.Count)).ShouldBe([("f", 2), ("m", 1)]);
        groups[0].Metrics["recall@2"].ShouldBe((0.5 + (2.0 / 3)) / 2, 1e-7);
        groups[1].Metrics["recall@2"].ShouldBe(0);
    }

    [Fact]
    public void Columns_that_cannot_be_had_are_refused_before_anything_is_predicted()
    {
        using var table = new ClickTable(ClickCases.Hand.Probabilities.ToArray());
        var evaluator = new Evaluator(Train, new EvaluationOptions { Slices = ["gendr", "title", "age"] });

        var problems = Should.Throw<InputException>(() => evaluator.Measure(table, ClickCases.HoldOut(ClickCases.Hand))).Problems;

        problems.Count.ShouldBe(3);
        problems[0].ShouldContain("Did you mean 'gender'?");
        problems[1].ShouldContain("'title' is text");
        problems[2].ShouldContain("write user.age");
        table.Blocks.ShouldBeEmpty();
        Should.Throw<InputException>(() => new Evaluator(Train, Cases.Options(2) with { Slices = ["genre"] }).Measure(new TableRecommender(Cases.Scores), Cases.HoldOut))
            .Message.ShouldContain("Requests are sliced by what is known of their user: user-activity, gender, age.");
    }

    private static IReadOnlyList<Slice> Rows(params string[] slices)
    {
        using var table = new ClickTable(ClickCases.Hand.Probabilities.ToArray());
        return new Evaluator(Train, new EvaluationOptions { Slices = slices }).Measure(table, ClickCases.HoldOut(ClickCases.Hand, context: Context)).Slices;
    }
}
