using Tastemaker.Data;
using Tastemaker.Features;

namespace Tastemaker.Tests.Features;

public sealed class FeatureFitTests
{
    private static FeatureSpace Fit(params string[] fields) => new FeatureFit(Films.Train, 1).Space(fields);

    private static (int[] Categories, float[] Numbers, List<(int Field, int Index, float Weight)> Many) Row(FeatureSpace space, int row)
    {
        var rows = Films.Data.Interactions;
        var parts = new RowParts(space.Users, rows.Users[row], space.Items, rows.Items[row], space.Contexts(Films.Data), row, []);
        var (categories, numbers) = (new int[space.Schema.Categories.Count], new float[space.Schema.Numbers.Count]);
        space.Reader.Categories(parts, categories);
        space.Reader.Numbers(parts, numbers);
        var many = new List<(int, int, float)>();
        for (var field = 0; field < space.Schema.Many.Count; field++)
        {
            var (indexes, weights) = (new List<int>(), new List<float>());
            space.Reader.Many(parts, field, categories, indexes, weights);
            many.AddRange(indexes.Zip(weights, (index, weight) => (field, index, weight)));
        }

        return (categories, numbers, many);
    }

    [Fact]
    public void All_columns_and_identifiers_are_fields_by_default()
    {
        var space = Fit();

        space.Schema.Fields.Select(field => field.Name).ShouldBe(["user", "item", "user.gender", "user.age", "item.genres", "context.hour", "context.price"]);
        space.Schema.ToString().ShouldContain("user.gender: category, 2 known");
    }

    [Fact]
    public void Categories_that_training_does_not_hold_are_unknown()
    {
        var space = Fit("user", "item", "gender", "genres");

        space.Users.CategoriesOf(3).ToArray().ShouldBe([0, 0]); // user d and gender x
        space.Items.CategoriesOf(2).ToArray().ShouldBe([0]);
        space.Items.Many[0].Length(2).ShouldBe(0); // war
        space.Users.CategoriesOf(1).ToArray().ShouldBe([2, 2]);
    }

    [Fact]
    public void Rare_categories_are_unknown()
    {
        var space = Fit("hour(minimum-count=3)");

        Row(space, 0).Categories.ShouldBe([1]); // day occurs three times
        Row(space, 1).Categories.ShouldBe([0]); // night twice
        Row(space, 4).Categories.ShouldBe([0]); // missing
    }

    [Fact]
    public void The_mean_of_several_categories_counts_1_and_their_sum_1_each()
    {
        Row(Fit("genres"), 0).Many.ShouldBe([(0, 1, 0.5f), (0, 2, 0.5f)]);
        Row(Fit("genres(pool=sum)"), 0).Many.ShouldBe([(0, 1, 1f), (0, 2, 1f)]);
    }

    [Fact]
    public void Numbers_are_standardized_by_the_training_rows_and_the_missing_are_their_mean()
    {
        var space = Fit("age", "price(transform=raw)", "price(transform=log)");

        var first = Row(space, 0);
        first.Numbers[0].ShouldBe(-1, 1e-6f); // ages by row 20 20 30 30: mean 25, deviation 5
        first.Numbers[1].ShouldBe(1);
        first.Numbers[2].ShouldBe(MathF.Log(2), 1e-6f);
        Row(space, 4).Numbers[0].ShouldBe(0);
    }

    [Fact]
    public void A_cross_is_1_exactly_where_all_its_parts_hold()
    {
        var space = Fit("gender", "hour", "cross(gender,hour)");

        space.Schema.Categories[2].Size.ShouldBe(5); // f-day, f-night, m-day, m-night and the unknown
        var known = Enumerable.Range(0, 6).Select(row => Row(space, row).Categories).ToList();
        known[4][2].ShouldBe(0); // the hour is missing
        known[0][2].ShouldBe(known[5][2]); // both f and day
        known.Take(4).Select(row => row[2]).Distinct().Count().ShouldBe(4);
    }

    [Fact]
    public void A_cross_with_several_values_gives_all_their_combinations()
    {
        var space = Fit("cross(gender,genres)");

        space.Schema.Visible.Select(field => field.Name).ShouldBe(["cross(gender,genres)"]);
        Row(space, 0).Many.Count(entry => entry.Field == 1).ShouldBe(2); // f x {drama, comedy}
        Row(space, 1).Many.Count(entry => entry.Field == 1).ShouldBe(1); // f x {comedy}
        Row(space, 0).Many.ShouldAllBe(entry => entry.Field == 0 || entry.Weight == 1);
    }

    [Fact]
    public void A_cross_seen_too_rarely_is_unknown()
    {
        var space = Fit("cross(gender,hour,minimum-count=2)");

        Row(space, 0).Categories[^1].ShouldBeGreaterThan(0); // f-day: rows 0 and 5
        Row(space, 1).Categories[^1].ShouldBe(0); // f-night: row 1
    }

    [Fact]
    public void Hashed_categories_are_the_same_on_every_machine()
    {
        var vocabulary = FieldVocabulary.Hashed(1000);

        vocabulary.IndexOf("drama").ShouldBe(FieldVocabulary.Hashed(1000).IndexOf("drama"));
        vocabulary.IndexOf("drama").ShouldBe(28);
        vocabulary.IndexOf(null).ShouldBe(0);
        Enumerable.Range(0, 10_000).Select(index => vocabulary.IndexOf($"c{index}")).ShouldAllBe(index => index >= 1 && index <= 1000);
    }

