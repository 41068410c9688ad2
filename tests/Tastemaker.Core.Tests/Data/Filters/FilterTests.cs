using CsCheck;
using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Data.Filters;

namespace Tastemaker.Core.Tests.Data.Filters;

public class FilterTests
{
    private static readonly Dataset Plays = GeneratedData.Rows(
        ("ann", "x", 3, 30), ("ann", "x", 5, 10), ("ann", "y", 1, 20), ("bob", "x", 2, 5), ("ann", "x", 5, 40), ("bob", "z", 4, 6));

    [Fact]
    public void Value_thresholds_include_the_threshold()
    {
        new MinimumValue(4).Apply(Plays).Pairs().ShouldBe(["ann x", "ann x", "bob z"]);
        new MaximumValue(2).Apply(Plays).Pairs().ShouldBe(["ann y", "bob x"]);
    }

    [Fact]
    public void What_no_longer_occurs_leaves_the_vocabularies_and_features_follow()
    {
        var data = Plays with { ItemFeatures = new FeatureTable(3, [new NumericColumn("n", [10, 20, 30])]) };
        var filtered = new MinimumValue(4).Apply(data);
        filtered.Items.Ids.ShouldBe(["x", "z"]);
        ((NumericColumn)filtered.ItemFeatures!.Columns[0]).Values.ShouldBe([10, 30]);
        filtered.History.ShouldBe(["min-value(4)"]);
    }

    [Fact]
    public void Users_and_items_are_dropped_by_identifier_and_one_that_does_not_occur_is_a_mistake()
    {
        var data = GeneratedData.Rows(("NA", "x", 1, 1), ("ann", "x", 1, 2), ("ann", "N/A", 1, 3), ("bob", "y", 1, 4));

        FilterSyntax.Parse("drop(user=NA)").Apply(data).Users.Ids.ShouldBe(["ann", "bob"]);
        new DropIds(Item: "N/A").Apply(data).Interactions.Count.ShouldBe(3);
        new DropIds("NA", "x").Apply(data).Interactions.Count.ShouldBe(2);
        Should.Throw<InputException>(() => new DropIds("an").Apply(data)).Message.ShouldContain("finds no user 'an'");
        Should.Throw<InputException>(() => FilterSyntax.Parse("drop")).Message.ShouldContain("name a user or an item");
    }

    [Fact]
    public void Interactions_of_one_time_follow_each_other_by_the_numbers_of_a_column()
    {
        var clicks = GeneratedData.Rows(("ann", "x", 1, 10), ("ann", "y", 1, 10), ("bob", "x", 1, 10), ("ann", "z", 1, 5), ("ann", "w", 1, 10));
        var data = clicks with { InteractionFeatures = new FeatureTable(5, [new NumericColumn("ms", [300, 100, 7, 900, float.NaN]), new TextColumn("note", ["a", "b", "c", "d", "e"])]) };
        var ordered = FilterSyntax.Parse("order-by(ms)").Apply(data);

        ordered.Interactions.ByUser(2, 4)[ordered.Users.IndexOf("ann")].ToArray().Select(item => ordered.Items[item]).ShouldBe(["z", "y", "x", "w"]);
        ordered.History.ShouldBe(["order-by(column=ms)"]);
        Should.Throw<InputException>(() => new OrderBy("mss").Apply(data)).Message.ShouldContain("Did you mean 'ms'?");
        var seconds = clicks with { InteractionFeatures = new FeatureTable(5, [new NumericColumn("s", [1.6e9f, 1, 2, 3, 4])]) };
        Should.Throw<InputException>(() => new OrderBy("s").Apply(seconds)).Message.ShouldContain("as the time");
        Should.Throw<InputException>(() => new OrderBy("note").Apply(data)).Message.ShouldContain("is not numeric");
        Should.Throw<InputException>(() => FilterSyntax.Parse("order-by")).Message.ShouldContain("the column is missing");
    }

    [Theory]
    [InlineData(DuplicatePolicy.First, "ann x 5 10; ann y 1 20; bob x 2 5; bob z 4 6")]
    [InlineData(DuplicatePolicy.Last, "ann y 1 20; bob x 2 5; ann x 5 40; bob z 4 6")]
    [InlineData(DuplicatePolicy.Max, "ann y 1 20; bob x 2 5; ann x 5 40; bob z 4 6")]
    [InlineData(DuplicatePolicy.Sum, "ann y 1 20; bob x 2 5; ann x 13 40; bob z 4 6")]
    public void Deduplication_follows_its_policy(DuplicatePolicy keep, string expected) =>
        string.Join("; ", new Deduplicate(keep).Apply(Plays).Listing().Select(row => $"{row.User} {row.Item} {row.Value} {row.Time}")).ShouldBe(expected);

    [Fact]
    public void A_sample_of_users_keeps_all_that_a_user_did_within_the_bound_and_small_data_as_it_is()
    {
        var data = GeneratedData.Rows([.. Enumerable.Range(0, 200).SelectMany(user => Enumerable.Range(0, 1 + (user % 5)).Select(item => ($"u{user}", $"i{item}", 1, item)))]);
        var sample = new SampleUsers(100, Seed: 7).Apply(data);

        sample.Interactions.Count.ShouldBeInRange(96, 100); // the next user would have exceeded it
        var whole = data.Pairs().GroupBy(pair => pair.Split(' ')[0]).ToDictionary(group => group.Key, group => group.Count());
        sample.Pairs().GroupBy(pair => pair.Split(' ')[0]).ShouldAllBe(group => whole[group.Key] == group.Count());
        sample.Users.Ids.ShouldBe(FilterSyntax.Parse("sample-users(100,seed=7)").Apply(data).Users.Ids);
        sample.Users.Ids.ShouldNotBe(new SampleUsers(100, 8).Apply(data).Users.Ids);
        new SampleUsers(600).Apply(data).ShouldBeSameAs(data);
        Should.Throw<InputException>(() => FilterSyntax.Parse("sample-users(0)")).Message.ShouldContain("at least 1");
    }

