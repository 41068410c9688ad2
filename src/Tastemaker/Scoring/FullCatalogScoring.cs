using Tastemaker.Recommending;

namespace Tastemaker.Scoring;

/// <summary>Scores whole catalogs with what scores parts of them, on all cores.</summary>
internal static class FullCatalogScoring
{
    private const int PartItems = 32 * IPartialScores.Grain;
    private const int GroupRequests = 48;

    // Below so many scores, waking other threads takes longer than the work.
    private const int WorthThreads = 1 << 15;

    /// <summary>Fills <paramref name="scores"/> [requests, items].</summary>
    public static unsafe void Fill(IPartialScores parts, int requests, int items, Span<float> scores)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(scores.Length, checked(requests * items));
        if (scores.Length < WorthThreads)
        {
            parts.Fill(..requests, 0, items, scores, items);
            return;
        }

        var columns = (items + PartItems - 1) / PartItems;
        var groups = (requests + GroupRequests - 1) / GroupRequests;
        fixed (float* pointer = scores)
        {
            // A span cannot enter a lambda; the pinned address can, and Parallel.For returns before the pin ends.
            var (address, length) = ((nint)pointer, scores.Length);
            Parallel.For(0, columns * groups, Parallelism.Loop(), task =>
            {
                var request = task / columns * GroupRequests;
                var item = task % columns * PartItems;
                var start = (request * items) + item;
                parts.Fill(
                    request..Math.Min(request + GroupRequests, requests), item, Math.Min(PartItems, items - item),
                    new Span<float>((float*)address + start, length - start), items);
            });
        }
    }
}
