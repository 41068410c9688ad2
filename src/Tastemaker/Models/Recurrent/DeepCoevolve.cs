using System.Runtime.InteropServices;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Native;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Systems;
using Tastemaker.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Recurrent;

/// <summary>
/// DeepCoevolve: every pair of user and item has a point process with intensity lambda(t) = c (t - t'), where t' is the last event of the user or the item and c = exp(f_u . g_i): waiting times have a Rayleigh distribution. An event changes
/// the vectors f_u and g_i, depending on the elapsed time (drift), the own vector, the vector of the other side just before the event (co-evolution) and features of the event. Maximizes the likelihood of all events; an event ends the
/// waiting intervals of many pairs, of which some are sampled. Ranks items at a time by intensity, and items of a request, which has no time, by c; expects an event of a pair at t' + sqrt(pi / 2c). States continue from window to
/// window, as when the training events are replayed before answering; public code resets them at each window. A vector is the sum of a learned vector and a state that starts at 0; if only the initial state were learned, it would
/// have a gradient in the first window alone. Intervals that are still open at the end of the log are not in the loss. The intensity of an item that was just consumed is 0, which suits films but not songs.
/// </summary>
internal sealed class DeepCoevolve : Model, IEventModel
{
    private const int ReplayWindow = 4096;
    private const int MostStates = 2000; // each holds all that the user's events have changed

    private readonly DeepCoevolveOptions options;
    private readonly EventLog log;
    private readonly EventSource source;
    private readonly double unit;
    private readonly EmbeddingTable users;
    private readonly EmbeddingTable items;
    private readonly CoevolutionStep userStep;
    private readonly CoevolutionStep itemStep;
    private readonly Parameter bias; // added to f . g: the base level of log c
    private (Tensor Users, Tensor Items) carried; // states at the start of the next window
    private CoevolutionStream? final; // after all training events
    private KeptStates<CoevolutionStream> kept = new(MostStates); // of users who have had events since
    private HashSet<(int User, int Item, long Time)> learned = []; // the training events

