using System.Collections.Concurrent;
using System.Threading.Channels;
using Tastemaker.Serving.Batching;

namespace Tastemaker.Serving.Tests.Batching;

public sealed class CoalescerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lone_call_is_answered_by_a_batch_of_its_own()
    {
        var sizes = new ConcurrentQueue<int>();
        await using var coalescer = new Coalescer<int, int>(Double, most: 8, TimeSpan.Zero, workers: 1, queued: 16) { Answered = sizes.Enqueue };

        (await coalescer.AskAsync(21, Cancellation)).ShouldBe(42);
        await coalescer.DisposeAsync();
        sizes.ShouldBe([1]);
    }

    [Fact]
    public async Task What_gathers_during_a_batch_is_the_next_one_and_none_is_larger_than_allowed()
    {
        using var gate = new ManualResetEventSlim();
        var sizes = new ConcurrentQueue<int>();
        await using var coalescer = new Coalescer<int, int>(Gated(gate), most: 8, TimeSpan.Zero, workers: 1, queued: 100);
        var first = coalescer.AskAsync(0, Cancellation);
        SpinWait.SpinUntil(() => !sizes.IsEmpty);
        var others = Enumerable.Range(1, 20).Select(number => coalescer.AskAsync(number, Cancellation)).ToList();
        gate.Set();

        (await Task.WhenAll([first, .. others])).ShouldBe(Enumerable.Range(0, 21).Select(number => 2 * number));
        sizes.ShouldBe([1, 8, 8, 4]);

        Func<IReadOnlyList<int>, IReadOnlyList<int>> Gated(ManualResetEventSlim open) => questions =>
        {
            sizes.Enqueue(questions.Count);
            open.Wait();
            return Double(questions);
        };
    }

    [Fact]
    public async Task Cancelled_calls_are_not_computed_and_others_are()
    {
        using var gate = new ManualResetEventSlim();
        using var cancelled = new CancellationTokenSource();
        var computed = new ConcurrentQueue<int>();
        await using var coalescer = new Coalescer<int, int>(
            questions =>
            {
                questions.ToList().ForEach(computed.Enqueue);
                gate.Wait();
                return Double(questions);
            },
            most: 8, TimeSpan.Zero, workers: 1, queued: 16);
        var first = coalescer.AskAsync(1, Cancellation);
        SpinWait.SpinUntil(() => !computed.IsEmpty);
        var dropped = coalescer.AskAsync(2, cancelled.Token);
        var kept = coalescer.AskAsync(3, Cancellation);
        await cancelled.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(dropped);
        gate.Set();

        (await first, await kept).ShouldBe((2, 6));
        computed.ShouldBe([1, 3]);
    }

    [Fact]
    public async Task An_error_reaches_who_caused_it_and_nobody_who_was_asked_with_it()
    {
        using var gate = new ManualResetEventSlim();
        var batches = 0;
        await using var coalescer = new Coalescer<int, int>(
            questions =>
            {
                Interlocked.Increment(ref batches);
                gate.Wait();
                return questions.Contains(13) ? throw new InputException("Thirteen is not answered.") : Double(questions);
            },
            most: 4, TimeSpan.Zero, workers: 1, queued: 16);
        var first = coalescer.AskAsync(1, Cancellation);
        SpinWait.SpinUntil(() => Volatile.Read(ref batches) == 1);
        var together = new[] { 2, 13, 3, 4 }.Select(number => coalescer.AskAsync(number, Cancellation)).ToList();
        var later = coalescer.AskAsync(5, Cancellation);
        gate.Set();

        (await first, await later).ShouldBe((2, 10));
        (await Should.ThrowAsync<InputException>(together[1])).Message.ShouldBe("Thirteen is not answered.");
        (await together[0], await together[2], await together[3]).ShouldBe((4, 6, 8));
    }

    [Fact]
    public async Task Disposing_answers_those_who_wait_and_takes_in_no_more()
    {
        using var gate = new ManualResetEventSlim();
        var coalescer = new Coalescer<int, int>(
            questions =>
            {
                gate.Wait();
                return Double(questions);
            },
            most: 2, TimeSpan.Zero, workers: 2, queued: 100);
        var waiting = Enumerable.Range(0, 30).Select(number => coalescer.AskAsync(number, Cancellation)).ToList();
        var end = coalescer.DisposeAsync();
        await Should.ThrowAsync<ChannelClosedException>(coalescer.AskAsync(1, Cancellation));
        gate.Set();
        await end;

        (await Task.WhenAll(waiting)).ShouldBe(Enumerable.Range(0, 30).Select(number => 2 * number));
    }

    private static IReadOnlyList<int> Double(IReadOnlyList<int> questions) => [.. questions.Select(number => 2 * number)];
}
