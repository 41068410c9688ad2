using Tastemaker.Data;
using Tastemaker.Recommending;

namespace Tastemaker.Scoring;

/// <summary>
/// How a model scores the catalog: as inner products, a whole catalog at once, part by part, or pair by pair. Called in evaluation mode, under no_grad, inside a
/// dispose scope, from many threads at once.
/// </summary>
public abstract class Scorer
{
    /// <summary>
    /// Scores every item for every request into row-major [requests, items]. Requests are of kinds the catalog entry says the system answers: users are indexes of the
    /// training data (or -1 where the history is to be folded in), histories are not empty where the system needs them.
    /// </summary>
    public abstract void Score(RequestBatch requests, Span<float> scores);

    /// <summary>The same, ready to be scored part by part; null where the system scores whole catalogs only.</summary>
    internal virtual IPartialScores? Begin(RequestBatch requests) => null;

    /// <summary>Forgets what was derived from the weights: they may change, or have changed.</summary>
    public virtual void Forget()
    {
    }
}
