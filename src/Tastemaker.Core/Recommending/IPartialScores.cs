namespace Tastemaker.Recommending;

/// <summary>Some requests, ready to be scored over one part of the catalog after another. Thread-safe.</summary>
internal interface IPartialScores
{
    /// <summary>What the first item of a part is a multiple of.</summary>
    const int Grain = 64;

    /// <summary>Scores some requests over some items, on the calling thread.</summary>
    /// <param name="requests">Which of the requests.</param>
    /// <param name="first">The first item, a multiple of <see cref="Grain"/>.</param>
    /// <param name="count">Number of items.</param>
    /// <param name="scores">Receives [requests, count]. Not checked: they may be NaN or infinite.</param>
    /// <param name="stride">Numbers from one row of <paramref name="scores"/> to the next; at least <paramref name="count"/>.</param>
    void Fill(Range requests, int first, int count, Span<float> scores, int stride);
}
