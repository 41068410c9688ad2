using Tastemaker.Data;
using Tastemaker.Native;
using Tastemaker.Recommending;
using static TorchSharp.torch;

namespace Tastemaker.Scoring;

/// <summary>Scores of the whole catalog at once.</summary>
/// <param name="score">Fills row-major [requests, items].</param>
public sealed class CatalogScorer(CatalogScores score) : Scorer
{
    /// <summary>Scores given as a tensor [requests, items].</summary>
    public CatalogScorer(Func<RequestBatch, Tensor> score)
        : this((requests, scores) => score(requests).CopyValues(scores))
    {
    }

    /// <inheritdoc/>
    public override void Score(RequestBatch requests, Span<float> scores)
    {
        using var scope = NewDisposeScope();
        score(requests, scores);
    }
}

/// <summary>Fills the scores of requests, row-major [requests, items].</summary>
public delegate void CatalogScores(RequestBatch requests, Span<float> scores);

/// <summary>Scores part by part: of networks whose work on a pair can share what it computes once per request and once per item.</summary>
/// <param name="items">Number of items.</param>
/// <param name="begin">Prepares requests.</param>
internal sealed class BlockScorer(int items, Func<RequestBatch, IPartialScores> begin) : Scorer
{
    /// <inheritdoc/>
    public override void Score(RequestBatch requests, Span<float> scores) => FullCatalogScoring.Fill(Begin(requests), requests.Count, items, scores);

    /// <inheritdoc/>
    internal override IPartialScores Begin(RequestBatch requests)
    {
        using var scope = NewDisposeScope();
        return begin(requests);
    }
}

/// <summary>Scores pair by pair: nothing is shared, and a few items cost no more than these.</summary>
/// <param name="items">Number of items.</param>
/// <param name="begin">Prepares requests.</param>
public sealed class PairScorer(int items, Func<RequestBatch, PairScores> begin) : Scorer
{
    /// <summary>Pairs scored together at most.</summary>
    public const int PairsAtOnce = 4096;

    /// <inheritdoc/>
    public override void Score(RequestBatch requests, Span<float> scores)
    {
        var score = begin(requests);
        int[] all = [.. Enumerable.Range(0, items)];
        for (var request = 0; request < requests.Count; request++)
        {
            Score(score, request, all, scores.Slice(request * items, items));
        }
    }

    /// <summary>Scores some items for one request each: the ranking stage of a pipeline.</summary>
    /// <param name="requests">The requests.</param>
    /// <param name="some">A row per request: the items to score.</param>
    /// <param name="scores">Receives scores [requests, items of the row].</param>
    public void Score(RequestBatch requests, int[][] some, float[][] scores)
    {
        var score = begin(requests);
        for (var request = 0; request < requests.Count; request++)
        {
            Score(score, request, some[request], scores[request]);
        }
    }

    private static void Score(PairScores score, int request, ReadOnlySpan<int> some, Span<float> scores)
    {
        for (var first = 0; first < some.Length; first += PairsAtOnce)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(PairsAtOnce, some.Length - first);
            score(request, some.Slice(first, count), scores.Slice(first, count));
        }
    }
}

/// <summary>Fills the scores of some items, at most <see cref="PairScorer.PairsAtOnce"/>, for one of the prepared requests.</summary>
public delegate void PairScores(int request, ReadOnlySpan<int> items, Span<float> scores);
