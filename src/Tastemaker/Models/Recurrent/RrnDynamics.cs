using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Native;
using Tastemaker.Scoring;
using static TorchSharp.torch;

namespace Tastemaker.Models.Recurrent;

/// <summary>The two LSTMs of RRN over the steps of users and items, and the states that they leave.</summary>
internal sealed class RrnDynamics : nn.Module
{
    private const double MicrosecondsPerDay = 86_400e6;
    private const int RowsAtOnce = 256;

    private readonly RrnOptions options;
    private readonly ModelShape shape;
    private readonly EventHistories histories;
    private readonly RrnSide users;
    private readonly RrnSide items;
    private readonly Tensor statistics; // of the training data: mean rating, mean and standard deviation of the clock of users and of items; loaded with the weights
    private readonly Tensor?[] frozen = new Tensor?[2]; // vectors of all steps [steps, d], of items and of users
    private (Tensor H, Tensor C)[] states = []; // of all steps of items, and of users, once trained
    private KeptStates<float[]> kept = new(); // of users who asked: h and c at their last step

    public RrnDynamics(RrnOptions options, ModelShape shape)
        : base(nameof(RrnDynamics))
    {
        (this.options, this.shape) = (options, shape);
        histories = shape.Get<EventHistories>();
        var (ofUsers, ofItems) = (Steps(histories.ByUser, options.UserStepDays), Steps(histories.ByItem, options.ItemStepDays));
        var mean = options.Biases && histories.ByUser.EntryCount > 0 ? histories.ByUser.Values.ToArray().Average() : 0;
        statistics = tensor(new[] { mean, ofUsers.Clock().Mean, ofUsers.Clock().Deviation, ofItems.Clock().Mean, ofItems.Clock().Deviation });
        Timeline = new RrnTimeline(histories.ByUser, histories.ByItem, ofUsers, ofItems, () => statistics.ToValues<double>());
        users = new RrnSide(shape.Items, options.Embedding, options.Units, options.DynamicDimension);
        items = new RrnSide(shape.Users, options.Embedding, options.Units, options.DynamicDimension);
        RegisterComponents();
    }

    /// <summary>The ratings as steps.</summary>
    public RrnTimeline Timeline { get; }

    /// <summary>The time of the last rating.</summary>
    public long Until => histories.Until;

    /// <summary>The mean training rating; 0 where there are no biases.</summary>
    public float Mean => Timeline.Mean;

    /// <summary>Makes what the LSTMs read of an item, and of a user, begin at the stationary vectors, as far as there is room: then a step says from the start where its ratings point.</summary>
    public void BeginAt(Tensor ofUsers, Tensor ofItems)
    {
        users.BeginAt(ofItems);
        items.BeginAt(ofUsers);
    }

    /// <summary>The vectors of the states that predict the ratings of a batch [n, d].</summary>
    public Tensor Vectors(RrnBatch batch)
    {
        var side = Side(batch.IsOfUsers);
        return side.Vectors(side.States(batch.Tokens, batch.Sequences).H.index_select(0, batch.Places));
    }

    /// <summary>The vectors of some steps of the frozen side [n, d].</summary>
    public Tensor Frozen(bool ofUsers, Tensor steps) => frozen[Index(ofUsers)]!.index_select(0, steps);

    /// <summary>Freezes a side: its vectors are computed once, and have no gradient.</summary>
    public void Freeze(bool ofUsers)
    {
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        frozen[Index(ofUsers)]?.Dispose();
        frozen[Index(ofUsers)] = Side(ofUsers).Vectors(AllStates(ofUsers).H).DetachFromDisposeScope();
    }

    /// <summary>Forgets the vectors of frozen sides.</summary>
    public void Thaw()
    {
        foreach (var side in new[] { 0, 1 })
        {
            frozen[side]?.Dispose();
            frozen[side] = null;
        }
    }

    /// <summary>Computes the states of all steps.</summary>
    public void Prepare()
    {
        Drop();
        kept = new KeptStates<float[]>();
        Timeline.Refresh();
        states = options.Dynamic ? [Kept(AllStates(false)), Kept(AllStates(true))] : [];

        static (Tensor H, Tensor C) Kept((Tensor H, Tensor C) of) => (of.H.DetachFromDisposeScope(), of.C.DetachFromDisposeScope());
    }

