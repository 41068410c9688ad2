using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Solvers;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Training.Batches;

public sealed class BatchSourceTests
{
    private static readonly TrainingSet Train = Toy.Checkerboard().Train;

    [Fact]
    public void Pointwise_gives_every_pair_once_with_its_share_of_unseen_items()
    {
        var examples = Pointwise(new PointwiseSource(Train, 64, negatives: 3), 1);

        examples.Count.ShouldBe(1000 * 4);
        examples.Where(e => e.Label == 1).Select(e => (e.User, e.Item)).ShouldBe(Pairs(), ignoreOrder: true);
        examples.Where(e => e.Label == 0).ShouldAllBe(e => !Train.Seen.SortedRowContains(e.User, e.Item));
        examples.Where(e => e.Label == 0).CountBy(e => e.User).ShouldAllBe(user => user.Value == 60);
    }

    [Fact]
    public void An_epoch_depends_on_its_stream_alone()
    {
        var source = new PointwiseSource(Train, 64, 2);
        var first = Pointwise(source, 1);

        Pointwise(source, 2).ShouldNotBe(first);
        Pointwise(source, 1).ShouldBe(first);
        Pointwise(new PointwiseSource(Train, 64, 2), 1).ShouldBe(first);
    }

    [Fact]
    public void Values_give_every_interaction_once_with_its_value()
    {
        var train = Toy.Data(3, 3, [(0, 0), (1, 1), (1, 2), (2, 0)], [1, 2, 3, 4]);

        Pointwise(new ValueSource(train, 3), 1).Order().ShouldBe([(0, 0, 1f), (1, 1, 2f), (1, 2, 3f), (2, 0, 4f)]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Pairwise_compares_seen_with_unseen(int visit)
    {
        var source = new PairwiseSource(Train, 64, negatives: 2, visit: (PairOrder)visit);
        var compared = new List<(int User, int Item)>();
        foreach (var batch in source.Epoch(new SeededRandom(1)))
        {
            for (var index = 0; index < batch.Count; index++)
            {
                var user = batch.UserBuffer[index];
                compared.Add((user, batch.PositiveBuffer[index]));
                batch.NegativeBuffer.Skip(index * 2).Take(2).ShouldAllBe(item => !Train.Seen.SortedRowContains(user, item));
            }

            batch.Dispose();
        }

        compared.Count.ShouldBe(1000);
        compared.ShouldAllBe(pair => Train.Seen.SortedRowContains(pair.User, pair.Item));
        // Draws with replacement miss a share of 1/e.
        compared.Distinct().Count().ShouldBeInRange((PairOrder)visit is PairOrder.Shuffled ? 1000 : 592, (PairOrder)visit is PairOrder.Shuffled ? 1000 : 672);
    }

    [Fact]
    public void Users_who_have_everything_give_no_comparison()
    {
        var train = Toy.Data(2, 3, [(0, 0), (0, 1), (0, 2), (1, 1)]);

        new PairwiseSource(train, 2).Epoch(new SeededRandom(1)).Sum(batch => batch.Count).ShouldBe(1);
        Pointwise(new PointwiseSource(train, 2, 2), 1).Count.ShouldBe(4 + 2);
    }

    [Fact]
    public void Rows_hold_each_user_with_items_once()
    {
        var train = Toy.Data(4, 5, [(0, 4), (0, 1), (2, 2), (3, 0), (0, 1)], [5, 1, 3, 2, 4]);
        var rows = new List<(int, string)>();
        foreach (var batch in new UserRowSource(train.Rated, 2).Epoch(new SeededRandom(3)))
        {
            for (var row = 0; row < batch.Count; row++)
            {
                var entries = Enumerable.Range(batch.OffsetBuffer[row], batch.OffsetBuffer[row + 1] - batch.OffsetBuffer[row]);
                rows.Add((batch.UserBuffer[row], string.Join(' ', entries.Select(entry => $"{batch.ItemBuffer[entry]}:{batch.ValueBuffer[entry]}"))));
            }

            batch.Dispose();
        }

        rows.ShouldBe([(0, "1:4 4:5"), (2, "2:3"), (3, "0:2")], ignoreOrder: true);
    }

    [Fact]
    public void Loaded_tensors_hold_the_batch_and_not_what_lies_behind_it()
    {
        using var scope = NewDisposeScope();
        using var batch = new UserRowSource(Train.Seen, 64).Epoch(new SeededRandom(1)).First();
        batch.Load(CPU);

        batch.Users.shape.ShouldBe([50]);
        batch.Offsets.data<int>().ToArray().ShouldBe(Enumerable.Range(0, 51).Select(row => row * 20));
        batch.Items.data<int>().ToArray().ShouldBe(batch.Users.data<int>().SelectMany(user => Train.Seen[user].ToArray()));
        batch.Values.data<float>().ShouldAllBe(value => value == 1);
    }

    [Fact]
    public void After_the_first_epoch_batches_cost_no_memory()
    {
        IBatchSource<Batch>[] sources = [new PointwiseSource(Train, 4, 1), new PairwiseSource(Train, 4), new UserRowSource(Train.Seen, 2), new ValueSource(Train, 4)];
        foreach (var source in sources)
        {
            Exhaust(source);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Exhaust(source);
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(2000); // the enumerator and the generator, not the batches
        }
    }

    private static void Exhaust(IBatchSource<Batch> source)
    {
        foreach (var batch in source.Epoch(new SeededRandom(1)))
        {
            batch.Dispose();
        }
    }

    private static List<(int User, int Item, float Label)> Pointwise(IBatchSource<PointwiseBatch> source, ulong seed)
    {
        var examples = new List<(int, int, float)>();
        foreach (var batch in source.Epoch(new SeededRandom(seed)))
        {
            for (var index = 0; index < batch.Count; index++)
            {
                examples.Add((batch.UserBuffer[index], batch.ItemBuffer[index], batch.LabelBuffer[index]));
            }

            batch.Dispose();
        }

        return examples;
    }

    private static IEnumerable<(int, int)> Pairs() =>
        Enumerable.Range(0, 50).SelectMany(user => Train.Seen[user].ToArray().Select(item => (user, item)));
}