    [Fact]
    public void Summing_data_without_values_counts()
    {
        var counted = new Deduplicate(DuplicatePolicy.Sum).Apply(new Binarize().Apply(Plays));
        counted.Interactions.Values.ToArray().ShouldBe([1, 1, 3, 1]);
    }

    [Fact]
    public void Repeats_are_judged_in_time_order()
    {
        // ann by time: x(10) y(20) x(30) x(40).
        new DropRepeats().Apply(Plays).Listing().Select(row => row.Time).ShouldBe([30, 10, 20, 5, 6]);
    }

    [Fact]
    public void Core_repeats_until_stable_where_one_pass_does_not()
    {
        // Item z has 2 interactions, but loses one when user c (1 interaction) goes, and then takes user b below 2.
        var data = GeneratedData.Rows(
            ("a", "x", 1, 0), ("a", "y", 1, 0), ("d", "x", 1, 0), ("d", "y", 1, 0), ("b", "x", 1, 0), ("b", "z", 1, 0), ("c", "z", 1, 0));
        new KCore(2).Apply(data).Pairs().ShouldBe(["a x", "a y", "d x", "d y"]);
        new MinimumCount(2, 2).Apply(data).Pairs().ShouldBe(["a x", "a y", "d x", "d y", "b x", "b z"]);
    }

    [Fact]
    public void Core_is_the_largest_part_that_is_dense_enough() => Gen.Select(Gen.ULong, Gen.Int[1, 6], Gen.Int[1, 6]).Sample((seed, users, items) =>
    {
        var data = GeneratedData.Ratings(seed, 20, 20, 0.25);
        var expected = SlowCore(data, users, items);
        if (expected.Length == 0)
        {
            Should.Throw<InputException>(() => new KCore(users, items).Apply(data)).Message.ShouldContain("lower the minimum");
        }
        else
        {
            new KCore(users, items).Apply(data).Pairs().ShouldBe(expected);
        }
    }, iter: 60);

    [Fact]
    public void Session_preprocessing_is_a_chain_of_one_pass_filters()
    {
        // Single sessions go first (s3), which takes item y to one event; then y goes, which leaves s2 with one event.
        var data = GeneratedData.Rows(
            ("s1", "x", 1, 0), ("s1", "x", 1, 1), ("s2", "x", 1, 2), ("s2", "y", 1, 3), ("s3", "y", 1, 4));
        var filters = FilterSyntax.ParseAll(["min-count(users=2)", "min-count(items=2)", "min-count(users=2)"]);
        filters.Aggregate(data, (current, filter) => filter.Apply(current)).Pairs().ShouldBe(["s1 x", "s1 x"]);
    }

    [Fact]
    public void Time_ranges_include_their_beginning_and_not_their_end() =>
        FilterSyntax.Parse("time-range(from=10,to=30)").Apply(Plays).Listing().Select(row => row.Time).ShouldBe([10, 20]);

    [Fact]
    public void Binarized_data_has_no_values_and_another_fingerprint()
    {
        var before = Plays.Fingerprint;
        var binary = new Binarize().Apply(Plays);
        binary.Interactions.HasValues.ShouldBeFalse();
        binary.Fingerprint.ShouldNotBe(before);
        binary.History.ShouldBe(["binarize"]);
    }

    [Theory]
    [InlineData("min-value(6)", "leaves none of the 6 interactions of 'rows'. Lower the threshold")]
    [InlineData("time-range(from=2020-01-01)", "The data goes from 1970-01-01T00:00:05Z to 1970-01-01T00:00:40Z")]
    [InlineData("k-core(9)", "lower the minimum")]
    public void An_empty_result_is_an_error_with_the_remedy(string filter, string message) =>
        Should.Throw<InputException>(() => FilterSyntax.Parse(filter).Apply(Plays)).Message.ShouldContain(message);

    [Fact]
    public void Missing_columns_are_named()
    {
        var bare = new Binarize().Apply(Plays.WithoutTimes());
        Should.Throw<InputException>(() => new MinimumValue(4).Apply(bare)).Message.ShouldContain("needs values");
        Should.Throw<InputException>(() => new Deduplicate(DuplicatePolicy.Max).Apply(bare)).Message.ShouldContain("needs values");
        Should.Throw<InputException>(() => new TimeRange(0, 5).Apply(bare)).Message.ShouldContain("needs the time");
    }

    private static string[] SlowCore(Dataset data, int users, int items)
    {
        var rows = data.Listing().ToList();
        while (true)
        {
            var kept = rows.Where(row => rows.Count(other => other.User == row.User) >= users && rows.Count(other => other.Item == row.Item) >= items).ToList();
            if (kept.Count == rows.Count)
            {
                return [.. kept.Select(row => $"{row.User} {row.Item}")];
            }

            rows = kept;
        }
    }
}