    /// <summary>The vectors of users, or of items, at times [n, d]: by the state of that step, or advanced to it from the last one before. Each is computed once.</summary>
    /// <param name="isOfUsers">Which side.</param>
    /// <param name="rows">Who; -1 for someone unknown.</param>
    /// <param name="times">When.</param>
    public Tensor At(bool isOfUsers, int[] rows, long[] times)
    {
        if (!options.Dynamic)
        {
            return zeros(rows.Length, options.DynamicDimension, device: Side(isOfUsers).Device);
        }

        var (steps, side, (h, c)) = (Timeline.Steps(isOfUsers), Side(isOfUsers), states[Index(isOfUsers)]);
        var (known, queries, places) = (new Dictionary<(int Row, long Stretch), int>(), new List<(int Step, long Stretch)>(), new int[rows.Length]);
        for (var pair = 0; pair < rows.Length; pair++)
        {
            var key = (rows[pair], steps.At(times[pair]));
            if (!known.TryGetValue(key, out places[pair]))
            {
                known[key] = places[pair] = queries.Count;
                queries.Add((rows[pair] < 0 ? -1 : steps.Latest(rows[pair], key.Item2), key.Item2));
            }
        }

        var tokens = new RrnTokens(isOfUsers ? shape.Items : shape.Users);
        foreach (var (step, stretch) in queries)
        {
            tokens.Add(steps, step, stretch, Timeline.Clock(isOfUsers), shape.MaximumValue, Mean);
        }

        var at = tensor(queries.Select(query => Math.Max(0, query.Step)).ToArray(), device: side.Device);
        var isNew = tensor(queries.Select(query => query.Step < 0).ToArray(), device: side.Device).unsqueeze(1);
        var isThere = tensor(queries.Select(query => query.Step >= 0 && steps.Stretch(query.Step) == query.Stretch).ToArray(), device: side.Device).unsqueeze(1);
        var (before, cell) = steps.Count == 0 ? (zeros(queries.Count, options.Units, device: side.Device), zeros(queries.Count, options.Units, device: side.Device)) : (h.index_select(0, at), c.index_select(0, at));
        var advanced = side.Advance(tokens, (before.masked_fill(isNew, 0), cell.masked_fill(isNew, 0))).H;
        return side.Vectors(where(isThere, before, advanced)).index_select(0, tensor(places, device: side.Device));
    }

    /// <summary>The vectors that requests' histories lead to, read to their ends [requests, d].</summary>
    public Tensor OfRequests(RequestBatch requests)
    {
        var vectors = zeros(requests.Count, options.DynamicDimension, device: users.Device);
        for (var first = 0; options.Dynamic && first < requests.Count; first += RowsAtOnce)
        {
            using var scope = NewDisposeScope();
            var some = requests.Slice(first, Math.Min(RowsAtOnce, requests.Count - first));
            vectors.narrow(0, first, some.Count).copy_(users.Vectors(LastStates(some)));
        }

        return vectors;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Thaw();
        Drop();
        base.Dispose(disposing);
    }

    private static int Index(bool ofUsers) => ofUsers ? 1 : 0;

    private RrnSide Side(bool ofUsers) => ofUsers ? users : items;

    private RatingSteps Steps(SparseRows rows, double days) => new(rows, (long)(days * MicrosecondsPerDay), histories.Until);

    private void Drop()
    {
        foreach (var (h, c) in states)
        {
            h.Dispose();
            c.Dispose();
        }

        states = [];
    }

    // The states of all steps of a side [steps, units].
    private (Tensor H, Tensor C) AllStates(bool isOfUsers)
    {
        var (steps, side) = (Timeline.Steps(isOfUsers), Side(isOfUsers));
        var (h, c) = (zeros(steps.Count, options.Units, device: side.Device), zeros(steps.Count, options.Units, device: side.Device));
        foreach (var rows in Enumerable.Range(0, steps.RowCount).Where(row => steps.StepsOf(row) > 0).OrderBy(steps.StepsOf).Chunk(RowsAtOnce))
        {
            using var scope = NewDisposeScope();
            using var batch = Timeline.Batch(isOfUsers, rows, false);
            var (ofH, ofC) = side.States(batch.Tokens, rows.Length);
            var (longest, places, targets) = (steps.StepsOf(rows[^1]), new List<long>(), new List<long>());
            for (var row = 0; row < rows.Length; row++)
            {
                places.AddRange(Enumerable.Range(row * longest, steps.StepsOf(rows[row])).Select(place => (long)place));
                targets.AddRange(Enumerable.Range(steps.FirstOf(rows[row]), steps.StepsOf(rows[row])).Select(step => (long)step));
            }

            var (from, to) = (tensor(places.ToArray(), device: side.Device), tensor(targets.ToArray(), device: side.Device));
            h.index_copy_(0, to, ofH.index_select(0, from));
            c.index_copy_(0, to, ofC.index_select(0, from));
        }

        return (h, c);
    }