    [Fact]
    public void Histories_hold_what_was_taken_up_strictly_before()
    {
        var past = new PastItems(Films.Train.ByUser, [0, 1, 2], ofTraining: true); // a: x at 10; b: x at 30, y at 40; c: x at 60
        Span<int> items = new int[2];

        past.Before(1, 1, 40, items).ShouldBe(1);
        items[0].ShouldBe(0);
        past.Before(1, 0, 30, items).ShouldBe(0);
        past.Before(1, 2, 41, items).ShouldBe(2);
        items.ToArray().ShouldBe([0, 1]);
        past.Before(-1, 2, 41, items).ShouldBe(0);
    }

    [Fact]
    public void Without_times_a_history_lacks_only_the_row_itself()
    {
        var past = new PastItems(SparseRows.FromRows([[3, 1, 2]], 5), [0, 1, 2, 3, 4], ofTraining: false);
        Span<int> items = new int[2];

        past.Before(0, 1, 0, items).ShouldBe(2);
        items.ToArray().ShouldBe([3, 2]);
        past.Before(0, 4, 0, items).ShouldBe(2);
        items.ToArray().ShouldBe([1, 2]); // the newest
    }

    [Fact]
    public void Without_times_the_history_of_a_training_row_tells_nothing_of_its_label()
    {
        const int Items = 60;
        int[] taken = [3, 1, 2, 7]; // the positives; every other item is a row of label 0
        var past = new PastItems(SparseRows.FromRows([taken], Items), [.. Enumerable.Range(0, Items)], ofTraining: true);
        var histories = Enumerable.Range(0, Items).ToDictionary(item => item, item =>
        {
            var items = new int[10];
            return items[..past.Before(0, item, 0, items)];
        });

        histories.Values.ShouldAllBe(history => history.Length == 3);
        histories.ShouldAllBe(row => !row.Value.Contains(row.Key));
        histories.Where(row => !taken.Contains(row.Key)).Select(row => taken.Except(row.Value).Single()).Distinct().Order().ShouldBe([1, 2, 3, 7]); // any may lack
        histories.Values.ShouldAllBe(history => taken.Where(history.Contains).SequenceEqual(history)); // in order
    }

    [Fact]
    public void What_a_request_says_in_words_is_encoded_as_the_column_was()
    {
        var space = Fit("gender", "age(buckets=3)", "hour", "price", "hour(hash=50)", "cross(hour,gender)");
        var trained = space.Contexts(Films.Data);

        for (var row = 0; row < Films.Data.Interactions.Count; row++)
        {
            var user = Films.Data.Interactions.Users[row];
            var said = new Dictionary<string, string> { ["price"] = $"{row + 1}", ["gender"] = user == 1 ? "m" : "f" };
            if (row != 4)
            {
                said["context.hour"] = row is 1 or 3 ? "night" : "day";
            }

            if (user != 2)
            {
                said["age"] = user == 0 ? "20" : "30";
            }

            var (users, contexts) = space.Requests([-1], [said]);

            contexts.Categories.ShouldBe(trained.CategoriesOf(row).ToArray());
            contexts.Numbers.ShouldBe(trained.NumbersOf(row).ToArray());
            users.Categories.ShouldBe(space.Users.CategoriesOf(user).ToArray());
        }
    }

    [Fact]
    public void A_known_user_keeps_what_the_request_does_not_say()
    {
        var space = Fit("user", "gender", "age");

        var (users, _) = space.Requests([1], [new Dictionary<string, string> { ["gender"] = "f" }]);

        users.CategoriesOf(0).ToArray().ShouldBe([2, 1]); // still user b
        users.NumbersOf(0).ToArray().ShouldBe(space.Users.NumbersOf(1).ToArray());
    }

    [Fact]
    public void Wrong_fields_are_refused_together_with_the_nearest_names()
    {
        var error = Should.Throw<InputException>(() => Fit("gendre", "age(hash=3)", "price(buckets=1)", "genres(pool=max)", "cross(gender)", "user", "user", "hour(hash=5"));

        error.Message.ShouldContain("'gendre'");
        error.Message.ShouldContain("gender");
        error.Message.ShouldContain("a numeric column has transform= or buckets=");
        error.Message.ShouldContain("buckets must be a whole number from 2");
        error.Message.ShouldContain("pool is mean or sum");
        error.Message.ShouldContain("must cross two fields");
        error.Message.ShouldContain("not closed");
        Should.Throw<InputException>(() => Fit("user", "user")).Message.ShouldContain("named 2 times");
        Should.Throw<InputException>(() => Fit("cross(gender,age)")).Message.ShouldContain("cross its buckets");
        Should.Throw<InputException>(() => Fit("age").Requests([-1], [new Dictionary<string, string> { ["age"] = "old" }])).Message.ShouldContain("'old'");
    }

    [Fact]
    public void Data_that_lacks_a_column_of_the_training_is_refused()
    {
        var space = Fit("hour", "price");

        Should.Throw<InputException>(() => space.Contexts(Films.Data with { InteractionFeatures = null })).Message.ShouldContain("'hour'");
    }
}
