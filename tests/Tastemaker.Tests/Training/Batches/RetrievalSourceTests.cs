using Tastemaker.Batches;
using Tastemaker.Batches.Sampling;
using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Features;
using Tastemaker.Options;
using Tastemaker.Tests.Models.Features;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Training.Batches;

public sealed class RetrievalSourceTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void No_row_sees_what_happened_at_its_time_or_later()
    {
        var data = Watches.Data();
        foreach (var seen in Rows(data, new RetrievalPlan { BatchSize = 16 }))
        {
            var expected = data.AllRows()
                .Where(row => data.Interactions.Users[row] == seen.User && data.Interactions.Times[row] < seen.Time)
                .OrderBy(row => data.Interactions.Times[row]).ThenBy(row => row)
                .Select(row => data.Interactions.Items[row]);
            seen.History.ShouldBe(expected.TakeLast(5));
        }
    }

    [Fact]
    public void Without_times_a_row_sees_what_comes_before_it_in_ordered_data()
    {
        var data = Watches.Data(hasTimes: false) with { IsOrdered = true };
        var rows = Rows(data, new RetrievalPlan { BatchSize = 1000 });

        rows.Count.ShouldBe(data.Interactions.Count);
        foreach (var seen in rows)
        {
            var earlier = data.AllRows().Where(row => row < seen.Row && data.Interactions.Users[row] == seen.User);
            seen.History.ShouldBe(earlier.Select(row => data.Interactions.Items[row]).TakeLast(5));
        }
    }

    [Fact]
    public void Without_times_or_order_a_row_sees_all_else_of_its_user()
    {
        var data = Watches.Data(hasTimes: false, rows: 40);
        foreach (var seen in Rows(data, new RetrievalPlan { BatchSize = 1000, LeastHistory = 1 }, last: 100))
        {
            var others = data.AllRows().Where(row => row != seen.Row && data.Interactions.Users[row] == seen.User);
            seen.History.ShouldBe(others.Select(row => data.Interactions.Items[row]));
        }
    }

    [Fact]
    public void A_held_out_label_comes_with_everything_else_and_not_itself()
    {
        var data = Watches.Data(hasTimes: false, rows: 40) with { IsOrdered = true };
        foreach (var seen in Rows(data, new RetrievalPlan { BatchSize = 1000, SeesFuture = true }, last: 100))
        {
            var others = data.AllRows().Where(row => row != seen.Row && data.Interactions.Users[row] == seen.User);
            seen.History.ShouldBe(others.Select(row => data.Interactions.Items[row]));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(40)]
    public void Every_user_gives_exactly_n_rows_an_epoch(int n)
    {
        var data = Watches.Data();
        var rows = Rows(data, new RetrievalPlan { BatchSize = 7, ExamplesPerUser = n, LeastHistory = 1 });

        rows.CountBy(row => row.User).ShouldAllBe(user => user.Value == n);
        rows.Select(row => row.User).Distinct().Count().ShouldBe(Watches.Users - 1); // the last has nothing
        rows.Where(row => row.User > 0).ShouldAllBe(row => row.History.Length > 0);
        if (n == 3)
        {
            rows.Where(row => row.User > 0).Select(row => row.Row).ShouldBeUnique();
        }
    }

    [Fact]
    public void Rows_of_an_epoch_depend_on_its_stream_alone()
    {
        var source = Source(Watches.Data(), new RetrievalPlan { BatchSize = 8, ExamplesPerUser = 2, Samples = 4, Sampler = ItemDistribution.Of(ItemSampling.Uniform, new int[Watches.Items]) });
        int[] Items(ulong seed) => [.. source.Epoch(new SeededRandom(seed)).SelectMany(batch => batch.Rows.ItemBuffer[..batch.Count].Concat(batch.SampleBuffer).ToArray())];

        var first = Items(1);
        Items(2).ShouldNotBe(first);
        Items(1).ShouldBe(first);
    }

    [Fact]
    public void Ages_run_from_the_oldest_row_to_the_newest()
    {
        var data = Watches.Data();
        var (oldest, newest) = (data.Interactions.Times.ToArray().Min(), data.Interactions.Times.ToArray().Max());
        foreach (var seen in Rows(data, new RetrievalPlan { BatchSize = 16 }))
        {
            seen.Age.ShouldBe((float)(newest - seen.Time) / (newest - oldest), 1e-6f);
        }

        Rows(Watches.Data(hasTimes: false), new RetrievalPlan { BatchSize = 16 }).ShouldAllBe(row => row.Age == 0);
    }

    [Fact]
    public void Of_labelled_data_only_what_was_taken_up_is_learned_and_seen()
    {
        var data = Watches.Data();
        var labels = data.AllRows().Select(row => row % 3 == 0 ? 1f : 0).ToArray();
        data = data.WithInteractions(new Interactions(data.Interactions.Users.ToArray(), data.Interactions.Items.ToArray(), labels, data.Interactions.Times.ToArray())) with { IsLabelled = true };
        var rows = Rows(data, new RetrievalPlan { BatchSize = 16 });

        rows.Select(row => row.Row).Order().ShouldBe(data.AllRows().Where(row => row % 3 == 0));
        foreach (var seen in rows)
        {
            seen.History.Length.ShouldBe(Math.Min(5, data.AllRows().Count(row => row % 3 == 0 && data.Interactions.Users[row] == seen.User && data.Interactions.Times[row] < seen.Time)));
        }
    }

    [Fact]
    public void Draws_follow_their_distribution_and_counts_add_up_to_the_draws()
    {
        int[] counts = [5, 0, 50, 10];
        var random = new SeededRandom(1);
        foreach (var sampling in new[] { ItemSampling.Uniform, ItemSampling.Popularity, ItemSampling.LogUniform })
        {
            var distribution = ItemDistribution.Of(sampling, counts);
            var drawn = new int[4];
            for (var draw = 0; draw < 20_000; draw++)
            {
                drawn[distribution.Draw(random)]++;
            }

            var expected = distribution.LogCounts(20_000);
            expected.Sum(log => Math.Exp(log)).ShouldBe(20_000, 1);
            for (var item = 0; item < 4; item++)
            {
                ((double)drawn[item]).ShouldBe(Math.Exp(expected[item]), 500);
            }
        }

        ItemDistribution.Of(ItemSampling.LogUniform, counts).Probability(2).ShouldBe(Math.Log(2) / Math.Log(5), 1e-9); // the most popular has rank 0
    }

    private sealed record Seen(int User, int Row, long Time, int[] History, float Age);

    private static RetrievalSource Source(Dataset data, RetrievalPlan plan, int last = 5)
    {
        var train = new TrainingSet(data);
        return new RetrievalSource(train, new FeatureFit(train, 1).Space(["user", $"history(last={last})"]), plan);
    }

    // What each row of an epoch sees. A column of context numbers the rows.
    private static List<Seen> Rows(Dataset data, RetrievalPlan plan, int last = 5)
    {
        var numbered = data with { InteractionFeatures = new FeatureTable(data.Interactions.Count, [new NumericColumn("row", [.. data.AllRows().Select(row => (float)row)])]) };
        var train = new TrainingSet(numbered);
        var space = new FeatureFit(train, 1).Space(["user", $"history(last={last})", "row(transform=raw)"]);
        var rows = new List<Seen>();
        foreach (var batch in new RetrievalSource(train, space, plan).Epoch(new SeededRandom(3)))
        {
            batch.Load(CPU);
            for (var row = 0; row < batch.Count; row++)
            {
                var number = (int)batch.Rows.Numbers[row, 0].item<float>();
                var entries = batch.Rows.EntrySlots.eq(row).nonzero().flatten();
                var history = batch.Rows.Entries.index_select(0, entries).to(int64).data<long>().Select(index => (int)index - 1).ToArray();
                batch.Rows.Items[row].item<int>().ShouldBe(numbered.Interactions.Items[number]);
                rows.Add(new Seen(numbered.Interactions.Users[number], number, numbered.Interactions.HasTimes ? numbered.Interactions.Times[number] : 0, history, batch.Ages[row].item<float>()));
            }

            batch.Dispose();
        }

        return rows;
    }
}
