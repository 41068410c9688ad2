using System.ComponentModel.DataAnnotations;
using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Export;
using Tastemaker.Inputs;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Systems;
using Tastemaker.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Autoregressive;

/// <summary>Hyper-parameters of CF-NADE; the defaults are the paper's for MovieLens-1M.</summary>
public sealed record CfNadeOptions : GradientModelOptions
{
    /// <summary>The paper's Adam; batches such that an epoch has 20 updates.</summary>
    public CfNadeOptions() => (Epochs, BatchSize, LearningRate) = (100, null, 1e-3);

    /// <summary>Widths of the hidden layers, each followed by tanh. <value>[500]</value></summary>
    [Range(1, 65_536)]
    [SearchChoices("250", "500", "750")]
    public IReadOnlyList<int> Hidden { get; init; } = [500];

    /// <summary>Whether the weights of a level are sums of those of all levels up to it (CF-NADE-S), so that what is learned of 4 stars counts for 5.</summary>
    public bool SharesWeights { get; init; } = true;

    /// <summary>Share of the ordinal cost in the loss; the rest is the cost of unordered classes. <value>1</value></summary>
    [Range(0.0, 1.0)]
    public double OrdinalWeight { get; init; } = 1;

    /// <summary>J: writes input and output weights as products with matrices [J, H] that all columns share; 0 for free weights. The paper takes 50 on MovieLens-10M.</summary>
    [Symbol("J")]
    [Range(0, 65_536)]
    public int Factors { get; init; }

    /// <summary>This times the squares of all weights (without a half) is added to the loss, which is a sum over a row's ratings, mean over rows; biases are free.</summary>
    [Range(0.0, 100.0)]
    [Search(0.001, 1.0, Log = true)]
    public double Regularization { get; init; } = 0.02;

    /// <summary>How the outputs of observed ratings are computed; a matter of time only.</summary>
    public ObservedOutput ObservedOutput { get; init; } = ObservedOutput.Auto;
}

/// <summary>
/// A neural autoregressive model of a row's ratings (Zheng, Tang, Ding, Zhou 2016): p(r) is the product over the ratings, in some order, of the
/// probability of each given those before it. h = tanh(c + sum of W^r_m over the ratings given), scores s^k_m = b^k_m + V^k_m . h, p = softmax(s).
/// With shared weights, the sums over a rating's own level become sums over all levels up to it, on both sides.
/// </summary>
/// <remarks>
/// Training draws an order and a place in it for each row at each step: the ratings before the place are given, and those after it count
/// D / (number of them) each, which is the expected cost over all orders (section 3.4). The official code's second input matrix for the rating's
/// value is left out. A rating is predicted by the mean of the softmax from all training ratings of its row.
/// </remarks>
internal sealed class CfNade : RatingAutoencoder
{
    private readonly CfNadeOptions options;
    private readonly RatingLevels levels;
    private readonly EmbeddingBag input; // W [columns K, H], or A [columns K, J]
    private readonly Parameter inputBias; // c [H]
    private readonly Parameter output; // V [columns K, H], or P [columns K, J]
    private readonly Parameter outputBias; // b [columns K]
    private readonly Parameter? inputFactors; // B [J, H]
    private readonly Parameter? outputFactors; // Q [J, H]
    private readonly Tower deeper;

    public CfNade(CfNadeOptions options, ModelShape shape, RatingSide side)
        : base(nameof(CfNade), shape, options, side, shape.Get<RatingLevels>().Count)
    {
        this.options = options;
        levels = shape.Get<RatingLevels>();
        var (entries, first, last) = (ColumnCount * (long)Outputs, options.Hidden[0], options.Hidden[^1]);
        input = nn.EmbeddingBag(entries, options.Factors > 0 ? options.Factors : first, mode: EmbeddingBagMode.Sum, include_last_offset: true);
        inputBias = nn.Parameter(zeros(first));
        output = nn.Parameter(empty(entries, options.Factors > 0 ? options.Factors : last));
        outputBias = nn.Parameter(zeros(entries));
        inputFactors = options.Factors > 0 ? nn.Parameter(empty(options.Factors, first)) : null;
        outputFactors = options.Factors > 0 ? nn.Parameter(empty(options.Factors, last)) : null;
        deeper = new Tower(first, [.. options.Hidden.Skip(1)], x => x.tanh(), activatesLast: true, Initializers.GlorotUniform);
        using (no_grad())
        {
            foreach (var weight in new Tensor?[] { input.weight, output, inputFactors, outputFactors }.OfType<Tensor>())
            {
                Initializers.GlorotUniform(weight);
            }
        }

        RegisterComponents();
    }

