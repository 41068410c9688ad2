namespace Tastemaker.Serving.Live;

/// <summary>The newest interactions of one user, by their numbers. Thread-safe.</summary>
/// <param name="longest">Most that are kept; older ones go first.</param>
internal sealed class LiveHistory(int longest)
{
    private LiveEvent[] events = [];

    /// <summary>Oldest first; not to be changed.</summary>
    public LiveEvent[] Events => Volatile.Read(ref events);

    /// <summary>When it was last asked for, in a count of such times.</summary>
    public long Used { get; set; }

    /// <summary>Done when all that the store has is here.</summary>
    public TaskCompletionSource? Loading { get; init; }

    /// <summary>Adds what happened, in the place of its number; once, however often it is told.</summary>
    public void Add(LiveEvent one)
    {
        for (var before = Events; With(before, one) is var after && !ReferenceEquals(after, before);)
        {
            var seen = Interlocked.CompareExchange(ref events, after, before);
            if (ReferenceEquals(seen, before))
            {
                return;
            }

            before = seen;
        }
    }

    /// <summary>Takes out events.</summary>
    /// <param name="isForgotten">Which.</param>
    public void Forget(Predicate<LiveEvent> isForgotten)
    {
        for (var before = Events; ;)
        {
            var seen = Interlocked.CompareExchange(ref events, [.. before.Where(one => !isForgotten(one))], before);
            if (ReferenceEquals(seen, before))
            {
                return;
            }

            before = seen;
        }
    }

    private LiveEvent[] With(LiveEvent[] before, LiveEvent one)
    {
        var place = before.Length;
        while (place > 0 && before[place - 1].Number > one.Number)
        {
            place--;
        }

        if (place > 0 && before[place - 1].Number == one.Number)
        {
            return before;
        }

        LiveEvent[] all = [.. before[..place], one, .. before[place..]];
        return all.Length > longest ? all[^longest..] : all;
    }
}

/// <summary>An interaction of a user.</summary>
/// <param name="Item">With what.</param>
/// <param name="Number">Its number in the store.</param>
/// <param name="Time">When it happened, in microseconds since 1970; it may be told later than others that came after it.</param>
/// <param name="Value">A rating or a count; null where there is none.</param>
internal readonly record struct LiveEvent(string Item, long Number, long Time, float? Value = null);