    public DeepCoevolve(DeepCoevolveOptions options, ModelShape shape)
        : base(nameof(DeepCoevolve), shape, options)
    {
        this.options = options;
        log = shape.Get<EventLog>();
        unit = log.MedianGap();
        source = new EventSource(log, shape, options, unit);
        users = new EmbeddingTable(shape.Users, options.Dimension, Initializers.Normal(0.1)) { AlwaysWhole = true };
        items = new EmbeddingTable(shape.Items, options.Dimension, Initializers.Normal(0.1)) { AlwaysWhole = true };
        (userStep, itemStep) = (new CoevolutionStep(options, log.Columns.Count), new CoevolutionStep(options, log.Columns.Count));
        bias = nn.Parameter(full(1, CommonExponent()));
        RegisterComponents();
        Scorer = new CatalogScorer(Affinities);
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<DeepCoevolveOptions>((options, shape) => new DeepCoevolve(options, shape))
    {
        Id = "deep-coevolve",
        Name = "DeepCoevolve",
        Family = "Recurrent",
        Summary = "The next item and when: point processes whose intensities follow recurrent states of users and items.",
        Paper = "H. Dai, Y. Wang, R. Trivedi and L. Song: Recurrent Coevolutionary Latent Feature Processes for Continuous-Time Recommendation. DLRS 2016 (arXiv 1609.03675).",
        Answers = Capabilities.KnownUsers,
        RecommendsSeen = true,
        FollowsUsers = true,
        Inputs = [new EventLog.Input<DeepCoevolveOptions>(options => options.EventColumns)],
        Derive = (options, train) => options with { Window = options.Window ?? Math.Clamp(4 * EventLog.Of(train, []).MedianEventsBetween(), 100, 5000) },
        Check = (options, _) => DemandNoBatchSize(options),
    };

    /// <summary>The score that ranks items.</summary>
    public CoevolutionRank RankBy => options.RankBy;

    /// <summary>The training events in windows; converts times to units.</summary>
    public EventSource Source => source;

    /// <summary>Microseconds of a unit of time: the median gap between events of a user.</summary>
    public double Unit => unit;

    /// <inheritdoc/>
    public override EpochPlan Plan => new(options.Epochs);

    /// <inheritdoc/>
    public override Scorer Scorer { get; }

    /// <inheritdoc/>
    public override GradientTraining<EventWindow> Begin(TrainingSet train, TrainingOptions run) => new(this, options, run, source, Loss)
    {
        StepDone = _ => ShortenStarts(),
        MoreUpdates = "lower window or raise epochs",
        Ended = DropCarried,
    };

    /// <summary>Minus the log likelihood per event of a window; where the states of users and items stand after it is kept for the next.</summary>
    public Tensor Loss(EventWindow window)
    {
        var (h, k, f, g) = Unroll(window);
        Carry(window, h, k);
        var device = users.Weight.device;
        var own = Exponents(f, g, window.UserReads, window.ItemReads);
        var pairs = Exponents(f, g, window.Pairs.Select(pair => pair.User), window.Pairs.Select(pair => pair.Item)).exp();
        var survival = pairs * tensor(window.Pairs.Select(pair => pair.Weight * pair.Elapsed * pair.Elapsed / 2).ToArray(), device: device);
        return (survival.sum() - own.sum() - EventWindow.Numbers(window.OwnElapsed, device).log().sum()) / window.Count;
    }

    /// <summary>The states of a window, numbered as in <see cref="EventWindow"/>, and the vectors F and G: states plus learned vectors.</summary>
    private (Tensor Users, Tensor Items, Tensor F, Tensor G) Unroll(EventWindow window)
    {
        var device = users.Weight.device;
        var (h, k) = (Start(carried.Users, window.UserBuffer, window.UserHasPast, window.IsFirst), Start(carried.Items, window.ItemBuffer, window.ItemHasPast, window.IsFirst));
        var made = window.Waves.SelectMany(wave => wave).ToList();
        var e = users.Weight.index_select(0, EventWindow.Indexes(window.UserBuffer.Concat(made.Select(of => window.Users[of])), device));
        var d = items.Weight.index_select(0, EventWindow.Indexes(window.ItemBuffer.Concat(made.Select(of => window.Items[of])), device));
        var columns = log.Columns.Count;
        foreach (var wave in window.Waves)
        {
            var (u, i) = (EventWindow.Indexes(wave.Select(of => window.UserReads[of]), device), EventWindow.Indexes(wave.Select(of => window.ItemReads[of]), device));
            var told = tensor(wave.SelectMany(of => CollectionsMarshal.AsSpan(window.Features).Slice(of * columns, columns).ToArray()).ToArray(), device: device).view(wave.Length, columns);
            var ofUsers = tensor(wave.Select(of => window.Elapsed[of].OfUser).ToArray(), device: device).unsqueeze(1);
            var ofItems = tensor(wave.Select(of => window.Elapsed[of].OfItem).ToArray(), device: device).unsqueeze(1);
            var (ofU, ofI) = (h.index_select(0, u), k.index_select(0, i));
            var (f, g) = (ofU + e.index_select(0, u), ofI + d.index_select(0, i)); // both sides read what was before
            (h, k) = (cat([h, Evolved(userStep, ofU, g, ofUsers, told)]), cat([k, Evolved(itemStep, ofI, f, ofItems, told)]));
        }

        return (h, k, h + e, k + d);
    }

    private Tensor Evolved(CoevolutionStep step, Tensor own, Tensor other, Tensor elapsed, Tensor told) => options.Evolution ? step.Next(own, other, elapsed, told) : own;

    /// <inheritdoc/>
    public IEventStream Begin()
    {
        MakeReady();
        return final!.Copy();
    }

    /// <inheritdoc/>
    public IEventStream After(RequestBatch requests, int request)
    {
        MakeReady();
        return Moment(requests, request).Copy();
    }

    /// <summary>The vectors of a user and an item after an event.</summary>
    /// <param name="user">The user.</param>
    /// <param name="item">The item.</param>
    /// <param name="own">The user's vector before [K], overwritten.</param>
    /// <param name="other">The item's, overwritten.</param>
    /// <param name="ofUser">Units of time since the user's last event.</param>
    /// <param name="ofItem">Since the item's.</param>
    public void Step(int user, int item, Span<float> own, Span<float> other, double ofUser, double ofItem)
    {
        if (!options.Evolution)
        {
            return;
        }

        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var (f, g, told) = (tensor(own.ToArray()).unsqueeze(0), tensor(other.ToArray()).unsqueeze(0), zeros(1, log.Columns.Count));
        var (e, d) = (users.Weight.narrow(0, user, 1), items.Weight.narrow(0, item, 1));
        (userStep.Next(f - e, g, full(1, 1, (float)ofUser), told) + e).CopyValues(own);
        (itemStep.Next(g - d, f, full(1, 1, (float)ofItem), told) + d).CopyValues(other);
    }

    /// <inheritdoc/>
    protected override void Prepare()
    {
        DropCarried();
        var clock = new EventClock(Shape.Users, Shape.Items);
        foreach (var window in source.Windows(ReplayWindow, null))
        {
            using var scope = NewDisposeScope();
            var (h, k, _, _) = Unroll(window);
            Carry(window, h, k);
        }

        for (var e = 0; e < log.Count; e++)
        {
            clock.Set(log.Users[e], log.Items[e], source.Time(log.Times[e]));
        }

        var (ofUsers, ofItems) = log.Count == 0 ? (users.Weight, (Tensor)items.Weight) : (users.Weight + carried.Users, items.Weight + carried.Items);
        final = new CoevolutionStream(this, new CoevolutionStates(Queries.Floats(ofUsers), Queries.Floats(ofItems), clock, bias.item<float>()), log.Until);
        (kept, learned) = (new KeptStates<CoevolutionStream>(MostStates), [.. Enumerable.Range(0, log.Count).Select(e => (log.Users[e], log.Items[e], log.Times[e]))]);
        DropCarried();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        DropCarried();
        base.Dispose(disposing);
    }

    private static void DemandNoBatchSize(DeepCoevolveOptions options)
    {
        if (options.BatchSize is { } size)
        {
            throw new InputException($"DeepCoevolve has no batches, so that batch-size {size} would have no effect: each update learns from a window of successive events. Set window instead.");
        }
    }

    // log c where all pairs have the same, by maximum likelihood: events over the sum of (t - t')^2 / 2, of drawn pairs.
    private float CommonExponent()
    {
        var sum = source.Windows(options.EventsPerWindow, new SeededRandom(0)).Sum(window => window.Pairs.Sum(pair => pair.Weight * (double)pair.Elapsed * pair.Elapsed / 2));
        return sum > 0 ? (float)Math.Log(log.Count / sum) : 0;
    }

    private Tensor Start(Tensor? carried, List<int> rows, List<bool> hasPast, bool isFirst) => isFirst || carried is null
        ? zeros(rows.Count, options.Dimension, device: users.Weight.device)
        : carried.index_select(0, EventWindow.Indexes(rows, carried.device)) * tensor(hasPast.ToArray(), device: carried.device).unsqueeze(1);

    // log c of pairs.
    private Tensor Exponents(Tensor f, Tensor g, IEnumerable<int> ofUsers, IEnumerable<int> ofItems)
    {
        var products = (f.index_select(0, EventWindow.Indexes(ofUsers, f.device)) * g.index_select(0, EventWindow.Indexes(ofItems, f.device))).sum(1);
        return products.clamp_max(CoevolutionStream.MostExponent) + (products - CoevolutionStream.MostExponent).clamp_min(0).log1p() + bias;
    }

    private void Carry(EventWindow window, Tensor f, Tensor g)
    {
        using var grad = no_grad();
        if (window.IsFirst || carried.Users is null)
        {
            DropCarried();
            carried = (zeros_like(users.Weight, requires_grad: false).DetachFromDisposeScope(), zeros_like(items.Weight, requires_grad: false).DetachFromDisposeScope());
        }

        carried.Users!.index_copy_(0, EventWindow.Indexes(window.UserBuffer, f.device), f.detach().index_select(0, EventWindow.Indexes(window.UserLast, f.device)));
        carried.Items.index_copy_(0, EventWindow.Indexes(window.ItemBuffer, f.device), g.detach().index_select(0, EventWindow.Indexes(window.ItemLast, f.device)));
    }

    private void DropCarried()
    {
        carried.Users?.Dispose();
        carried.Items?.Dispose();
        carried = default;
    }

    private void ShortenStarts()
    {
        foreach (var table in options.MaximumNorm > 0 ? [users.Weight, items.Weight] : Array.Empty<Parameter>())
        {
            using var scope = NewDisposeScope();
            table.mul_((options.MaximumNorm / table.norm(1, keepdim: true).clamp_min(1e-12)).clamp_max(1));
        }
    }

    private void Affinities(RequestBatch requests, Span<float> scores)
    {
        for (var request = 0; request < requests.Count; request++)
        {
            Moment(requests, request).Affinities(Math.Max(0, requests.Users[request]), scores.Slice(request * Shape.Items, Shape.Items));
        }
    }

    // Users whose history holds more than the training data are advanced by it, also where others had later events in training. The stream that is returned may be kept for others: it must not observe anything.
    private CoevolutionStream Moment(RequestBatch requests, int request)
    {
        var (user, items, times) = (Math.Max(0, requests.Users[request]), requests.History(request).ToArray(), requests.HistoryTimes(request).ToArray());
        int[] newer = [.. Enumerable.Range(0, times.Length).Where(place => !learned.Contains((user, items[place], times[place])))];
        var (identity, beginnings) = (new HistoryIdentity(user), new UInt128[newer.Length]);
        for (var place = 0; place < newer.Length; place++)
        {
            identity.Add(items[newer[place]]);
            identity.Add(times[newer[place]]);
            beginnings[place] = identity.Value;
        }

        var (last, known) = kept.Longest(beginnings);
        if (last + 1 == newer.Length)
        {
            return known ?? final!;
        }

        var stream = (known ?? final!).Copy();
        foreach (var place in newer.Skip(last + 1))
        {
            stream.Observe(user, items[place], times[place]);
        }

        kept.Keep(beginnings[^1], stream, last < 0 ? null : beginnings[last]);
        return stream;
    }
}
