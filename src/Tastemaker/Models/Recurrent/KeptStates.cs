namespace Tastemaker.Models.Recurrent;

/// <summary>
/// States of histories that were answered a short while ago: a history that begins with one of them goes on from there, so that the answer to a live user costs a step per new event. Thread-safe; of more
/// states than there is room for, those that were not asked for lately go first.
/// </summary>
/// <typeparam name="T">A state, which nobody changes.</typeparam>
/// <param name="most">Most states.</param>
internal sealed class KeptStates<T>(int most = 20_000)
    where T : class
{
    private readonly Lock changing = new();
    private Dictionary<UInt128, T> recent = [];
    private Dictionary<UInt128, T> older = [];

    /// <summary>The longest beginning of a history whose state is known.</summary>
    /// <param name="beginnings">The identity of each beginning, shortest first; see <see cref="HistoryIdentity"/>.</param>
    /// <returns>Its place among the beginnings, and the state; -1 and null where none is known.</returns>
    public (int Place, T? State) Longest(ReadOnlySpan<UInt128> beginnings)
    {
        lock (changing)
        {
            for (var place = beginnings.Length - 1; place >= 0; place--)
            {
                if (recent.TryGetValue(beginnings[place], out var state))
                {
                    return (place, state);
                }

                if (older.TryGetValue(beginnings[place], out state))
                {
                    Put(beginnings[place], state);
                    return (place, state);
                }
            }
        }

        return (-1, null);
    }

    /// <summary>Keeps the state of a history.</summary>
    /// <param name="history">The identity of the history.</param>
    /// <param name="state">Its state.</param>
    /// <param name="before">The history that it continues, whose state goes: who goes on does not come back.</param>
    public void Keep(UInt128 history, T state, UInt128? before)
    {
        lock (changing)
        {
            if (before is { } earlier)
            {
                recent.Remove(earlier);
                older.Remove(earlier);
            }

            Put(history, state);
        }
    }

    private void Put(UInt128 history, T state)
    {
        if (recent.Count >= most / 2)
        {
            (older, recent) = (recent, []);
        }

        recent[history] = state;
    }
}

/// <summary>Tells histories apart by 128 bits that grow with each event: two histories that differ have the same with a probability of no account.</summary>
/// <param name="start">What else tells them apart, such as the user.</param>
internal struct HistoryIdentity(long start)
{
    private static readonly UInt128 Factor = new(0x9E3779B97F4A7C15, 0xF39CC0605CEDC835);

    // Far from all numbers of items: of a small one, some first item would leave nothing, and what follows it would look like a beginning.
    private static readonly UInt128 Start = new(0xD1B54A32D192ED03, 0x8CB92BA72F3D8DD7);

    /// <summary>The identity of all that was added.</summary>
    public UInt128 Value { get; private set; } = Start ^ (ulong)start;

    /// <summary>The identities of the first item, the first two items and so on.</summary>
    public static UInt128[] Beginnings(ReadOnlySpan<int> items)
    {
        var (identity, all) = (new HistoryIdentity(0), new UInt128[items.Length]);
        for (var place = 0; place < items.Length; place++)
        {
            identity.Add(items[place]);
            all[place] = identity.Value;
        }

        return all;
    }

    /// <summary>Adds what has happened.</summary>
    public void Add(long what)
    {
        Value = (Value ^ (ulong)what) * Factor;
        Value ^= Value >> 67;
    }
}
