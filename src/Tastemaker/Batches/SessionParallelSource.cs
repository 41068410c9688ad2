using Tastemaker.Batches.Sampling;
using Tastemaker.Data;

namespace Tastemaker.Batches;

/// <summary>
/// Session-parallel mini-batches (Hidasi et al. 2016, section 3.1.1): every lane walks through a session, one pair of successive items a step; a
/// lane whose session ends takes the next one, oldest first, unshuffled; when none is left the lane is dropped. Each pair of successive items is
/// visited exactly once an epoch, save that without samples the epoch ends when one lane is left, which then has no negatives.
/// </summary>
internal sealed class SessionParallelSource : IBatchSource<SessionBatch>
{
    private readonly SparseRows sessions;
    private readonly int[] order;
    private readonly int lanes;
    private readonly int samples;
    private readonly AliasTable sampler;

    /// <summary>Batches from rows of items in time order; rows of fewer than two items teach nothing and are passed over.</summary>
    /// <param name="sessions">A row a session.</param>
    /// <param name="lanes">Sessions walked through at once; fewer if there are fewer sessions.</param>
    /// <param name="samples">Extra negatives a step, shared by all lanes.</param>
    /// <param name="sampler">Draws them.</param>
    public SessionParallelSource(SparseRows sessions, int lanes, int samples, AliasTable sampler)
    {
        this.sessions = sessions;
        this.samples = samples;
        this.sampler = sampler;
        var usable = Enumerable.Range(0, sessions.RowCount).Where(row => sessions.Length(row) > 1);
        order = [.. sessions.HasTimes ? usable.OrderBy(row => sessions.RowTimes(row)[0]) : usable]; // OrderBy is stable
        this.lanes = Math.Min(lanes, order.Length);
        BatchesAnEpoch = CountSteps();
    }

    /// <inheritdoc/>
    public int BatchesAnEpoch { get; }

    private int LeastLanes => samples > 0 ? 1 : 2;

    /// <inheritdoc/>
    public IEnumerable<SessionBatch> Epoch(SeededRandom random)
    {
        var walk = new Lane[lanes];
        for (var lane = 0; lane < lanes; lane++)
        {
            walk[lane] = new Lane(order[lane], 0, lane);
        }

        var (count, next, shrinks) = (lanes, lanes, false);
        for (var step = 0; count >= LeastLanes; step++)
        {
            var batch = new SessionBatch(count, samples) { Count = count, IsFirst = step == 0, Shrinks = shrinks };
            Fill(batch, walk, random);
            yield return batch;

            var kept = Advance(walk.AsSpan(0, count), ref next);
            (shrinks, count) = (kept < count, kept);
        }
    }

    private void Fill(SessionBatch batch, Lane[] walk, SeededRandom random)
    {
        for (var lane = 0; lane < batch.Count; lane++)
        {
            var (session, position, origin) = walk[lane];
            batch.InputBuffer[lane] = sessions[session][position];
            batch.TargetBuffer[lane] = sessions[session][position + 1];
            batch.OriginBuffer[lane] = origin;
            batch.CarryBuffer[lane] = position == 0 ? 0 : 1;
        }

        foreach (ref var sample in batch.SampleBuffer.AsSpan())
        {
            sample = sampler.Draw(random);
        }
    }

    /// <summary>Moves every lane on by one item, in place; returns how many lanes are left.</summary>
    private int Advance(Span<Lane> walk, ref int next)
    {
        var kept = 0;
        for (var lane = 0; lane < walk.Length; lane++)
        {
            var (session, position, _) = walk[lane];
            if (position + 2 < sessions.Length(session))
            {
                walk[kept++] = new Lane(session, position + 1, lane);
            }
            else if (next < order.Length)
            {
                walk[kept++] = new Lane(order[next++], 0, lane);
            }
        }

        return kept;
    }

    /// <summary>Steps of an epoch: sessions in order, each to the lane that is free first.</summary>
    private int CountSteps()
    {
        var ends = new PriorityQueue<int, int>(Enumerable.Repeat((0, 0), lanes));
        foreach (var session in order)
        {
            var end = ends.Dequeue() + sessions.Length(session) - 1;
            ends.Enqueue(end, end);
        }

        // The epoch lasts until fewer than LeastLanes lanes are busy: to the last end, or to the last but one.
        var last = ends.UnorderedItems.Select(lane => lane.Element).OrderDescending().Skip(LeastLanes - 1);
        return last.FirstOrDefault();
    }

    /// <summary>Where a lane stands: its session, the position of the current item, and the lane's index in the step before.</summary>
    private readonly record struct Lane(int Session, int Position, int Origin);
}
