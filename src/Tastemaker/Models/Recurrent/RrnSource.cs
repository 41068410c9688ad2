using System.Runtime.InteropServices;
using Tastemaker.Batches;
using Tastemaker.Data;
using static TorchSharp.torch;

namespace Tastemaker.Models.Recurrent;

/// <summary>Some users with all of their steps and ratings, or some items.</summary>
internal sealed class RrnBatch : Batch
{
    /// <summary>Whether the batch holds users; else it holds items.</summary>
    public bool IsOfUsers { get; init; }

    /// <summary>Whether it is the first batch of a pass over the users, or over the items.</summary>
    public bool IsFirst { get; init; }

    /// <summary>The tokens of all steps, sequence after sequence. All sequences have the length of the longest.</summary>
    public required RrnTokens Tokens { get; init; }

    /// <summary>Number of sequences.</summary>
    public int Sequences { get; init; }

    public List<long> PlaceBuffer { get; } = [];

    public List<int> OwnerBuffer { get; } = [];

    public List<int> OtherBuffer { get; } = [];

    public List<int> OtherStepBuffer { get; } = [];

    public List<float> RatingBuffer { get; } = [];

    /// <summary>For each rating, the index of the token whose state predicts it [n], int64.</summary>
    public Tensor Places { get; private set; } = null!;

    /// <summary>For each rating, its user where the batch holds users, else its item [n], int32.</summary>
    public Tensor Owners { get; private set; } = null!;

    /// <summary>For each rating, its item where the batch holds users, else its user [n], int32.</summary>
    public Tensor Others { get; private set; } = null!;

    /// <summary>For each rating, the step of <see cref="Others"/> that it belongs to [n], int32.</summary>
    public Tensor OtherSteps { get; private set; } = null!;

    /// <summary>The ratings [n].</summary>
    public Tensor Ratings { get; private set; } = null!;

    /// <inheritdoc/>
    public override void Load(Device device)
    {
        Places = tensor(PlaceBuffer.ToArray(), device: device);
        Owners = Ids(CollectionsMarshal.AsSpan(OwnerBuffer), device);
        Others = Ids(CollectionsMarshal.AsSpan(OtherBuffer), device);
        OtherSteps = Ids(CollectionsMarshal.AsSpan(OtherStepBuffer), device);
        Ratings = Floats(CollectionsMarshal.AsSpan(RatingBuffer), device);
    }
}

/// <summary>The ratings of a training set as steps of its users and of its items.</summary>
/// <param name="ofUsers">A row per user: items in order of time.</param>
/// <param name="ofItems">A row per item: users in order of time.</param>
/// <param name="users">The steps of users.</param>
/// <param name="items">The steps of items.</param>
/// <param name="statistics">Reads five saved numbers: the mean rating, and the mean and standard deviation of the clock of users and of the clock of items.</param>
internal sealed class RrnTimeline(SparseRows ofUsers, SparseRows ofItems, RatingSteps users, RatingSteps items, Func<double[]> statistics)
{
    private double[]? read;

    /// <summary>The mean rating; an LSTM reads ratings minus this mean.</summary>
    public float Mean => (float)Statistics[0];

    private double[] Statistics => read ??= statistics();

    /// <summary>The steps of users, or of items.</summary>
    public RatingSteps Steps(bool isOfUsers) => isOfUsers ? users : items;

    /// <summary>The scale of the clock of users, or of items.</summary>
    public (double Mean, double Deviation) Clock(bool isOfUsers) => isOfUsers ? (Statistics[1], Statistics[2]) : (Statistics[3], Statistics[4]);

    /// <summary>Reads the statistics again at their next use: they may have been loaded.</summary>
    public void Refresh() => read = null;

    /// <summary>Users, or items, with their tokens and ratings.</summary>
    /// <param name="isOfUsers">Which side.</param>
    /// <param name="rows">Who.</param>
    /// <param name="isFirst">See <see cref="RrnBatch.IsFirst"/>.</param>
    public RrnBatch Batch(bool isOfUsers, ReadOnlySpan<int> rows, bool isFirst)
    {
        var (ratings, own, other) = isOfUsers ? (ofUsers, users, items) : (ofItems, items, users);
        var longest = 0;
        foreach (var row in rows)
        {
            longest = Math.Max(longest, own.StepsOf(row));
        }

        var (clock, mean) = (Clock(isOfUsers), Mean);
        var batch = new RrnBatch { IsOfUsers = isOfUsers, IsFirst = isFirst, Tokens = new RrnTokens(ratings.ColumnCount), Sequences = rows.Length };
        foreach (var row in rows)
        {
            for (var place = 0; place < longest; place++)
            {
                if (place < own.StepsOf(row))
                {
                    Add(batch, ratings, own, other, row, own.FirstOf(row) + place, clock, mean);
                }
                else
                {
                    batch.Tokens.AddNothing();
                }
            }
        }

        batch.Count = batch.RatingBuffer.Count;
        return batch;
    }

    private static void Add(RrnBatch batch, SparseRows ratings, RatingSteps own, RatingSteps other, int row, int step, (double Mean, double Deviation) clock, float mean)
    {
        batch.Tokens.Add(own, step == own.FirstOf(row) ? -1 : step - 1, own.Stretch(step), clock, 0, mean);
        var (first, end) = (own.Entries(step).Start.Value, own.Entries(step).End.Value);
        for (var entry = first; entry < end; entry++)
        {
            batch.PlaceBuffer.Add(batch.Tokens.Count - 1);
            batch.OwnerBuffer.Add(row);
            batch.OtherBuffer.Add(ratings.Columns[entry]);
            batch.OtherStepBuffer.Add(other.Latest(ratings.Columns[entry], other.At(ratings.Times[entry])));
            batch.RatingBuffer.Add(ratings.Values[entry]);
        }
    }
}

/// <summary>An epoch: a pass over the users, then one over the items unless only the stationary part learns. A batch holds users, or items, with similar numbers of steps, so that it has little padding.</summary>
/// <param name="timeline">The ratings.</param>
/// <param name="batchSize">Users, or items, per batch.</param>
/// <param name="bothSides">Whether there is a pass over the items.</param>
internal sealed class RrnSource(RrnTimeline timeline, int batchSize, bool bothSides) : IBatchSource<RrnBatch>
{
    /// <inheritdoc/>
    public int BatchesAnEpoch => Sides.Sum(side => ShuffledBatches.Count(Rows(side).Length, batchSize));

    private bool[] Sides => bothSides ? [true, false] : [true];

    /// <inheritdoc/>
    public IEnumerable<RrnBatch> Epoch(SeededRandom random)
    {
        foreach (var side in Sides)
        {
            var rows = Rows(side);
            random.Shuffle<int>(rows);
            int[] byLength = [.. rows.OrderBy(timeline.Steps(side).StepsOf)]; // a stable sort: rows of equal length stay shuffled
            int[] starts = [.. Enumerable.Range(0, ShuffledBatches.Count(rows.Length, batchSize)).Select(batch => batch * batchSize)];
            random.Shuffle<int>(starts);
            for (var batch = 0; batch < starts.Length; batch++)
            {
                yield return timeline.Batch(side, byLength.AsSpan(starts[batch], Math.Min(batchSize, rows.Length - starts[batch])), batch == 0);
            }
        }
    }

    private int[] Rows(bool side) => [.. Enumerable.Range(0, timeline.Steps(side).RowCount).Where(row => timeline.Steps(side).StepsOf(row) > 0)];
}
