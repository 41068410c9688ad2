using Tastemaker.Recommending;
using Tastemaker.Serving.Operations;

namespace Tastemaker.Serving.Models;

/// <summary>A loaded model while someone uses it: it is not freed before the lease is given back.</summary>
internal readonly struct ModelLease(LoadedModel model) : IDisposable
{
    /// <summary>The recommender.</summary>
    public IRecommender Recommender => model.Recommender;

    /// <summary>What it is.</summary>
    public ModelCard Card => model.Card;

    /// <summary>What it has shown since it was loaded.</summary>
    public ModelWatch Watch => model.Watch;

    /// <inheritdoc/>
    public void Dispose() => model.Release();
}
