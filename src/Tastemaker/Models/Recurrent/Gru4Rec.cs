using System.ComponentModel.DataAnnotations;
using Tastemaker.Batches;
using Tastemaker.Batches.Sampling;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Models.Recurrent;

/// <summary>How an item enters GRU4Rec.</summary>
public enum Gru4RecInput
{
    /// <summary>One-hot into the first layer: a learned row of gate inputs an item.</summary>
    OneHot,

    /// <summary>A vector an item of its own.</summary>
    Separate,

    /// <summary>The item's output vector ("constrained embedding"): usually the best, and the smallest.</summary>
    Shared,
}

/// <summary>Losses of GRU4Rec. The first two are the ones to use; gradients of the others vanish as samples grow.</summary>
public enum Gru4RecLoss
{
    /// <summary>Softmax cross-entropy over target and negatives.</summary>
    CrossEntropy,

    /// <summary>BPR against negatives weighted by their softmax, with a score regularizer (2018).</summary>
    BprMax,

    /// <summary>TOP1 against negatives weighted by their softmax (2018).</summary>
    Top1Max,

    /// <summary>Bayesian personalized ranking, mean over negatives (2016).</summary>
    Bpr,

    /// <summary>The 2016 paper's own ranking loss, mean over negatives.</summary>
    Top1,
}

/// <summary>
/// Hyper-parameters of GRU4Rec. The defaults are those published with the official code for the RSC15 data set with cross-entropy;
/// <see cref="GradientModelOptions.BatchSize"/> is the number of lanes, that is, sessions walked through at once.
/// </summary>
public sealed record Gru4RecOptions : GradientModelOptions
{
    /// <summary>Adagrad at 0.1, 32 lanes, 10 epochs.</summary>
    public Gru4RecOptions()
    {
        Optimizer = OptimizerKind.Adagrad;
        LearningRate = 0.1;
        BatchSize = 32;
        Epochs = 10;
    }

    /// <summary>Units of each recurrent layer; one layer is best. <value>100</value></summary>
    [Range(1, 65_536)]
    [SearchChoices("64", "100", "224", "512")]
    public IReadOnlyList<int> Layers { get; init; } = [100];

    /// <summary>How an item enters the network. <value>shared</value></summary>
    public Gru4RecInput Input { get; init; } = Gru4RecInput.Shared;

    /// <summary>Length of the vectors of <see cref="Gru4RecInput.Separate"/>. <value>100</value></summary>
    [Range(1, 65_536)]
    public int EmbeddingDimension { get; init; } = 100;

    /// <summary>What is minimized. <value>cross-entropy</value></summary>
    [SearchChoices("cross-entropy", "bpr-max")]
    public Gru4RecLoss Loss { get; init; } = Gru4RecLoss.CrossEntropy;

    /// <summary>Items a step that are negatives of all lanes, beside the other lanes' targets. <value>2048</value></summary>
    [Range(0, 1_000_000)]
    public int Samples { get; init; } = 2048;

    /// <summary>Samples are drawn in proportion to (number of training events of the item) ^ alpha: 0 uniform, 1 by popularity. <value>0.75</value></summary>
    [Range(0.0, 1.0)]
    [Search(0.0, 1.0)]
    public double Alpha { get; init; } = 0.75;

    /// <summary>Strength of the popularity correction of cross-entropy in training. <value>1</value> Not used by other losses.</summary>
    [Range(0.0, 1.0)]
    public double LogQ { get; init; } = 1;

    /// <summary>Factor of the score regularizer of BPR-max. <value>1</value> Not used by other losses.</summary>
    [Range(0.0, 10.0)]
    [Search(0.0, 2.0)]
    [OnlyWith("loss", "bpr-max")]
    public double BprRegularization { get; init; } = 1;

    /// <summary>Scores pass through ELU of this alpha before the ranking losses; 0 for none. <value>0.5</value> Not used by cross-entropy.</summary>
    [Range(0.0, 10.0)]
    public double Elu { get; init; } = 0.5;

    /// <summary>Dropout of the looked-up input. <value>0.1</value></summary>
    [Range(0.0, 0.99)]
    [Search(0.0, 0.5)]
    public double EmbeddingDropout { get; init; } = 0.1;

    /// <summary>Dropout of the output of each layer, which is also what is carried to the next step. <value>0</value></summary>
    [Range(0.0, 0.99)]
    [Search(0.0, 0.7)]
    public double HiddenDropout { get; init; }
}

/// <summary>
/// Recurrent networks over sessions, trained on session-parallel mini-batches (Hidasi et al. 2016; Hidasi and Karatzoglou 2018). States are carried
/// from step to step without gradient and begin at zero in every session and epoch. Scores of requests are those before ELU or softmax, which keep
/// the order. Where the papers and the official code differ, the official code is followed: Adagrad from 0 with epsilon inside the root, the loss
/// summed over lanes and divided by the configured batch size, logQ with unnormalized supports, samples that may equal the target.
/// </summary>
internal sealed class Gru4Rec : Model
{
    private readonly Gru4RecOptions options;
    private readonly Gru4RecNetwork network;
    private readonly Gru4RecHistories histories;
    private Tensor[] states = [];
    private Tensor? logSupports;

