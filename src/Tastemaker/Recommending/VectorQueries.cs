using Tastemaker.Data;
using Tastemaker.Scoring;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Recommending;

/// <summary>Requests and items of a trained system as vectors.</summary>
internal sealed class VectorQueries(TrainedRecommender recommender, InnerProduct product) : IVectorRecommender
{
    /// <inheritdoc/>
    public int VectorLength => product.Length;

    /// <inheritdoc/>
    public IReadOnlyList<string?>? ItemTitles => recommender.Snapshot.Titles;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The length is no whole number of vectors, or there are not so many items.</exception>
    public void WriteItemVectors(int first, Span<float> vectors)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        if (vectors.Length % VectorLength != 0 || first + (vectors.Length / VectorLength) > recommender.Items.Count)
        {
            throw new ArgumentException(
                $"{vectors.Length} numbers from item {first} on: a vector has {VectorLength} numbers, and there are {recommender.Items.Count} items.", nameof(vectors));
        }

        recommender.Model.MakeReady();
        product.WriteItems(first, vectors);
    }

    /// <summary>The vectors of requests that the model can answer [requests, length], and what the scores of each have in common.</summary>
    public (float[] Vectors, float[] Constants) Of(RequestBatch requests)
    {
        var (vectors, constants) = (new float[requests.Count * VectorLength], new float[requests.Count]);
        recommender.Model.MakeReady();
        using var grad = no_grad();
        product.WriteQueries(requests, vectors, constants);
        return (vectors, constants);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The model gave something else than numbers.</exception>
    public VectorQuery? QueryOf(Request request, CandidateFilter? filter = null)
    {
        var resolved = ResolvedRequest.Of(request, recommender);
        var mask = new CandidateMask(filter, recommender.RecommendsSeen, recommender.Items);
        var plan = recommender.Scoring.Plan(resolved.Batch);
        if (mask.Restricts || plan.Answerable is null)
        {
            return null;
        }

        var (vector, constants) = Of(plan.Answerable);
        var strategy = plan.Strategies[0];
        return !FiniteScores.Are(vector)
            ? throw new InvalidOperationException($"{recommender.Info.Name} gave a vector with something else than numbers: its weights have diverged. Train it with a smaller learning rate.")
            : new VectorQuery(vector, constants[0], Distinct(mask.Excluded(resolved.Seen)), strategy, resolved.NotesFor(strategy, recommender.Info, mask));
    }

    /// <summary>Ascending numbers, each once.</summary>
    public static int[] Distinct(int[] ascending) => [.. ascending.Where((item, place) => place == 0 || item != ascending[place - 1])];
}
