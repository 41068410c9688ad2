namespace Tastemaker.Serving.Operations;

/// <summary>The share of the catalog that was in any list within the last one to two hours. Thread-safe.</summary>
/// <param name="items">Size of the catalog.</param>
/// <param name="clock">Tells the hours.</param>
internal sealed class CatalogCoverage(int items, TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    private readonly Lock changing = new();
    private ulong[] current = new ulong[(items + 63) / 64]; // a bit an item
    private ulong[] before = new ulong[(items + 63) / 64];
    private DateTimeOffset since = clock.GetUtcNow();

    /// <summary>From 0 to 1.</summary>
    public double Share
    {
        get
        {
            lock (changing)
            {
                Turn();
                var count = 0;
                for (var word = 0; word < current.Length; word++)
                {
                    count += System.Numerics.BitOperations.PopCount(current[word] | before[word]);
                }

                return items == 0 ? 0 : (double)count / items;
            }
        }
    }

    /// <summary>Notes the items of a list by their indexes; -1 for one that is not in the catalog.</summary>
    public void Show(ReadOnlySpan<int> list)
    {
        lock (changing)
        {
            Turn();
            foreach (var item in list)
            {
                if (item >= 0)
                {
                    current[item >> 6] |= 1UL << item;
                }
            }
        }
    }

    private void Turn()
    {
        var passed = clock.GetUtcNow() - since;
        if (passed < Window)
        {
            return;
        }

        (before, current) = (current, before);
        Array.Clear(current);
        if (passed >= 2 * Window)
        {
            Array.Clear(before);
        }

        since = clock.GetUtcNow();
    }
}
