using Tastemaker.Data;
using Tastemaker.Data.Inspection;

namespace Tastemaker.Tests.Inspection;

/// <summary>The memory plan keeps its word. Here and not beside the plan, because these tests run one at a time.</summary>
public sealed class MemoryPlanTests
{
    private const int Rows = 2_000_000;
    private const int Users = 50_000;
    private const int Items = 10_000;

    [Fact]
    public void Histories_never_take_more_than_planned()
    {
        var data = Synthetic();
        var planned = MemoryPlan.For(data).Estimates.Single(estimate => estimate.What.StartsWith("histories", StringComparison.Ordinal)).Bytes;
        var train = new TrainingSet(data);

        // All that is allocated on the way is an upper bound of what is held at a time.
        var byUser = Allocated(() => train.ByUser.EntryCount.ShouldBe(Rows));
        var byItem = Allocated(() => train.ByItem.EntryCount.ShouldBe(Rows));

        var kept = (Rows * 16L) + (Users * 4L);
        Math.Max(byUser, kept + byItem).ShouldBeLessThan(planned + 10_000);
    }

    [Fact]
    public void A_data_set_occupies_what_the_plan_says()
    {
        // The heap is the process's: what other threads do between the two readings shows in some readings, not in the middle one.
        var planned = MemoryPlan.For(Synthetic()).DatasetBytes;
        long[] occupied = [.. Enumerable.Range(0, 7).Select(_ => Occupied()).Order()];

        occupied[3].ShouldBeInRange((long)(planned * 0.8), (long)(planned * 1.1));
    }

    private static long Occupied()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var data = Synthetic();
        var occupied = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(data);
        return occupied;
    }

    private static long Allocated(Action work)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static Dataset Synthetic()
    {
        var random = new SeededRandom(3);
        var (users, items, values, times) = (new int[Rows], new int[Rows], new float[Rows], new long[Rows]);
        for (var row = 0; row < Rows; row++)
        {
            (users[row], items[row], values[row], times[row]) = (random.Next(Users), random.Next(Items), 1 + random.Next(5), random.Next(1 << 30));
        }

        return new Dataset
        {
            Name = "synthetic",
            Users = new Vocabulary(Enumerable.Range(0, Users).Select(user => $"user-{user}")),
            Items = new Vocabulary(Enumerable.Range(0, Items).Select(item => $"item-{item}")),
            Interactions = new Interactions(users, items, values, times),
        };
    }
}