    private Tensor LastStates(RequestBatch requests)
    {
        var steps = Steps(Rows(requests), options.UserStepDays);
        if (requests.Count == 1)
        {
            return Advanced(steps);
        }

        var longest = Enumerable.Range(0, requests.Count).Max(steps.StepsOf) + 1;
        var (tokens, last) = (new RrnTokens(shape.Items), new List<long>());
        for (var request = 0; request < requests.Count; request++)
        {
            for (var place = 0; place < longest; place++)
            {
                AddToken(tokens, steps, request, place);
            }

            last.Add((request * (long)longest) + steps.StepsOf(request));
        }

        return users.States(tokens, requests.Count).H.index_select(0, tensor(last.ToArray(), device: users.Device));
    }

    // Of one request: goes on from the longest beginning whose state is known, a step at a time, so that the last bit does not depend on where it begins. What is kept is the state at the last step, which
    // further ratings of that step do not change.
    private Tensor Advanced(RatingSteps steps)
    {
        var (beginnings, units) = (Beginnings(steps), options.Units);
        var (place, known) = kept.Longest(beginnings);
        var before = known is null ? zeros(2, 1, units, device: users.Device) : tensor(known, device: users.Device).view(2, 1, units);
        var state = (H: before[0], C: before[1]);
        for (var next = place + 1; next <= beginnings.Length; next++)
        {
            var token = new RrnTokens(shape.Items);
            AddToken(token, steps, 0, next);
            state = users.Advance(token, state);
            if (next == beginnings.Length - 1)
            {
                kept.Keep(beginnings[next], [.. Queries.Floats(state.H), .. Queries.Floats(state.C)], place < 0 ? null : beginnings[place]);
            }
        }

        return state.H;
    }

    // A step's token reads the step before; the one behind the last step is of the end of training, or of the last step where that is later.
    private void AddToken(RrnTokens tokens, RatingSteps steps, int request, int place)
    {
        var (count, from) = (steps.StepsOf(request), steps.FirstOf(request));
        if (place > count)
        {
            tokens.AddNothing();
            return;
        }

        var now = place < count ? steps.Stretch(from + place) : Math.Max(steps.At(histories.Until), count == 0 ? long.MinValue : steps.Stretch(from + count - 1));
        tokens.Add(steps, place == 0 ? -1 : from + place - 1, now, Timeline.Clock(true), shape.MaximumValue, Mean);
    }

    // What the state at each step follows from: the ratings of the steps before it, and when they and it are.
    private UInt128[] Beginnings(RatingSteps steps)
    {
        var (identity, all) = (new HistoryIdentity(0), new UInt128[steps.Count]);
        for (var step = 0; step < all.Length; step++)
        {
            identity.Add(steps.Stretch(step));
            all[step] = identity.Value;
            var others = steps.Others(step);
            var ratings = steps.Ratings(step);
            for (var entry = 0; entry < others.Length; entry++)
            {
                identity.Add(((long)others[entry] << 32) | BitConverter.SingleToUInt32Bits(ratings.IsEmpty ? shape.MaximumValue : ratings[entry]));
            }
        }

        return all;
    }

    // What has no times happened at the end of training.
    private SparseRows Rows(RequestBatch requests)
    {
        var (offsets, columns, values, times) = (new int[requests.Count + 1], new List<int>(), new List<float>(), new List<long>());
        for (var request = 0; request < requests.Count; request++)
        {
            columns.AddRange(requests.History(request));
            values.AddRange(requests.HistoryValues(request));
            times.AddRange(requests.HistoryTimes(request) is { IsEmpty: false } known ? known.ToArray() : Enumerable.Repeat(histories.Until, requests.History(request).Length));
            offsets[request + 1] = columns.Count;
        }

        return new SparseRows(offsets, [.. columns], 0, requests.HasValues ? [.. values] : null, [.. times]);
    }
}
