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

/// <summary>Hyper-parameters of <see cref="Narm"/>; the defaults are the paper's but for the batch.</summary>
public sealed record NarmOptions : GradientModelOptions
{
    /// <summary>Adam at 0.001, batches such that an epoch has 20 updates or more, of 256 sessions at most.</summary>
    public NarmOptions() => (Epochs, BatchSize, LearningRate) = (30, null, 1e-3);

    /// <summary>Length of the vectors of items.</summary>
    [Range(1, 4096)]
    [Search(32, 128, Log = true)]
    public int Embedding { get; init; } = 50;

    /// <summary>Units of the recurrent layer.</summary>
    [Range(1, 4096)]
    [Search(50, 200, Log = true)]
    public int Units { get; init; } = 100;

    /// <summary>Dropout of the vectors of items.</summary>
    [Range(0.0, 0.99)]
    [Search(0.0, 0.5)]
    public double EmbeddingDropout { get; init; } = 0.25;

    /// <summary>Dropout of what is compared with the items.</summary>
    [Range(0.0, 0.99)]
    [Search(0.2, 0.6)]
    public double Dropout { get; init; } = 0.5;

    /// <summary>Items of a session that are read, the newest.</summary>
    [Range(1, 1000)]
    public int MaxLength { get; init; } = 30;
}

/// <summary>
/// NARM: a recurrent layer over a session whose last state says what it is about so far, and an attention of that state to all states, v' sigma(A1 h_t + A2 h_j), whose weighted sum says what its purpose is (equations 5 to 8); both together
/// score items by a bilinear form (equation 9). Every place of a session learns the next item in one pass, which is the paper's augmentation with prefixes. Weights of the attention are not normalized, as published.
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

    /// <summary>The mean cross-entropy of the item after every place that is no padding.</summary>
    public Tensor Loss(SequenceBatch batch) =>
        MultinomialOutput.Loss(nn.functional.dropout(Purposes(batch).flatten(0, 1).index_select(0, batch.Places), options.Dropout, training).matmul(bilinear), items.Weight, batch.Targets);

    /// <summary>The last state and the purpose at every place [B, L, 2 units].</summary>
    public Tensor Purposes(SequenceBatch batch)
    {
        var isItem = batch.IsPadding.logical_not().to(float32).unsqueeze(2); // [B, L, 1]
        var gates = nn.functional.dropout(items.forward(batch.Items), options.EmbeddingDropout, training).matmul(cell.Input!); // [B, L, 3 units]
        var state = zeros(batch.Count, options.Units, device: gates.device);
        List<Tensor> states = [];
        for (var place = 0; place < batch.Length; place++)
        {
            state = cell.StepFromGates(gates.select(1, place), state) * isItem.select(1, place); // sessions begin at 0 behind their padding
            states.Add(state);
        }

        var h = stack(states, 1); // [B, L, units]
        var weights = (h.matmul(ofLast).unsqueeze(2) + h.matmul(ofAll).unsqueeze(1)).sigmoid().matmul(attention); // [B, L, L]: of each place, to each
        var seen = ones(batch.Length, batch.Length, device: h.device).tril() * isItem.transpose(1, 2); // itself and what was before
        return cat([h, (weights * seen).matmul(h)], 2);
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
        HistoryReader.Read(requests, options.MaxLength, options.Embedding, RequestsAtOnce, bilinear.device, batch => Purposes(batch).select(1, batch.Length - 1).matmul(bilinear));
}
