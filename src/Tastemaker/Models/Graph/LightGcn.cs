using System.ComponentModel.DataAnnotations;
using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Models.Graph;

/// <summary>Hyper-parameters of <see cref="LightGcn"/>; the defaults are the paper's.</summary>
public sealed record LightGcnOptions : GradientModelOptions
{
    /// <summary>Adam at 0.001, batches such that an epoch has 20 updates or more, of 1024 at most.</summary>
    public LightGcnOptions() => (Epochs, BatchSize, LearningRate) = (400, null, 1e-3);

    /// <summary>Length of the vectors of users and items.</summary>
    [Symbol("d")]
    [Range(1, 4096)]
    [Search(32, 256, Log = true)]
    public int Dimension { get; init; } = 64;

    /// <summary>K: how many times vectors are propagated over the graph; 0 is matrix factorization.</summary>
    [Symbol("K")]
    [Range(0, 8)]
    [Search(1, 4)]
    public int Layers { get; init; } = 3;

    /// <summary>Lambda: the weight of the squared lengths of the initial vectors of a comparison.</summary>
    [Symbol("lambda")]
    [Range(0.0, 1.0)]
    [Search(1e-6, 1e-2, Log = true)]
    public double Regularization { get; init; } = 1e-4;

    /// <summary>Items drawn for a comparison, of which the one that scores highest is compared (Zhang et al. 2013). <value>1: uniform negatives, as published</value></summary>
    [Range(1, 1000)]
    public int Candidates { get; init; } = 1;

    /// <summary>Whether each comparison draws a user first and then one of its items, as the official code does, so that all users count alike; otherwise each pair comes once per epoch.</summary>
    public bool UsersAlike { get; init; } = true;
}

/// <summary>
/// LightGCN: E(k+1) = D^-1/2 A D^-1/2 E(k) over the bipartite graph of the training pairs, without weights or activation; a user's or item's vector is the mean of its vectors
/// at layers 0 to K (equations 3, 4 and 7), a score their inner product (equation 5), the loss BPR (equation 15) with the regularization over the rows of a batch, as in the official code.
/// A cold-start user's vector is what the paper's propagation gives a user whose initial vector is 0 and whom the graph's items do not know: our extension, since the paper answers known users only.
/// </summary>
internal sealed class LightGcn : Model
{
    private readonly LightGcnOptions options;
    private readonly CsrMatrix graph; // [users, items]
    private readonly EmbeddingTable users;
    private readonly EmbeddingTable items;
    private (float[] Users, float[] Items, float[] OfNewUsers) final = ([], [], []);

