using Tastemaker.Batches;

namespace Tastemaker.Tests.Training.Batches;

public sealed class BatchAheadTests
{
    [Fact]
    public void Keeps_order_and_reuses_few_batches()
    {
        var made = 0;
        var pool = new BatchPool<PointwiseBatch>(() =>
        {
            Interlocked.Increment(ref made);
            return new PointwiseBatch(1);
        });
        using var ahead = new BatchAhead<PointwiseBatch>(Numbers(pool, 500));
        var taken = new List<int>();
        while (ahead.TryTake(out var batch))
        {
            taken.Add(batch.UserBuffer[0]);
            batch.Dispose();
        }

        taken.ShouldBe(Enumerable.Range(0, 500));
        made.ShouldBeLessThanOrEqualTo(10); // eight ready, one in the making, one in use
        ahead.TryTake(out _).ShouldBeFalse();
    }

    [Fact]
    public void What_the_source_throws_reaches_the_training_thread_after_the_batches_before_it()
    {
        using var ahead = new BatchAhead<PointwiseBatch>(Failing());
        ahead.TryTake(out _).ShouldBeTrue();
        Should.Throw<InputException>(() => ahead.TryTake(out _)).Message.ShouldBe("no more");

        static IEnumerable<PointwiseBatch> Failing()
        {
            yield return new PointwiseBatch(1);
            throw new InputException("no more");
        }
    }

    [Fact]
    public void Stopping_early_ends_the_source()
    {
        var ended = false;
        var ahead = new BatchAhead<PointwiseBatch>(Endless());
        ahead.TryTake(out _).ShouldBeTrue();
        ahead.Dispose();
        ended.ShouldBeTrue();

        IEnumerable<PointwiseBatch> Endless()
        {
            try
            {
                while (true)
                {
                    yield return new PointwiseBatch(1);
                }
            }
            finally
            {
                ended = true;
            }
        }
    }

    private static IEnumerable<PointwiseBatch> Numbers(BatchPool<PointwiseBatch> pool, int count)
    {
        for (var number = 0; number < count; number++)
        {
            var batch = pool.Rent();
            batch.UserBuffer[0] = number;
            yield return batch;
        }
    }
}
