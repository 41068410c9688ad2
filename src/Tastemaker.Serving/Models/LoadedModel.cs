using Tastemaker.Recommending;
using Tastemaker.Serving.Operations;

namespace Tastemaker.Serving.Models;

/// <summary>A model with the number of its users; freed when the last gives it back.</summary>
internal sealed class LoadedModel(IRecommender recommender, ModelCard card)
{
    private int uses = 1; // the host's own

    /// <summary>The recommender; owned.</summary>
    public IRecommender Recommender { get; } = recommender;

    /// <summary>What it is.</summary>
    public ModelCard Card { get; } = card;

    /// <summary>What it has shown since it was loaded.</summary>
    public ModelWatch Watch { get; } = new(recommender.Items, TimeProvider.System);

    /// <summary>Counts one more user; false if the last has gone already.</summary>
    public bool TryUse()
    {
        for (var seen = Volatile.Read(ref uses); seen > 0; seen = Volatile.Read(ref uses))
        {
            if (Interlocked.CompareExchange(ref uses, seen + 1, seen) == seen)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Counts one less; frees the model with the last.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref uses) == 0)
        {
            Recommender.Dispose();
        }
    }
}
