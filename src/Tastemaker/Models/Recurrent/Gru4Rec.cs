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

/// <summary>
/// Recurrent networks over sessions, trained on session-parallel mini-batches (Hidasi et al. 2016; Hidasi and Karatzoglou 2018). States are carried
/// from step to step without gradient and begin at zero in every session and epoch. Scores of requests are those before ELU or softmax, which keep
/// the order. Where the papers and the official code differ, the official code is followed: Adagrad from 0 with epsilon inside the root, the loss
/// summed over lanes and divided by the configured batch size, logQ with unnormalised supports, samples that may equal the target.
/// </summary>
internal sealed class Gru4Rec : Model
{
    private readonly Gru4RecOptions options;
    private readonly Gru4RecNetwork network;
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
        RegisterComponents();
        Scorer = new InnerProduct(options.Layers[^1], hasBiases: true, requests => Queries.Of(LastStates(requests)), () => ItemTable.Of(network.ItemVectors, network.ItemBiases));
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
        Answers = Answers.Histories,
        ScoresByInnerProduct = true,
        Inputs = [Times.Required],
        RecommendsSeen = true,
    };

    /// <inheritdoc/>
    public override Tensor? ItemVectors => network.ItemVectors;

    /// <inheritdoc/>
    public override GradientTraining<SessionBatch> Begin(TrainingSet train, TrainingOptions run)
    {
        var training = new GradientTraining<SessionBatch>(this, options, run, Batches(train), Loss);
        if (options.Momentum > 0 && run.RowUpdates is RowUpdates.Auto)
        {
            // Without momentum a row that a step does not touch rests in either mode; with it, only row by row, which is the official behaviour.
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

    /// <summary>The last layer's state [requests, width] after each request's history. What histories begin with in common is walked once.</summary>
    private Tensor LastStates(RequestBatch requests)
    {
        var device = network.ItemVectors.device;
        var last = zeros(requests.Count, options.Layers[^1], device: device);
        Tensor[] before = [];
        foreach (var level in PrefixWalk.Of(requests).Levels)
        {
            using var scope = NewDisposeScope();
            var from = before.Length == 0 ? network.Begin(level.Items.Length) : [.. before.Select(state => state.index_select(0, tensor(level.Parents, device: device)))];
            var after = network.Step(tensor(level.Items, device: device), from);
            if (level.Requests.Length > 0)
            {
                last.index_copy_(0, tensor(level.Requests, device: device), after[^1].index_select(0, tensor(level.Places, device: device)));
            }

            foreach (var state in before)
            {
                state.Dispose();
            }

            before = [.. after.Select(state => state.MoveToOuterDisposeScope())];
        }

        return last;
    }
}
