using Tastemaker.Recommending;

namespace Tastemaker.Serving.Models;

/// <summary>A loaded model while someone uses it: it is not freed before the lease is given back.</summary>
internal readonly struct ModelLease(LoadedModel model) : IDisposable
{
    /// <summary>The recommender.</summary>
    public IRecommender Recommender => model.Recommender;

    /// <summary>What it is.</summary>
    public ModelCard Card => model.Card;

    /// <inheritdoc/>
    public void Dispose() => model.Release();
}