    public Gru4Rec(Gru4RecOptions options, ModelShape shape)
        : base(nameof(Gru4Rec), shape, options)
    {
        if (options.Layers.Count == 0)
        {
            throw new InputException("GRU4Rec needs at least one recurrent layer; give layers one width or more, such as [100].");
        }

        this.options = options;
        network = new Gru4RecNetwork(options, shape.Items);
        histories = new Gru4RecHistories(network, options.Layers);
        RegisterComponents();
        Scorer = new InnerProduct(options.Layers[^1], hasBiases: true, requests => Queries.Of(histories.LastStates(requests)), () => ItemTable.Of(network.ItemVectors, network.ItemBiases));
    }

    /// <inheritdoc/>
    public override EpochPlan Plan => new(options.Epochs);

    /// <inheritdoc/>
    public override Scorer Scorer { get; }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<Gru4RecOptions>((options, shape) => new Gru4Rec(options, shape))
    {
        Id = "gru4rec",
        Name = "GRU4Rec",
        Family = "Recurrent",
        Summary = "A gated recurrent network that predicts the next item of a session.",
        Paper = "Hidasi, Karatzoglou, Baltrunas, Tikk: Session-based Recommendations with Recurrent Neural Networks. ICLR 2016. "
            + "Hidasi, Karatzoglou: Recurrent Neural Networks with Top-k Gains for Session-based Recommendations. CIKM 2018.",
        Answers = Capabilities.Histories,
        ScoresByInnerProduct = true,
        Inputs = [Times.Required],
        RecommendsSeen = true,
        Graph = new(Gru4RecNetwork.Export, ReadsHistories: true),
    };

    /// <inheritdoc/>
    public override Tensor? ItemVectors => network.ItemVectors;

    /// <inheritdoc cref="Gru4RecHistories.ItemsRead"/>
    public long ItemsRead => histories.ItemsRead;

    /// <inheritdoc/>
    public override GradientTraining<SessionBatch> Begin(TrainingSet train, TrainingOptions run)
    {
        var training = new GradientTraining<SessionBatch>(this, options, run, Batches(train), Loss);
        if (options.Momentum > 0 && run.RowUpdates is RowUpdates.Auto)
        {
            // Without momentum a row that a step does not touch rests in either mode; with it, only row by row, which is the official behavior.
            network.UpdateTablesByRow();
        }

        return training;
    }

    private SessionParallelSource Batches(TrainingSet train)
    {
        var supports = new double[train.ItemCount];
        foreach (var item in train.Interactions.Items)
        {
            supports[item]++;
        }

        logSupports?.Dispose();
        logSupports = tensor(supports.Select(support => (float)Math.Log(Math.Max(1, support))).ToArray());
        var weights = supports.Select(support => support > 0 ? Math.Pow(support, options.Alpha) : 0).ToArray();
        return new SessionParallelSource(train.ByUser, options.ExamplesPerUpdate, options.Samples, new AliasTable(weights));
    }

    /// <summary>The loss of a step of all parallel sessions.</summary>
    public Tensor Loss(SessionBatch batch)
    {
        var after = network.Step(batch.Inputs, StatesBefore(batch));
        Carry(after);
        var scores = network.Scores(after[^1], cat([batch.Targets, batch.Samples])); // [M, M + samples]
        return LaneLosses(scores, batch).sum() / options.ExamplesPerUpdate;
    }

    /// <inheritdoc/>
    protected override void Prepare() => histories.Forget();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Carry([]);
        logSupports?.Dispose();
        base.Dispose(disposing);
    }

    private Tensor LaneLosses(Tensor scores, SessionBatch batch) => options.Loss switch
    {
        Gru4RecLoss.CrossEntropy => SharedSampleLosses.CrossEntropy(options.LogQ > 0 ? scores - Popularity(batch) : scores),
        Gru4RecLoss.BprMax => SharedSampleLosses.BprMax(Activated(scores), options.BprRegularization),
        Gru4RecLoss.Top1Max => SharedSampleLosses.Top1Max(Activated(scores)),
        Gru4RecLoss.Bpr => SharedSampleLosses.Bpr(Activated(scores)),
        _ => SharedSampleLosses.Top1(Activated(scores)),
    };

    private Tensor Activated(Tensor scores) => options.Elu > 0 ? nn.functional.elu(scores, options.Elu) : scores;

    /// <summary>The logQ correction of each column [M + samples]: log of support for targets, of support ^ alpha for samples.</summary>
    private Tensor Popularity(SessionBatch batch) => options.LogQ * cat(
        [logSupports!.index_select(0, batch.Targets), options.Alpha * logSupports.index_select(0, batch.Samples)]);

    private Tensor[] StatesBefore(SessionBatch batch)
    {
        if (batch.IsFirst)
        {
            return network.Begin(batch.Count);
        }

        return [.. states.Select(state => (batch.Shrinks ? state.index_select(0, batch.Origins) : state) * batch.Carry)];
    }

    /// <summary>Keeps states for the next step, beyond this step's scope and without gradient.</summary>
    private void Carry(Tensor[] after)
    {
        foreach (var state in states)
        {
            state.Dispose();
        }

        states = [.. after.Select(state => state.detach().DetachFromDisposeScope())];
    }
}
