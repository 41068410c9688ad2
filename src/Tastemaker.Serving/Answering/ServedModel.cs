using Tastemaker.Recommending;
using Tastemaker.Serving.Batching;
using Tastemaker.Serving.Models;

namespace Tastemaker.Serving.Answering;

/// <summary>A model that can be asked by name, with the queue of those who ask it.</summary>
/// <param name="host">The model; owned.</param>
/// <param name="queue">Who asks; owned.</param>
internal sealed class ServedModel(ModelHost host, Coalescer<RecommendationQuery, RecommendationList> queue) : IAsyncDisposable
{
    /// <summary>Its name.</summary>
    public string Name => Card.Name;

    /// <summary>Holds it, and changes it without a pause.</summary>
    public ModelHost Host { get; } = host;

    /// <summary>Who asks.</summary>
    public Coalescer<RecommendationQuery, RecommendationList> Queue { get; } = queue;

    /// <summary>What is loaded now.</summary>
    public ModelCard Card => Host.Card;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Queue.DisposeAsync().ConfigureAwait(false);
        Host.Dispose();
    }
}
