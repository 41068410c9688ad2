using Tastemaker.Data;
using Tastemaker.Native;
using Tastemaker.Recommending;
using Tastemaker.Systems;
using static TorchSharp.torch;

namespace Tastemaker.Projection;

/// <summary>
/// Items on a plane, near each other where a system finds them alike: by its item vectors, or by what it recommends after each item alone. The most popular
/// items are laid out by t-SNE; further ones lie at the mean of their nearest among those.
/// </summary>
internal static class ItemPlane
{
    private const int LaidOut = 2000;
    private const int MostItems = 20_000;
    private const int Coordinates = 50;
    private const int Nearest = 5;
    private const int Block = 1000;
    private const double Perplexity = 30;

    /// <summary>What the distances are made of, in words; null where the system has no notion of how alike items are.</summary>
    public static string? Basis(TrainedRecommender recommender)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        return recommender.Model.ItemVectors is not null ? "item vectors" : recommender.Info.Answers.HasFlag(Capabilities.Histories) ? "what is recommended after each item" : null;
    }

    /// <summary>Lays out at most 20,000 items, the most popular ones.</summary>
    /// <param name="recommender">Whose items.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>Their indexes, the most popular first, and a point each, x and y one after the other, about the origin.</returns>
    /// <exception cref="InputException">The system has no notion of how alike items are.</exception>
    public static (int[] Items, float[] Points) Of(TrainedRecommender recommender, CancellationToken cancellation)
    {
        var popularity = recommender.Snapshot.Popularity;
        int[] items = [.. Enumerable.Range(0, popularity.Length).OrderByDescending(item => popularity[item]).ThenBy(item => item).Take(MostItems)];
        if (items.Length < 2)
        {
            return (items, new float[2 * items.Length]);
        }

        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var laidOut = Math.Min(LaidOut, items.Length);
        var vectors = nn.functional.normalize(Vectors(recommender, items, laidOut), dim: 1);
        if (vectors.shape[1] > Coordinates)
        {
            vectors = NeighborEmbedding.Principal(vectors, Coordinates);
        }

        var layout = NeighborEmbedding.Of(vectors[TensorIndex.Slice(0, laidOut)], Perplexity, cancellation);
        var points = items.Length == laidOut ? layout : cat([layout, Between(vectors, layout, cancellation)], 0);
        return (items, points.to(float32).ToValues<float>());
    }

    // [items, d]
    private static Tensor Vectors(TrainedRecommender recommender, int[] items, int laidOut)
    {
        if (recommender.Model.ItemVectors is { } all)
        {
            return all.index_select(0, tensor(items, int64).to(all.device)).to(float32).cpu();
        }

        if (!recommender.Info.Answers.HasFlag(Capabilities.Histories))
        {
            throw new InputException($"{recommender.Info.Name} has no notion of how alike items are, so there is no map of them. Choose a system with item vectors, or one that folds in histories.");
        }

        // What an item leads to, among the popular ones: a vector that every system has that reads histories.
        var result = new float[items.Length * laidOut];
        var scores = new float[recommender.Items.Count];
        for (var row = 0; row < items.Length; row++)
        {
            recommender.Score(new RequestBatch([-1], SparseRows.FromRows([[items[row]]], recommender.Items.Count)), scores);
            for (var column = 0; column < laidOut; column++)
            {
                result[(row * laidOut) + column] = scores[items[column]];
            }
        }

        var table = tensor(result, [items.Length, laidOut]);
        return table.sub(table.mean([1L], keepdim: true));
    }

    // At the mean of the nearest items that have been laid out, the nearer the heavier.
    private static Tensor Between(Tensor vectors, Tensor layout, CancellationToken cancellation)
    {
        var (count, laidOut) = (vectors.shape[0], layout.shape[0]);
        var landmarks = vectors[TensorIndex.Slice(0, laidOut)].t();
        var blocks = new List<Tensor>();
        for (var first = laidOut; first < count; first += Block)
        {
            cancellation.ThrowIfCancellationRequested();
            var (alike, nearest) = vectors[TensorIndex.Slice(first, Math.Min(first + Block, count))].matmul(landmarks).topk((int)Math.Min(Nearest, laidOut));
            var weights = alike.mul(20).softmax(1).unsqueeze(2); // [block, nearest, 1]
            blocks.Add(layout.index_select(0, nearest.flatten()).reshape(nearest.shape[0], nearest.shape[1], 2).mul(weights).sum([1L]));
        }

        return cat(blocks, 0);
    }
}