    /// <summary>The catalog entry of the item model.</summary>
    public static SystemInfo OfItems { get; } = Entry(RatingSide.Items);

    /// <summary>The catalog entry of the user model.</summary>
    public static SystemInfo OfUsers { get; } = Entry(RatingSide.Users);

    /// <inheritdoc/>
    protected override (Tensor Weight, Tensor Bias) Output => (output, outputBias);

    /// <inheritdoc/>
    public override GradientTraining<UserRowBatch> Begin(TrainingSet train, TrainingOptions run)
    {
        var training = base.Begin(train, run);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var rates = tensor(levels.LogRates(Rows)).view(ColumnCount, Outputs);
        outputBias.copy_((options.SharesWeights ? cat([rates.narrow(1, 0, 1), rates.diff(1, 1)], 1) : rates).flatten()); // of sums, the steps
        return training;
    }

    /// <inheritdoc/>
    public override Tensor Loss(UserRowBatch batch)
    {
        var (given, asked, weights) = OrderSplit.Draw(RatingTensors.Of(batch));
        var loss = (Costs(given, asked) * weights).sum() / batch.Count;
        if (options.Regularization == 0)
        {
            return loss;
        }

        var squares = Weights().Select(weight => weight.square().sum()).Aggregate((sum, next) => sum + next);
        return loss + (options.Regularization * squares);
    }

    /// <summary>The cost of each asked rating [asked entries] under the ratings given of the same rows.</summary>
    public Tensor Costs(RatingTensors given, RatingTensors asked)
    {
        var hidden = Decode(Encode(given));
        var scores = Scores(ObservedProducts.Of(hidden, output, outputBias, asked.Columns, asked.Offsets, Outputs, options.ObservedOutput)); // [n, K]
        var level = levels.Of(asked.Values);
        return options.OrdinalWeight switch
        {
            0 => OrdinalCost.Regular(scores, level),
            1 => OrdinalCost.Ordinal(scores, level),
            var share => ((1 - share) * OrdinalCost.Regular(scores, level)) + (share * OrdinalCost.Ordinal(scores, level)),
        };
    }

    /// <inheritdoc/>
    protected override Tensor Encode(RatingTensors rows)
    {
        var level = levels.Of(rows.Values); // [nnz]
        var sums = options.SharesWeights ? SumUpTo(rows, level) : input.call((rows.Columns * Outputs) + level, rows.Offsets.to(int64));
        return deeper.forward((inputBias + (inputFactors is null ? sums : sums.matmul(inputFactors))).tanh()); // [B, H]
    }

    /// <inheritdoc/>
    protected override Tensor Decode(Tensor codes) => outputFactors is null ? codes : codes.matmul(outputFactors.t());

    /// <inheritdoc/>
    protected override Tensor Link(Tensor outputs) => levels.Expectation(Scores(outputs));

    /// <summary>Scores of levels [..., K] of what the output layer gives.</summary>
    private Tensor Scores(Tensor outputs) => options.SharesWeights ? outputs.cumsum(-1) : outputs;

    // A rating of level k reads rows 0, ..., k of its column.
    private Tensor SumUpTo(RatingTensors rows, Tensor level)
    {
        var counts = level + 1; // [nnz]
        var ends = counts.cumsum(0);
        var total = rows.EntryCount > 0 ? ends[-1].item<long>() : 0;
        var first = (rows.Columns * Outputs) - (ends - counts);
        var entries = first.repeat_interleave(counts, output_size: total) + arange(total, int64, level.device);
        var offsets = cat([zeros(1, int64, level.device), ends]).index_select(0, rows.Offsets);
        return input.call(entries, offsets);
    }

    private IEnumerable<Tensor> Weights() =>
        new Tensor?[] { input.weight, output, inputFactors, outputFactors }.OfType<Tensor>().Concat(deeper.Layers.Select(layer => layer.Weight));

