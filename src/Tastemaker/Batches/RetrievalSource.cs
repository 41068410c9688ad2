using Tastemaker.Data;
using Tastemaker.Features;

namespace Tastemaker.Batches;

/// <summary>
/// Positives of users, with the items each user had before: strictly earlier; without times, those before it where the data are ordered.
/// So no row sees its own label or the future ("rollback", Covington et al. 2016, section 3.4), unless the plan asks for it. Data with neither times nor order
/// have no past: a row sees all other positives of its user. Files often list a user's items by id, and a model would learn that the next id is higher.
/// </summary>
internal sealed class RetrievalSource : IBatchSource<RetrievalBatch>
{
    private readonly RetrievalPlan plan;
    private readonly FeatureSpace space;
    private readonly Interactions taken;
    private readonly bool seesFuture;
    private readonly UserTimelines byUser;
    private readonly EncodedFeatures contexts;
    private readonly int[] earlier; // of each place in the order by user: how many of the user's items are before it
    private readonly int[] firsts; // of each user: the first place that may be a row
    private readonly long newest;
    private readonly double span;
    private readonly BatchPool<RetrievalBatch> pool;

    /// <summary>Batches of a training set.</summary>
    public RetrievalSource(TrainingSet train, FeatureSpace space, RetrievalPlan plan)
    {
        (this.space, this.plan) = (space, plan);
        var data = train.Data;
        if (data.IsLabelled)
        {
            var values = data.Interactions.Values.ToArray();
            data = data.Restrict([.. data.AllRows().Where(row => values[row] > 0)], "positives", shrink: false);
        }

        taken = data.Interactions;
        seesFuture = plan.SeesFuture || !(taken.HasTimes || data.IsOrdered);
        contexts = space.Contexts(data);
        byUser = new UserTimelines(taken, data.Users.Count);
        earlier = Earlier();
        firsts = [.. Enumerable.Range(0, byUser.UserCount).Select(First)];
        if (taken.HasTimes && taken.Count > 0)
        {
            var times = taken.Times.ToArray();
            newest = times.Max();
            span = Math.Max(newest - times.Min(), 1);
        }

        pool = new BatchPool<RetrievalBatch>(() => new RetrievalBatch(space, plan.BatchSize, plan.Samples));
    }

    /// <summary>Rows an epoch.</summary>
    public int RowsAnEpoch => Enumerable.Range(0, byUser.UserCount).Sum(RowsOf);

    /// <inheritdoc/>
    public int BatchesAnEpoch => ShuffledBatches.Count(RowsAnEpoch, plan.BatchSize);

    /// <inheritdoc/>
    public IEnumerable<RetrievalBatch> Epoch(SeededRandom random)
    {
        var places = Places(random);
        random.Shuffle<int>(places);
        return ShuffledBatches.Of<RetrievalBatch, int>(places, plan.BatchSize, pool, (batch, chosen) => Fill(batch, chosen, random));
    }

    private int RowsOf(int user)
    {
        var (first, end) = (firsts[user], byUser.Offsets[user + 1]);
        return first == end ? 0 : plan.ExamplesPerUser > 0 ? plan.ExamplesPerUser : end - first;
    }

    // The places that are this epoch's rows: of each user all, or so many drawn, without repeats as long as there are enough.
    private int[] Places(SeededRandom random)
    {
        var places = new int[RowsAnEpoch];
        var count = 0;
        int[] own = [];
        for (var user = 0; user < byUser.UserCount; user++)
        {
            var (rows, first) = (RowsOf(user), firsts[user]);
            var number = byUser.Offsets[user + 1] - first;
            if (plan.ExamplesPerUser > 0)
            {
                own = own.Length < number ? new int[2 * number] : own;
                for (var place = 0; place < number; place++)
                {
                    own[place] = first + place;
                }

                random.Shuffle(own.AsSpan(0, number));
            }

            for (var row = 0; row < rows; row++)
            {
                places[count++] = plan.ExamplesPerUser > 0 ? own[row % number] : first + row;
            }
        }

        return places;
    }

    private void Fill(RetrievalBatch batch, ReadOnlySpan<int> places, SeededRandom random)
    {
        batch.Rows.Clear();
        Span<int> history = new int[space.HistoryLength];
        for (var row = 0; row < places.Length; row++)
        {
            var number = byUser.All[places[row]];
            var (user, item) = (taken.Users[number], taken.Items[number]);
            var length = History(places[row], user, history);
            batch.Rows.Add(new RowParts(space.Users, user, space.Items, item, contexts, number, history[..length]), item, 1);
            batch.AgeBuffer[row] = taken.HasTimes ? (float)((newest - taken.Times[number]) / span) : 0;
            batch.LogCountBuffer[row] = plan.LogCounts?[item] ?? 0;
        }

        batch.Count = places.Length;
        for (var sample = 0; sample < plan.Samples; sample++)
        {
            var item = plan.Sampler!.Draw(random);
            (batch.SampleBuffer[sample], batch.SampleLogCountBuffer[sample]) = (item, plan.LogCounts?[item] ?? 0);
        }
    }

    // Fills the newest items that a row sees, oldest first, and returns their number.
    private int History(int place, int user, Span<int> history)
    {
        if (history.IsEmpty)
        {
            return 0;
        }

        var start = byUser.Offsets[user];
        var end = seesFuture ? byUser.Offsets[user + 1] : start + earlier[place];
        var length = 0;
        for (var other = end - 1; other >= start && length < history.Length; other--)
        {
            if (other != place)
            {
                history[length++] = space.HistoryIndexes[taken.Items[byUser.All[other]]];
            }
        }

        history[..length].Reverse();
        return length;
    }

    private int[] Earlier()
    {
        var counts = new int[taken.Count];
        for (var user = 0; user < byUser.UserCount; user++)
        {
            var start = byUser.Offsets[user];
            for (var place = start; place < byUser.Offsets[user + 1]; place++)
            {
                var isTie = taken.HasTimes && place > start && taken.Times[byUser.All[place]] == taken.Times[byUser.All[place - 1]];
                counts[place] = isTie ? counts[place - 1] : place - start;
            }
        }

        return counts;
    }

    private int First(int user)
    {
        var (start, end) = (byUser.Offsets[user], byUser.Offsets[user + 1]);
        var first = start;
        while (!seesFuture && first < end && earlier[first] < plan.LeastHistory)
        {
            first++;
        }

        return first == end ? start : first;
    }
}
