using DuckDB.NET.Data;
using Tastemaker.Bench.Generation;
using Tastemaker.Data;

namespace Tastemaker.Tests.Bench;

public sealed class SyntheticInteractionsTests
{
    private static readonly SyntheticShape Small = new() { Interactions = 200_000, Users = 2_000, Items = 1_500, Interests = 20, Seed = 7 };

    private static readonly Lazy<Interactions> Made = new(() => SyntheticInteractions.Generate(Small));

    [Fact]
    public void A_shape_and_seed_give_the_same_rows_again_and_another_seed_gives_others()
    {
        var again = SyntheticInteractions.Generate(Small);
        new Fingerprint().Add(again).ToString().ShouldBe(new Fingerprint().Add(Made.Value).ToString());

        var other = SyntheticInteractions.Generate(Small with { Seed = 8 });
        new Fingerprint().Add(other).ToString().ShouldNotBe(new Fingerprint().Add(Made.Value).ToString());
    }

    [Fact]
    public void Counts_are_those_asked_for_and_no_user_has_an_item_twice()
    {
        Made.Value.Count.ShouldBe(200_000);
        var rows = Made.Value.ByUser(2_000, 1_500);
        var distinct = rows.SortedByColumn();
        for (var user = 0; user < 2_000; user++)
        {
            rows.Length(user).ShouldBeInRange(Small.FewestPerUser, Small.MostPerUser);
            distinct.Length(user).ShouldBe(rows.Length(user));
        }

        Made.Value.Items.ToArray().Distinct().Count().ShouldBe(1_500);
    }

    [Theory]
    [InlineData(10, 10, 5)]
    [InlineData(33, 10, 10)]
    [InlineData(300, 100, 9)]
    public void Small_and_crowded_shapes_are_filled_exactly(int interactions, int users, int items)
    {
        var shape = new SyntheticShape { Interactions = interactions, Users = users, Items = items };
        if (interactions > users * shape.MostPerUser)
        {
            Should.Throw<InputException>(() => SyntheticInteractions.Generate(shape));
            return;
        }

        var made = SyntheticInteractions.Generate(shape);
        made.Count.ShouldBe(interactions);
        made.Items.ToArray().Distinct().Count().ShouldBe(items);
        made.Users.ToArray().Distinct().Count().ShouldBe(users);
    }

    [Fact]
    public void Popularity_falls_as_a_power_of_the_rank()
    {
        // Sparse, as large sets are: in a dense one, users run out of popular items and the curve flattens.
        var sparse = SyntheticInteractions.Generate(new SyntheticShape { Interactions = 200_000, Users = 10_000, Items = 4_000 });
        var counts = sparse.Items.ToArray().GroupBy(item => item).Select(group => group.Count()).OrderDescending().ToArray();

        // Between the flat head and the thin tail, the logarithm of the count falls in a line.
        var (low, high) = (counts.Length / 20, counts.Length / 2);
        var slope = Slope([.. Enumerable.Range(low, high - low).Select(rank => (Math.Log(rank + 1), Math.Log(counts[rank])))]);
        slope.ShouldBeInRange(-2.0, -1.1);
        counts.Take(counts.Length / 10).Sum().ShouldBeGreaterThan(sparse.Count / 5 * 3);
    }

    [Fact]
    public void Activity_is_skewed_as_in_MovieLens()
    {
        int[] counts = [.. SyntheticActivity.Counts(Small).Order()];
        ((double)counts[1_000] / counts.Average()).ShouldBeInRange(0.4, 0.6);   // MovieLens-20M: 68 / 144 = 0.47
        counts[^1].ShouldBeGreaterThan(4 * (int)counts.Average());
    }

    [Fact]
    public void Users_follow_interests_so_that_there_is_something_to_learn()
    {
        var interests = new SyntheticCatalog(Small).InterestOf;
        var rows = Made.Value.ByUser(2_000, 1_500);
        var (same, pairs) = (0, 0);
        for (var user = 0; user < 2_000; user++)
        {
            for (var position = 1; position < rows.Length(user); position++)
            {
                same += interests[rows[user][position]] == interests[rows[user][position - 1]] ? 1 : 0;
                pairs++;
            }
        }

        ((double)same / pairs).ShouldBeGreaterThan(0.2);   // 0.05 by chance
    }

    [Fact]
    public void Times_rise_within_a_user_and_ratings_are_half_stars()
    {
        var made = Made.Value;
        for (var row = 1; row < made.Count; row++)
        {
            (made.Users[row] != made.Users[row - 1] || made.Times[row] > made.Times[row - 1]).ShouldBeTrue();
        }

        made.Values.ToArray().ShouldAllBe(rating => rating >= 0.5f && rating <= 5f && rating * 2 == MathF.Round(rating * 2));
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("csv.gz")]
    [InlineData("parquet")]
    public void The_file_holds_every_row_in_order(string extension)
    {
        var made = SyntheticInteractions.Generate(new SyntheticShape { Interactions = 500, Users = 20, Items = 100 });
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.{extension}");
        try
        {
            InteractionFile.Write(made, path);
            using var connection = new DuckDBConnection("Data Source=:memory:");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT user_id, item_id, rating, timestamp FROM '{path}'";
            using var reader = command.ExecuteReader();
            for (var row = 0; row < made.Count; row++)
            {
                reader.Read().ShouldBeTrue();
                Convert.ToInt32(reader.GetValue(0)).ShouldBe(made.Users[row] + 1);
                Convert.ToInt32(reader.GetValue(1)).ShouldBe(made.Items[row] + 1);
                Convert.ToSingle(reader.GetValue(2)).ShouldBe(made.Values[row]);
                Convert.ToInt64(reader.GetValue(3)).ShouldBe(Timestamps.Seconds(made.Times[row]));
            }

            reader.Read().ShouldBeFalse();
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_file_of_an_unknown_kind_is_refused_before_anything_is_written() =>
        Should.Throw<InputException>(() => InteractionFile.Write(Made.Value, "ratings.xlsx")).Message.ShouldContain(".parquet");

    private static double Slope((double X, double Y)[] points)
    {
        var (x, y) = (points.Average(point => point.X), points.Average(point => point.Y));
        return points.Sum(point => (point.X - x) * (point.Y - y)) / points.Sum(point => (point.X - x) * (point.X - x));
    }
}
