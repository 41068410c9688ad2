using CsCheck;
using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Data.Filters;

namespace Tastemaker.Core.Tests.Data.Filters;

public class LabelFilterTests
{
    private static readonly Dataset Ratings = GeneratedData.Rows(("ann", "x", 5, 30), ("ann", "y", 3, 10), ("bob", "x", 4, 20), ("bob", "z", 1, 40));

    private static readonly Dataset Taken = new Binarize().Apply(Ratings) with
    {
        InteractionFeatures = new FeatureTable(4, [new NumericColumn("hour", [7, 8, 9, 10])]),
        ItemFeatures = new FeatureTable(3, [new NumericColumn("price", [1, 2, 3])]),
    };

    [Fact]
    public void Ratings_become_labels_from_a_threshold_on()
    {
        var data = FilterSyntax.Parse("label(at-least=4)").Apply(Ratings);
        data.IsLabelled.ShouldBeTrue();
        data.Interactions.Values.ToArray().ShouldBe([1, 0, 1, 0]);
        data.Pairs().ShouldBe(Ratings.Pairs());
        data.Listing().Select(row => row.Time).ShouldBe([30, 10, 20, 40]);
        data.History.ShouldBe(["label(at-least=4)"]);
        data.Fingerprint.ShouldNotBe(Ratings.Fingerprint);
        new Positives().Apply(data).Pairs().ShouldBe(["ann x", "bob x"]);
    }

    [Fact]
    public void Negatives_follow_their_interaction_with_its_user_time_and_context()
    {
        var data = new Negatives(2, 1).Apply(Taken);
        data.IsLabelled.ShouldBeTrue();
        data.History[^1].ShouldBe("negatives(per-positive=2,seed=1)");
        data.Interactions.Values.ToArray().ShouldBe([1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0]);
        // Each user has all items but one.
        data.Pairs().ShouldBe(["ann x", "ann z", "ann z", "ann y", "ann z", "ann z", "bob x", "bob y", "bob y", "bob z", "bob y", "bob y"]);
        data.Listing().Select(row => row.Time).ShouldBe([30, 30, 30, 10, 10, 10, 20, 20, 20, 40, 40, 40]);
        ((NumericColumn)data.InteractionFeatures!.Columns[0]).Values.ShouldBe([7, 7, 7, 8, 8, 8, 9, 9, 9, 10, 10, 10]);
        ((NumericColumn)data.ItemFeatures!.Columns[0]).Values.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void Negatives_are_never_among_the_users_items_and_all_others_are_drawn_equally_often() =>
        Gen.Select(Gen.Int[1, 9], Gen.ULong).Sample((many, seed) =>
        {
            // One user with every third item, and another who only has them all in the catalog.
            const int Items = 30;
            var rows = Enumerable.Range(0, Items).Select(item => ("all", $"{item}", 0f, 0L)).Concat(Enumerable.Range(0, 10).Select(item => ("some", $"{item * 3}", 0f, 0L)));
            var whole = new Binarize().Apply(GeneratedData.Rows([.. rows, ("none", "extra", 0, 0)]));
            var data = new Negatives(many * 200, seed).Apply(whole);
            var drawnRows = data.Listing().Where(row => row.User == "some" && row.Value == 0);
            var drawn = drawnRows.CountBy(row => row.Item).ToDictionary();

            var expected = many * 2000 / 21.0;
            for (var item = 0; item < Items; item++)
            {
                // Six standard deviations.
                (Math.Abs(drawn.GetValueOrDefault($"{item}") - (item % 3 == 0 ? 0 : expected)) <= (item % 3 == 0 ? 0 : 6 * Math.Sqrt(expected))).ShouldBeTrue();
            }
        }, iter: 20);

    [Fact]
    public void Negatives_are_the_same_for_a_seed_and_different_for_another()
    {
        var wide = GeneratedData.Ratings(5);
        wide = new Binarize().Apply(wide);
        var first = new Negatives(3, 7).Apply(wide).Fingerprint;
        FilterSyntax.Parse("negatives(3,seed=7)").Apply(wide).Fingerprint.ShouldBe(first);
        new Negatives(3, 8).Apply(wide).Fingerprint.ShouldNotBe(first);
    }

    [Fact]
    public void A_user_with_every_item_leaves_nothing_to_draw() =>
        Message("negatives", new Binarize().Apply(GeneratedData.Rows(("ann", "x", 1, 0), ("ann", "y", 1, 0), ("bob", "x", 1, 0))))
            .ShouldContain("user 'ann' of 'rows' has all 2 items");

    [Theory]
    [InlineData("binarize", "use positives")]
    [InlineData("label(at-least=4)", "Leave the filter out")]
    [InlineData("negatives", "set positives first")]
    [InlineData("deduplicate(keep=sum)", "Keep the first")]
    public void What_makes_no_sense_for_labels_is_refused(string filter, string remedy) =>
        Message(filter, new LabelByValue(4).Apply(Ratings)).ShouldContain(remedy);

    [Fact]
    public void What_needs_labels_or_values_says_so()
    {
        Message("positives", Ratings).ShouldContain("needs labelled data");
        Message("label(at-least=4)", Taken).ShouldContain("needs values");
        Message("negatives", Ratings).ShouldContain("Set binarize first");
        Should.Throw<InputException>(() => FilterSyntax.Parse("negatives(0)")).Message.ShouldContain("at least 1, not 0");
        Should.Throw<InputException>(() => FilterSyntax.Parse("negatives(1,seed=-1)")).Message.ShouldContain("a whole number from 0");
        Should.Throw<InputException>(() => FilterSyntax.Parse("label")).Message.ShouldContain("at-least is missing");
    }

    [Theory]
    [InlineData("k-core(2)")]
    [InlineData("min-count(users=2)")]
    [InlineData("deduplicate(keep=max)")]
    [InlineData("drop-repeats")]
    [InlineData("time-range(from=5)")]
    [InlineData("max-value(1)")]
    public void Other_filters_keep_labels(string filter)
    {
        var labelled = new LabelByValue(4).Apply(GeneratedData.Ratings(3));
        FilterSyntax.Parse(filter).Apply(labelled).IsLabelled.ShouldBeTrue();
    }

    private static string Message(string filter, Dataset data) => Should.Throw<InputException>(() => FilterSyntax.Parse(filter).Apply(data)).Message;
}
