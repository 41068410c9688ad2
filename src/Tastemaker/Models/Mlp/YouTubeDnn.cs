using System.ComponentModel.DataAnnotations;
using Tastemaker.Batches;
using Tastemaker.Batches.Sampling;
using Tastemaker.Data;
using Tastemaker.Features;
using Tastemaker.Inputs;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Systems;
using static TorchSharp.torch;

namespace Tastemaker.Models.Mlp;

/// <summary>Hyper-parameters of <see cref="YouTubeDnn"/>. Fields: by default history(last=50) and all columns of users and contexts that are no text.</summary>
public sealed record YouTubeDnnOptions : FieldOptions
{
    /// <summary>The defaults; batches of at most 512, such that an epoch has 100 updates.</summary>
    public YouTubeDnnOptions() => (Epochs, BatchSize, LearningRate) = (40, null, 1e-3);

    /// <summary>Length of the vectors of items and categories that are read.</summary>
    [Range(1, 4096)]
    [Search(32, 256, Log = true)]
    public int EmbeddingDimension { get; init; } = 256;

    /// <summary>
    /// Widths of the layers, each the half of the one before; the last is the length of the vectors of requests and of items that are predicted. Empty for a
    /// linear map to the embedding dimension.
    /// </summary>
    public IReadOnlyList<int> Layers { get; init; } = [1024, 512, 256];

    /// <summary>Whether ReLU follows the last layer too, as in the paper: all numbers of a request's vector are then 0 or more.</summary>
    public bool ActivatesLast { get; init; } = true;

    /// <summary>Whether a row reads how long before the end of the training data it happened, so that what was popular then is told from what is now; 0 in answers.</summary>
    public bool ExampleAge { get; init; } = true;

    /// <summary>Whether the square and the root of the age, and of all numbers, are read beside them.</summary>
    public bool Powers { get; init; } = true;

    /// <summary>What is predicted.</summary>
    public YouTubeLabels Labels { get; init; } = YouTubeLabels.Next;

    /// <summary>Rows of each user an epoch, the same for all so that the busy do not dominate; 0 for all positives of a user.</summary>
    [Range(0, 100_000)]
    [Search(1, 16, Log = true)]
    public int ExamplesPerUser { get; init; } = 4;

    /// <summary>Earlier items that a row must have, where its user has any such row.</summary>
    [Range(0, 1000)]
    public int LeastHistory { get; init; } = 1;

    /// <summary>Items drawn for each batch as negatives; 0 for a softmax over the whole catalog.</summary>
    [Range(0, 1 << 20)]
    public int Samples { get; init; } = 2000;

    /// <summary>What negatives are drawn from.</summary>
    public ItemSampling Sampling { get; init; } = ItemSampling.LogUniform;

    /// <summary>Whether scores are corrected by the log of how often an item is expected among the negatives.</summary>
    public bool LogQ { get; init; } = true;

    /// <summary>Share of the input and of what each ReLU gives that is set to 0 in training.</summary>
    [Range(0.0, 0.95)]
    [Search(0.0, 0.7)]
    public double Dropout { get; init; }

    internal override NumericTransform NumberTransform => NumericTransform.Quantile;

    internal override IReadOnlyList<string> DefaultFields(Dataset data) => ["history(last=50)", .. FieldSyntax.Columns(data, FieldSource.User, FieldSource.Context)];
}

/// <summary>
/// Candidate generation at YouTube (Covington et al. 2016, section 3): the mean of the vectors of the last positive items, and vectors and numbers
/// of user and context, go through a tower of ReLU layers to a vector u; the next item is predicted by a softmax over u . v_i, with
/// vectors v_i apart from those that are read.
/// </summary>
internal sealed class YouTubeDnn : TwoTowerModel
{
    private readonly YouTubeDnnOptions options;
    private readonly FieldInput input;
    private readonly Tower tower;
    private readonly EmbeddingTable outputs;

