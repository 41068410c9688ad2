using CsCheck;
using Tastemaker.Batches;
using Tastemaker.Batches.Sampling;
using Tastemaker.Data;

namespace Tastemaker.Tests.Training.Batches;

public sealed class SessionParallelSourceTests
{
    // Lengths of sessions; every item is its own, so that a pair names its place.
    private static readonly Gen<int[]> Lengths = Gen.Int[0, 7].Array[1, 30].Where(lengths => lengths.Any(length => length > 1));

    [Fact]
    public void Every_pair_of_successive_items_is_visited_exactly_once() =>
        Gen.Select(Lengths, Gen.Int[1, 9]).Sample((lengths, lanes) =>
        {
            var sessions = Sessions(lengths);
            var source = Source(sessions, lanes, samples: 1);
            var visited = source.Epoch(new SeededRandom(1)).SelectMany(Pairs).Order().ToArray();
            visited.ShouldBe(AllPairs(sessions).Order().ToArray());
        });

    [Fact]
    public void The_number_of_steps_is_known_beforehand() =>
        Gen.Select(Lengths, Gen.Int[1, 9], Gen.Int[0, 1]).Sample((lengths, lanes, samples) =>
        {
            var source = Source(Sessions(lengths), lanes, samples);
            source.Epoch(new SeededRandom(1)).Count().ShouldBe(source.BatchesAnEpoch);
        });

    [Fact]
    public void A_lane_carries_its_state_exactly_inside_a_session() =>
        Gen.Select(Lengths, Gen.Int[1, 9]).Sample((lengths, lanes) =>
        {
            int[] before = [];
            foreach (var batch in Source(Sessions(lengths), lanes, samples: 1).Epoch(new SeededRandom(1)))
            {
                batch.IsFirst.ShouldBe(before.Length == 0);
                for (var lane = 0; lane < batch.Count; lane++)
                {
                    var goesOn = !batch.IsFirst && before[batch.OriginBuffer[lane]] == batch.InputBuffer[lane];
                    batch.CarryBuffer[lane].ShouldBe(goesOn ? 1 : 0);
                    batch.Shrinks.ShouldBe(!batch.IsFirst && batch.Count < before.Length);
                }

                before = batch.TargetBuffer[..batch.Count];
            }
        });

    [Fact]
    public void Sessions_enter_oldest_first()
    {
        var sessions = new SparseRows([0, 2, 4, 6], [0, 1, 2, 3, 4, 5], 6, times: [30, 31, 10, 40, 20, 21]);
        var inputs = Source(sessions, lanes: 1, samples: 1).Epoch(new SeededRandom(1)).Select(batch => batch.InputBuffer[0]);
        inputs.ShouldBe([2, 4, 0]);
    }

    [Fact]
    public void Without_samples_a_lane_alone_has_no_negatives_and_ends_the_epoch()
    {
        var source = Source(Sessions([2, 5]), lanes: 2, samples: 0);
        source.Epoch(new SeededRandom(1)).Count().ShouldBe(1);
    }

    [Fact]
    public void A_worked_example_with_two_lanes()
    {
        var steps = Source(Sessions([3, 2, 4]), lanes: 2, samples: 1).Epoch(new SeededRandom(1)).ToArray(); // items 0 1 2 | 3 4 | 5 6 7 8
        steps.Select(step => step.InputBuffer[..step.Count]).ShouldBe([[0, 3], [1, 5], [6], [7]]);
        steps.Select(step => step.TargetBuffer[..step.Count]).ShouldBe([[1, 4], [2, 6], [7], [8]]);
        steps.Select(step => step.CarryBuffer[..step.Count]).ShouldBe([[0f, 0f], [1f, 0f], [1f], [1f]]);
        steps[2].OriginBuffer[0].ShouldBe(1);
        steps.Select(step => step.Shrinks).ShouldBe([false, false, true, false]);
    }

    private static SparseRows Sessions(int[] lengths)
    {
        var next = 0;
        return SparseRows.FromRows([.. lengths.Select(length => Enumerable.Range(0, length).Select(_ => next++).ToArray())], lengths.Sum());
    }

    private static SessionParallelSource Source(SparseRows sessions, int lanes, int samples) =>
        new(sessions, lanes, samples, new AliasTable([1.0]));

    private static IEnumerable<(int Input, int Target)> Pairs(SessionBatch batch) =>
        batch.InputBuffer.Zip(batch.TargetBuffer).Take(batch.Count);

    private static IEnumerable<(int Input, int Target)> AllPairs(SparseRows sessions) => Enumerable.Range(0, sessions.RowCount)
        .SelectMany(row => sessions[row].ToArray().Zip(sessions[row].ToArray().Skip(1)));
}