    public LightGcn(LightGcnOptions options, ModelShape shape)
        : base(nameof(LightGcn), shape, options)
    {
        this.options = options;
        graph = CsrMatrix.Normalized(shape.Get<InteractionGraph>().ItemsOfUsers);
        users = new EmbeddingTable(shape.Users, options.Dimension, Initializers.GlorotUniform) { AlwaysWhole = true };
        items = new EmbeddingTable(shape.Items, options.Dimension, Initializers.GlorotUniform) { AlwaysWhole = true };
        RegisterComponents();
        Scorer = new InnerProduct(options.Dimension, hasBiases: false, requests => new Queries(Vectors(requests)), () => new ItemTable(final.Items, []));
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<LightGcnOptions>((options, shape) => new LightGcn(options, shape))
    {
        Id = "lightgcn",
        Name = "LightGCN",
        Family = "Graph",
        Summary = "Matrix factorization whose vectors are averaged over the neighborhoods of the graph of users and items.",
        Paper = "X. He, K. Deng, X. Wang, Y. Li, Y. Zhang and M. Wang: LightGCN: Simplifying and Powering Graph Convolution Network for Recommendation. SIGIR 2020.",
        Answers = Capabilities.Everyone,
        ScoresByInnerProduct = true,
        Inputs = [InteractionGraph.Input.OfPairs],
        Derive = (options, train) => BatchRule.Of(options, train.Seen.EntryCount, updates: 20, largest: 1024),
    };

    /// <inheritdoc/>
    public override EpochPlan Plan => new(options.Epochs);

    /// <inheritdoc/>
    public override Scorer Scorer { get; }

    /// <inheritdoc/>
    public override Tensor? ItemVectors
    {
        get
        {
            MakeReady();
            return tensor(final.Items, [Shape.Items, options.Dimension]);
        }
    }

    /// <inheritdoc/>
    public override GradientTraining<PairwiseBatch> Begin(TrainingSet train, TrainingOptions run) => new(
        this, options, run, new PairwiseSource(train, options.ExamplesPerUpdate, options.Candidates, visit: options.UsersAlike ? PairOrder.UsersAlike : PairOrder.Shuffled), Loss);

    /// <summary>The loss of a batch of comparisons.</summary>
    public Tensor Loss(PairwiseBatch batch)
    {
        var layers = Layers();
        var (ofUsers, ofItems) = (Mean(layers.Select(layer => layer.Users)), Mean(layers.Select(layer => layer.Items)));
        var u = ofUsers.index_select(0, batch.Users).unsqueeze(1); // [B, 1, d]
        var positives = (u.squeeze(1) * ofItems.index_select(0, batch.Positives)).sum(1); // [B]
        var others = (u * ofItems.index_select(0, batch.Negatives.flatten()).view(batch.Count, -1, options.Dimension)).sum(2); // [B, candidates]
        var (hardest, place) = others.max(1);
        var negatives = batch.Negatives.gather(1, place.unsqueeze(1)).squeeze(1); // [B]
        var squares = users.forward(batch.Users).square().sum() + items.forward(batch.Positives).square().sum() + items.forward(negatives).square().sum();
        return Losses.Bpr(positives, hardest) + (options.Regularization / 2 / batch.Count * squares);
    }

    /// <inheritdoc/>
    protected override void Prepare()
    {
        var layers = Layers();
        var beforeLast = layers.Take(options.Layers).Select(layer => layer.Items).ToArray();
        var degrees = tensor(Array.ConvertAll(Shape.Get<InteractionGraph>().ItemsOfUsers.CountColumns(), degree => (float)(1 / Math.Sqrt(Math.Max(1, degree)))), device: items.Weight.device).unsqueeze(1);
        var ofNewUsers = beforeLast.Length == 0 ? zeros_like(items.Weight) : beforeLast.Aggregate((sum, layer) => sum + layer) * degrees / (options.Layers + 1);
        final = (Queries.Floats(Mean(layers.Select(layer => layer.Users))), Queries.Floats(Mean(layers.Select(layer => layer.Items))), Queries.Floats(ofNewUsers));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        graph.Dispose();
        base.Dispose(disposing);
    }

    // E(0) to E(K).
    private List<(Tensor Users, Tensor Items)> Layers()
    {
        List<(Tensor Users, Tensor Items)> layers = [(users.Weight, items.Weight)];
        for (var layer = 0; layer < options.Layers; layer++)
        {
            var (u, i) = layers[^1];
            layers.Add((graph.Times(i), graph.Transpose.Times(u)));
        }

        return layers;
    }

    private float[] Vectors(RequestBatch requests)
    {
        var d = options.Dimension;
        var vectors = new float[requests.Count * d];
        for (var request = 0; request < requests.Count; request++)
        {
            var vector = vectors.AsSpan(request * d, d);
            if (requests.Users[request] is >= 0 and var user)
            {
                final.Users.AsSpan(user * d, d).CopyTo(vector);
                continue;
            }

            var history = requests.History(request).ToArray().Distinct().ToArray();
            foreach (var item in history)
            {
                Solvers.Vectors.AddScaled(vector, (float)(1 / Math.Sqrt(history.Length)), final.OfNewUsers.AsSpan(item * d, d));
            }
        }

        return vectors;
    }

    private Tensor Mean(IEnumerable<Tensor> layers) => layers.Aggregate((sum, layer) => sum + layer) / (options.Layers + 1);
}