    /// <summary>A model.</summary>
    /// <exception cref="InputException">A field says something about the item.</exception>
    public YouTubeDnn(YouTubeDnnOptions options, ModelShape shape)
        : base(nameof(YouTubeDnn), shape, options)
    {
        this.options = options;
        if (Space.Schema.Visible.FirstOrDefault(field => IsOfItem(Space.Schema, field)) is { } ofItem)
        {
            throw new InputException($"YouTube DNN predicts items and cannot read '{ofItem.Name}' of the item; leave the field out, or use two-tower, which reads features of items.");
        }

        int[] widths = options.Layers.Count > 0 ? [.. options.Layers] : [options.EmbeddingDimension];
        input = new FieldInput(Space.Schema, _ => true, _ => options.EmbeddingDimension, length => Initializers.Normal(1 / Math.Sqrt(length)), options.Powers);
        tower = new Tower(input.Width + AgeWidth, widths, Activate, options.ActivatesLast && options.Layers.Count > 0, Initializers.GlorotUniform);
        outputs = new EmbeddingTable(shape.Items, widths[^1], Initializers.Normal(1 / Math.Sqrt(widths[^1]))) { AlwaysWhole = options.Samples == 0 };
        RegisterComponents();
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<YouTubeDnnOptions>((options, shape) => new YouTubeDnn(options, shape))
    {
        Id = "youtube-dnn",
        Name = "YouTube DNN",
        Family = "Mlp",
        Summary = "Predicts the next item from the mean of the last ones: candidate generation for large catalogs.",
        Paper = "P. Covington, J. Adams, E. Sargin: Deep neural networks for YouTube recommendations. RecSys 2016.",
        Answers = Capabilities.Everyone | Capabilities.Features,
        Inputs = [Fields.Named],
        ScoresByInnerProduct = true,
        Derive = (options, train) => BatchRule.Of(
            options, options.ExamplesPerUser > 0 ? options.ExamplesPerUser * train.UserCount : train.Interactions.Count, updates: 100, largest: 512),
    };

    /// <inheritdoc/>
    public override int VectorLength => (int)outputs.Weight.shape[1];

    private int AgeWidth => !options.ExampleAge ? 0 : options.Powers ? 3 : 1;

    /// <inheritdoc/>
    protected override IBatchSource<RetrievalBatch> Batches(TrainingSet train)
    {
        var sampler = ItemDistribution.Of(options.Sampling, ItemDistribution.Counts(train));
        return new RetrievalSource(train, Space, new RetrievalPlan
        {
            BatchSize = options.ExamplesPerUpdate,
            ExamplesPerUser = options.ExamplesPerUser,
            LeastHistory = options.LeastHistory,
            SeesFuture = options.Labels is YouTubeLabels.HeldOut,
            Samples = options.Samples,
            Sampler = sampler,
            LogCounts = options.Samples > 0 && options.LogQ ? sampler.LogCounts(options.Samples) : null,
        });
    }

    /// <inheritdoc/>
    public override Tensor Loss(RetrievalBatch batch)
    {
        var u = RequestVectors(batch.Rows, batch.Ages); // [B, d]
        var items = batch.Rows.Items;
        if (options.Samples == 0)
        {
            return nn.functional.cross_entropy(u.matmul(outputs.Weight.t()), items.to(int64));
        }

        var chosen = (u * outputs.forward(items)).sum(1); // [B]
        var drawn = u.matmul(outputs.forward(batch.Samples).t()); // [B, S]
        return Losses.SampledSoftmax(
            chosen, drawn, items, batch.Samples, options.LogQ ? batch.LogCounts : null, options.LogQ ? batch.SampleLogCounts : null);
    }

    /// <inheritdoc/>
    public override Tensor RequestVectors(FeatureBatch rows, Tensor ages)
    {
        var x = input.forward(rows);
        if (options.ExampleAge)
        {
            var age = ages.unsqueeze(1);
            x = cat([x, options.Powers ? FieldInput.Powers(age) : age], 1);
        }

        return tower.forward(Drop(x));
    }

    /// <inheritdoc/>
    protected override Tensor CatalogVectors(int first, int count) => outputs.Weight.narrow(0, first, count);

    private Tensor Activate(Tensor x) => Drop(x.relu());

    private Tensor Drop(Tensor x) => options.Dropout > 0 ? nn.functional.dropout(x, options.Dropout, training) : x;
}
