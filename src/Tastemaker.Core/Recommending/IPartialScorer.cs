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
