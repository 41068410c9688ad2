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
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Recurrent;

/// <summary>Hyper-parameters of <see cref="Narm"/>; the defaults are those of the paper except the batch size.</summary>
public sealed record NarmOptions : GradientModelOptions
{
    /// <summary>Adam at 0.001. Batches of at most 256 sessions, fewer where an epoch would have less than 20 updates.</summary>
    public NarmOptions() => (Epochs, BatchSize, LearningRate) = (30, null, 1e-3);

    /// <summary>Length of the vectors of items.</summary>
    [Range(1, 4096)]
    [Search(32, 128, Log = true)]
    public int Embedding { get; init; } = 50;

    /// <summary>Number of units of the recurrent layer.</summary>
    [Range(1, 4096)]
    [Search(50, 200, Log = true)]
    public int Units { get; init; } = 100;

    /// <summary>Dropout rate of the vectors of items.</summary>
    [Range(0.0, 0.99)]
    [Search(0.0, 0.5)]
    public double EmbeddingDropout { get; init; } = 0.25;

    /// <summary>Dropout rate of the representation of the session.</summary>
    [Range(0.0, 0.99)]
    [Search(0.2, 0.6)]
    public double Dropout { get; init; } = 0.5;

    /// <summary>Most items of a session that are read; of longer sessions the newest are read.</summary>
    [Range(1, 1000)]
    public int MaxLength { get; init; } = 30;
}

/// <summary>
/// NARM: a GRU over a session. Its last state h_t is the global encoding; the local encoding is the sum of all states h_j, weighted by the attention v' sigma(A1 h_t + A2 h_j) (equations 5 to 8). Both together score items by a
/// bilinear form (equation 9). All places of a session learn the next item in one pass, which equals the paper's augmentation with prefixes. Attention weights are not normalized, as in the paper.
/// </summary>
internal sealed class Narm : Model
{
    private const int RequestsAtOnce = 512;

    private readonly NarmOptions options;
    private readonly EmbeddingTable items;
    private readonly GruCell cell;
    private readonly Parameter ofLast; // A1 [units, units]
    private readonly Parameter ofAll; // A2 [units, units]
    private readonly Parameter attention; // v [units]
    private readonly Parameter bilinear; // B [2 units, e]

    public Narm(NarmOptions options, ModelShape shape)
        : base(nameof(Narm), shape, options)
    {
        this.options = options;
        items = new EmbeddingTable(shape.Items, options.Embedding, Initializers.GlorotNormal) { AlwaysWhole = true };
        cell = new GruCell(options.Embedding, options.Units, ResetGate.AfterProduct, Initializers.GlorotUniform);
        (ofLast, ofAll, attention, bilinear) = (Made(options.Units, options.Units), Made(options.Units, options.Units), nn.Parameter(empty(options.Units)), Made(2 * options.Units, options.Embedding));
        using (no_grad())
        {
            Initializers.Normal(1 / Math.Sqrt(options.Units))(attention);
        }

        RegisterComponents();
        Scorer = new InnerProduct(options.Embedding, hasBiases: false, requests => Queries.Of(AfterSessions(requests)), () => ItemTable.Of(items.Weight));
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<NarmOptions>((options, shape) => new Narm(options, shape))
    {
        Id = "narm",
        Name = "NARM",
        Family = "Recurrent",
        Summary = "A recurrent network over a session with attention to what its purpose is.",
        Paper = "J. Li, P. Ren, Z. Chen, Z. Ren, T. Lian and J. Ma: Neural Attentive Session-based Recommendation. CIKM 2017.",
        Answers = Capabilities.Histories,
        ScoresByInnerProduct = true,
        RecommendsSeen = true,
        Inputs = [Times.Required],
        Derive = (options, train) => BatchRule.Of(options, train.ByUser, updates: 20, largest: 256),
    };

    /// <inheritdoc/>
    public override EpochPlan Plan => new(options.Epochs);

    /// <inheritdoc/>
    public override Scorer Scorer { get; }

    /// <inheritdoc/>
    public override Tensor ItemVectors => items.Weight;

    /// <inheritdoc/>
    public override GradientTraining<SequenceBatch> Begin(TrainingSet train, TrainingOptions run) =>
        new(this, options, run, new SequenceSource(train, options.ExamplesPerUpdate, options.MaxLength, shared: 0), Loss);

    /// <summary>The cross-entropy of the next item of every place, mean over places.</summary>
    public Tensor Loss(SequenceBatch batch) =>
        MultinomialOutput.Loss(nn.functional.dropout(Encode(batch).flatten(0, 1).index_select(0, batch.Places), options.Dropout, training).matmul(bilinear), items.Weight, batch.Targets);

    /// <summary>The global and the local encoding of the session up to every place [B, L, 2 units], or up to the last place only [B, 1, 2 units].</summary>
    public Tensor Encode(SequenceBatch batch, bool isOfLast = false)
    {
        var isItem = batch.IsPadding.logical_not().to(float32).unsqueeze(2); // [B, L, 1]
        var gates = nn.functional.dropout(items.forward(batch.Items), options.EmbeddingDropout, training).matmul(cell.Input!).unbind(1); // L times [B, 3 units]; unbinding has one backward pass for all places
        var state = zeros(batch.Count, options.Units, device: isItem.device);
        List<Tensor> states = [];
        for (var place = 0; place < batch.Length; place++)
        {
            state = cell.StepFromGates(gates[place], state) * isItem.select(1, place); // the state is 0 before the first item
            states.Add(state);
        }

        var h = stack(states, 1); // [B, L, units]
        var at = isOfLast ? h.narrow(1, batch.Length - 1, 1) : h; // [B, P, units]
        var weights = (at.matmul(ofLast).unsqueeze(2) + h.matmul(ofAll).unsqueeze(1)).sigmoid().matmul(attention); // [B, P, L]
        var isSeen = ones(batch.Length, batch.Length, device: h.device).tril().narrow(0, batch.Length - at.shape[1], at.shape[1]) * isItem.transpose(1, 2); // the place itself and the items before it
        return cat([at, (weights * isSeen).matmul(h)], 2);
    }

    private static Parameter Made(long rows, long columns)
    {
        var made = nn.Parameter(empty(rows, columns));
        using (no_grad())
        {
            Initializers.GlorotUniform(made);
        }

        return made;
    }

    private Tensor AfterSessions(RequestBatch requests) =>
        HistoryReader.Read(requests, options.MaxLength, options.Embedding, RequestsAtOnce, bilinear.device, batch => Encode(batch, isOfLast: true).squeeze(1).matmul(bilinear));
}
