using System.Runtime.InteropServices;
using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Inputs;
using static TorchSharp.torch;

namespace Tastemaker.Models.Recurrent;

/// <summary>The time of the last event of each user and of each item, in units of time after the first event of the log; 0 for those without an event.</summary>
/// <param name="users">Number of users.</param>
/// <param name="items">Number of items.</param>
internal sealed class EventClock(int users, int items)
{
    private readonly double[] ofUsers = new double[users];
    private readonly double[] ofItems = new double[items];

    /// <summary>Lower bound of t - t' of a pair: at t = t' the intensity would be 0 and its logarithm infinite.</summary>
    public const double Least = 0.01;

    /// <summary>Time since the user's last event.</summary>
    public double OfUser(int user, double now) => Math.Max(0, now - ofUsers[user]);

    /// <summary>Time since the item's last event.</summary>
    public double OfItem(int item, double now) => Math.Max(0, now - ofItems[item]);

    /// <summary>t - t': time since the last event of either.</summary>
    public double OfPair(int user, int item, double now) => Math.Max(Least, now - Math.Max(ofUsers[user], ofItems[item]));

    /// <summary>When a user had the last event.</summary>
    public double LastOfUser(int user) => ofUsers[user];

    /// <summary>When an item had the last event.</summary>
    public double LastOfItem(int item) => ofItems[item];

    /// <summary>Records an event.</summary>
    public void Set(int user, int item, double now) => (ofUsers[user], ofItems[item]) = (now, now);
}

/// <summary>
/// Successive events of all users and items. Each event changes the states of its user and its item. The states of users in a window are numbered: first the states at the start of the window, then the new states that its events make;
/// those of items likewise. Which states an event reads is known before any state is computed. Events that do not depend on each other form a wave, and the states of a wave are computed together.
/// </summary>
internal sealed class EventWindow : Batch
{
    private readonly Dictionary<int, int> userRows = [];
    private readonly Dictionary<int, int> itemRows = [];

    /// <summary>The users whose states at the start of the window are read [n].</summary>
    public List<int> UserBuffer { get; } = [];

    /// <summary>Whether each of <see cref="UserBuffer"/> had an event before the window.</summary>
    public List<bool> UserHasPast { get; } = [];

    /// <summary>The items whose states at the start of the window are read [m].</summary>
    public List<int> ItemBuffer { get; } = [];

    /// <summary>Whether each of <see cref="ItemBuffer"/> had an event before the window.</summary>
    public List<bool> ItemHasPast { get; } = [];

    /// <summary>The user of each event.</summary>
    public List<int> Users { get; } = [];

    /// <summary>The item of each event.</summary>
    public List<int> Items { get; } = [];

    /// <summary>For each wave, the indexes of its events in the window.</summary>
    public List<int[]> Waves { get; } = [];

    /// <summary>For each event, the state of its user that it reads, by number.</summary>
    public List<int> UserReads { get; } = [];

    /// <summary>For each event, the state of its item that it reads, by number.</summary>
    public List<int> ItemReads { get; } = [];

    /// <summary>For each event, the time since the last event of its user, and since that of its item.</summary>
    public List<(float OfUser, float OfItem)> Elapsed { get; } = [];

    /// <summary>The numeric features of each event [events x columns].</summary>
    public List<float> Features { get; } = [];

    /// <summary>The pairs whose survival terms are in the loss: the numbers of their states, t - t', and the weight of the term.</summary>
    public List<(int User, int Item, float Elapsed, float Weight)> Pairs { get; } = [];

    /// <summary>For each event, t - t' of its pair: the time since the last event of its user or its item, whichever is later.</summary>
    public List<float> OwnElapsed { get; } = [];

    /// <summary>Whether it is the first window of a pass: no user or item has had an event.</summary>
    public bool IsFirst { get; init; }

    /// <summary>For each of <see cref="UserBuffer"/>, the number of its state after the window.</summary>
    public List<int> UserLast { get; } = [];

    /// <summary>For each of <see cref="ItemBuffer"/>, the number of its state after the window.</summary>
    public List<int> ItemLast { get; } = [];

    /// <summary>The index of a user in <see cref="UserBuffer"/>, added where it is new.</summary>
    public int UserRow(int user, Func<int, bool> hasPast) => Row(user, hasPast, userRows, UserBuffer, UserHasPast, UserLast);

    /// <summary>The index of an item in <see cref="ItemBuffer"/>, added where it is new.</summary>
    public int ItemRow(int item, Func<int, bool> hasPast) => Row(item, hasPast, itemRows, ItemBuffer, ItemHasPast, ItemLast);

    /// <inheritdoc/>
    public override void Load(Device device)
    {
    }

    /// <summary>Indexes as a tensor of int64.</summary>
    public static Tensor Indexes(IEnumerable<int> values, Device device) => tensor(values.Select(value => (long)value).ToArray(), device: device);

    /// <summary>Values as a tensor of float32.</summary>
    public static Tensor Numbers(List<float> values, Device device) => tensor(CollectionsMarshal.AsSpan(values).ToArray(), device: device);

    private static int Row(int who, Func<int, bool> hasPast, Dictionary<int, int> rows, List<int> buffer, List<bool> past, List<int> last)
    {
        if (!rows.TryGetValue(who, out var row))
        {
            rows[who] = row = buffer.Count;
            buffer.Add(who);
            past.Add(hasPast(who));
            last.Add(row);
        }

        return row;
    }
}