    private static GraphValue Export(GraphSource source, RatingSide side) => new RatingGraph(source, source.Model.Shape.Get<RatingLevels>(), source.Options<CfNadeOptions>().SharesWeights)
    {
        Code = graph =>
        {
            var sums = graph.LevelsOfHistory().MatMul(graph.OfRated("input.weight", graph.Levels));
            sums = source.Has("inputFactors") ? sums.MatMul(source.Constant("inputFactors")) : sums;
            return source.Tower((source.Constant("inputBias") + sums).Tanh(), "deeper", x => x.Tanh(), activatesLast: true);
        },
        Hidden = codes => source.Has("outputFactors") ? codes.MatMul(source.Constant("outputFactors").Transpose(1, 0)) : codes,
        Weights = "output",
        Biases = "outputBias",
    }.Scores(side);

    private static SystemInfo Entry(RatingSide side) => Entry<CfNadeOptions>(
        side,
        "cf-nade",
        "CF-NADE",
        "Autoregressive",
        "Rating prediction by a neural autoregressive model that takes ratings as ordered classes.",
        "Zheng, Tang, Ding, Zhou: A Neural Autoregressive Approach to Collaborative Filtering. ICML 2016.",
        RatingClasses.Required,
        (options, shape, side) => new CfNade(options, shape, side),
        Export);
}

/// <summary>
/// A random order of each row's D ratings and a random place i in it, from 1 to D: the i - 1 ratings before it are given, the others are asked for and
/// weigh D / (D - i + 1) each. Only which ratings come before the place matters, not their order.
/// </summary>
internal static class OrderSplit
{
    /// <summary>Draws from torch's generator; rows must not be empty.</summary>
    /// <param name="rows">The rows.</param>
    /// <returns>The ratings given, those asked for, and the weights beside the latter.</returns>
    public static (RatingTensors Given, RatingTensors Asked, Tensor Weights) Draw(RatingTensors rows)
    {
        var counts = rows.Counts; // D [B]
        var device = counts.device;
        var given = (rand(rows.RowCount, float64, device) * counts).to(int64).minimum(counts - 1); // i - 1, from 0 to D - 1
        var rowOf = rows.RowOfEntry; // [nnz]
        var order = (rand(rows.EntryCount, float64, device) + rowOf).argsort(); // shuffles inside rows
        var place = arange(rows.EntryCount, int64, device) - rows.Offsets.index_select(0, rowOf);
        var isGiven = place < given.index_select(0, rowOf);
        var weights = (counts.to(rows.Values.dtype) / (counts - given)).index_select(0, rowOf);
        return (Pick(rows, order, isGiven, given), Pick(rows, order, isGiven.logical_not(), counts - given), weights.masked_select(isGiven.logical_not()));
    }

    private static RatingTensors Pick(RatingTensors rows, Tensor order, Tensor mask, Tensor counts)
    {
        var chosen = order.masked_select(mask);
        var offsets = cat([zeros(1, int64, counts.device), counts.cumsum(0)]).to(int32);
        return new RatingTensors(rows.Columns.index_select(0, chosen), offsets, rows.Values.index_select(0, chosen));
    }
}

/// <summary>Costs of the true level of a rating under scores of all K levels.</summary>
internal static class OrdinalCost
{
    /// <summary>-log softmax at the true level: the cost of unordered classes.</summary>
    /// <param name="scores">[n, K].</param>
    /// <param name="level">[n], int64, from 0.</param>
    /// <returns>[n].</returns>
    public static Tensor Regular(Tensor scores, Tensor level) => scores.logsumexp(1) - scores.gather(1, level.unsqueeze(1)).squeeze(1);

    /// <summary>
    /// -log of the probability that the true level k is ranked before k - 1 before ... 1, and before k + 1 before ... K (Zheng et al. 2016,
    /// section 4): two Plackett-Luce chains, by running log-sums from both ends, which stay finite whatever the scores.
    /// </summary>
    /// <param name="scores">[n, K].</param>
    /// <param name="level">[n], int64, from 0.</param>
    /// <returns>[n].</returns>
    public static Tensor Ordinal(Tensor scores, Tensor level)
    {
        var place = arange(scores.shape[1], int64, scores.device); // [K]
        var truth = level.unsqueeze(1); // [n, 1]
        var below = scores.logcumsumexp(1) - scores; // log of the sum over t <= j of exp(s_t - s_j)
        var above = scores.flip(1).logcumsumexp(1).flip(1) - scores; // over t >= j
        var none = zeros(1, scores.dtype, scores.device);
        return (below.where(place <= truth, none) + above.where(place >= truth, none)).sum(1);
    }
}
