using Tastemaker.Data;

namespace Tastemaker.Recommending;

/// <summary>
/// What can score a part of its catalog at a time: scores are then ranked while they are in cache, and a large catalog needs no large buffer.
/// </summary>
internal interface IPartialScorer
{
    /// <summary>
    /// Prepares requests; null where the system scores whole catalogs only. The scores are those of <see cref="IRecommender.Score"/> to the bit,
    /// but for rows in which all are equal: there it may know a better answer.
    /// </summary>
    IPartialScores? Begin(RequestBatch requests);
}

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