/// <summary>The events of a log in windows, in order of time. Nothing is shuffled, because states depend on the order.</summary>
/// <param name="log">The events.</param>
/// <param name="shape">Numbers of users and items.</param>
/// <param name="options">Size of windows and number of sampled pairs.</param>
/// <param name="unit">Microseconds of a unit of time.</param>
internal sealed class EventSource(EventLog log, ModelShape shape, DeepCoevolveOptions options, double unit) : IBatchSource<EventWindow>
{
    /// <inheritdoc/>
    public int BatchesAnEpoch => ShuffledBatches.Count(log.Count, options.EventsPerWindow);

    /// <inheritdoc/>
    public IEnumerable<EventWindow> Epoch(SeededRandom random) => Windows(options.EventsPerWindow, random);

    /// <summary>The windows of a pass over the log; without a random stream they have no sampled pairs.</summary>
    public IEnumerable<EventWindow> Windows(int size, SeededRandom? random)
    {
        var clock = new EventClock(shape.Users, shape.Items);
        var (users, items) = (new bool[shape.Users], new bool[shape.Items]);
        for (var first = 0; first < log.Count; first += size)
        {
            var end = Math.Min(first + size, log.Count);
            var window = new EventWindow { Count = end - first, IsFirst = first == 0 };
            List<int> waveOf = [];
            for (var e = first; e < end; e++)
            {
                Add(window, waveOf, e, clock, user => users[user], item => items[item], random);
            }

            Order(window, waveOf);
            for (var e = first; e < end; e++)
            {
                (users[log.Users[e]], items[log.Items[e]]) = (true, true);
            }

            yield return window;
        }
    }

    /// <summary>The time of an event in units since the first.</summary>
    public double Time(long time) => log.Count == 0 ? 0 : (time - log.Times[0]) / unit;

    /// <summary>The time that lies some units after the first.</summary>
    public long TimeOf(double units) => (log.Count == 0 ? 0 : log.Times[0]) + (long)(units * unit);

    private void Add(EventWindow window, List<int> waveOf, int e, EventClock clock, Func<int, bool> userPast, Func<int, bool> itemPast, SeededRandom? random)
    {
        var (user, item, now) = (log.Users[e], log.Items[e], Time(log.Times[e]));
        var (u, i) = (window.UserRow(user, userPast), window.ItemRow(item, itemPast));
        if (random is not null)
        {
            Sample(window, user, item, now, clock, userPast, itemPast, random);
        }

        window.Users.Add(user);
        window.Items.Add(item);
        window.OwnElapsed.Add((float)clock.OfPair(user, item, now));
        window.UserReads.Add(window.UserLast[u]);
        window.ItemReads.Add(window.ItemLast[i]);
        window.Elapsed.Add(((float)clock.OfUser(user, now), (float)clock.OfItem(item, now)));
        window.Features.AddRange(log.Features.AsSpan(e * log.Columns.Count, log.Columns.Count));
        waveOf.Add(1 + Math.Max(WaveOf(window.UserLast[u]), WaveOf(window.ItemLast[i])));
        (window.UserLast[u], window.ItemLast[i]) = (-waveOf.Count, -waveOf.Count); // the state that event e makes is written as -(e + 1) until the states at the start are counted
        clock.Set(user, item, now);

        int WaveOf(int state) => state < 0 ? waveOf[-state - 1] : 0;
    }

    // The pair of the event, and sampled pairs of its item and of its user, weighted so that the sum is unbiased.
    private void Sample(EventWindow window, int user, int item, double now, EventClock clock, Func<int, bool> userPast, Func<int, bool> itemPast, SeededRandom random)
    {
        Survive(user, item, 1);
        for (var draw = 0; draw < options.UserNegatives && shape.Users > 1; draw++)
        {
            var other = random.Next(shape.Users - 1);
            Survive(other < user ? other : other + 1, item, options.Rescale ? (shape.Users - 1.0) / options.UserNegatives : 1);
        }

        for (var draw = 0; draw < options.ItemNegatives && shape.Items > 1; draw++)
        {
            var other = random.Next(shape.Items - 1);
            Survive(user, other < item ? other : other + 1, options.Rescale ? (shape.Items - 1.0) / options.ItemNegatives : 1);
        }

        void Survive(int who, int what, double weight)
        {
            var (u, i) = (window.UserRow(who, userPast), window.ItemRow(what, itemPast));
            window.Pairs.Add((window.UserLast[u], window.ItemLast[i], (float)clock.OfPair(who, what, now), (float)weight));
        }
    }

    // Numbers the states: those at the start of the window come first, then those that events make, wave by wave.
    private static void Order(EventWindow window, List<int> waveOf)
    {
        window.Waves.AddRange(waveOf.Index().GroupBy(e => e.Item).OrderBy(wave => wave.Key).Select(wave => wave.Select(e => e.Index).ToArray()));
        var place = new int[waveOf.Count];
        foreach (var (rank, e) in window.Waves.SelectMany(wave => wave).Index())
        {
            place[e] = rank;
        }

        Number(window.UserReads, window.UserBuffer.Count);
        Number(window.UserLast, window.UserBuffer.Count);
        Number(window.ItemReads, window.ItemBuffer.Count);
        Number(window.ItemLast, window.ItemBuffer.Count);
        for (var pair = 0; pair < window.Pairs.Count; pair++)
        {
            var (user, item, elapsed, weight) = window.Pairs[pair];
            window.Pairs[pair] = (State(user, window.UserBuffer.Count), State(item, window.ItemBuffer.Count), elapsed, weight);
        }

        void Number(List<int> states, int start)
        {
            for (var index = 0; index < states.Count; index++)
            {
                states[index] = State(states[index], start);
            }
        }

        int State(int state, int start) => state < 0 ? start + place[-state - 1] : state;
    }
}
