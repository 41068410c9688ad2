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

namespace Tastemaker.Models.Modern;

/// <summary>Hyper-parameters of <see cref="TwoTower"/>. Fields: by default user, history(last=50), item, and all columns that are no text.</summary>
public sealed record TwoTowerOptions : FieldOptions
{
    /// <summary>The defaults; batches of at most 1024, such that an epoch has 100 updates.</summary>
    public TwoTowerOptions() => (Epochs, BatchSize, LearningRate) = (30, null, 1e-3);

    /// <summary>Length of the vectors of fields.</summary>
    [Range(1, 4096)]
    [Search(16, 128, Log = true)]
    public int EmbeddingDimension { get; init; } = 64;

    /// <summary>Widths of the hidden layers of each tower; empty for a linear map of the fields.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [128];

    /// <summary>Length of the vectors u of requests and v of items.</summary>
    [Range(1, 4096)]
    [Search(16, 128, Log = true)]
    public int Dimension { get; init; } = 64;

    /// <summary>Whether u and v are divided by their lengths. Scores are then cosines, which a softmax can fit only with a small temperature.</summary>
    public bool Normalize { get; init; } = true;

    /// <summary>What scores are divided by in the loss; it has no part in ranking.</summary>
    [Range(0.001, 100.0)]
    [Search(0.03, 0.3, Log = true)]
    public double Temperature { get; init; } = 0.1;

    /// <summary>Whether scores are corrected by the log of how often an item is a column of a batch (Yi et al. 2019, section 4).</summary>
    public bool LogQ { get; init; } = true;

    /// <summary>
    /// Whether that frequency is estimated while batches go by (Yi et al. 2019, algorithm 2), from the number of steps between two appearances of an
    /// item, and not counted beforehand: for streams that change. An item has a cell of its own, so that nothing collides.
    /// </summary>
    [AddedLater]
    public bool StreamingFrequency { get; init; }

    /// <summary>alpha of the streaming estimate: how much the newest gap counts.</summary>
    [AddedLater]
    [Range(1e-6, 1.0)]
    public double FrequencyRate { get; init; } = 0.01;

    /// <summary>
    /// Items drawn uniformly for each batch as further negatives (Yang et al. 2020), so that the model also learns of items that are hardly ever in a batch;
    /// the correction is then that of the mixture.
    /// </summary>
    [Range(0, 1 << 20)]
    public int UniformNegatives { get; init; }

    /// <summary>Share of the fields' vectors that is set to 0 in training.</summary>
    [Range(0.0, 0.95)]
    [Search(0.0, 0.7)]
    public double Dropout { get; init; }

    internal override IReadOnlyList<string> DefaultFields(Dataset data) =>
        [FeatureSchema.User, "history(last=50)", FeatureSchema.Item, .. FieldSyntax.Columns(data, FieldSource.User, FieldSource.Item, FieldSource.Context)];
}

/// <summary>
/// Two towers: u = f(who asks, when, the positives before), v = g(item), each a network over the concatenated fields, a score u . v, and a
/// softmax of each row's item among the items of its batch (Yi et al. 2019). Histories hold what came before a row alone; of data without times or order,
/// all other positives of the user.
/// </summary>
internal sealed class TwoTower : TwoTowerModel
{
    private const int ItemsAtOnce = 4096;

    private readonly TwoTowerOptions options;
    private readonly FieldInput requestInput;
    private readonly FieldInput itemInput;
    private readonly Tower requestTower;
    private readonly Tower itemTower;
    private readonly StreamingFrequency? frequency;

    /// <summary>A model.</summary>
    /// <exception cref="InputException">One of the sides has no fields.</exception>
    public TwoTower(TwoTowerOptions options, ModelShape shape)
        : base(nameof(TwoTower), shape, options)
    {
        this.options = options;
        (requestInput, requestTower) = Side(field => !IsOfItem(Space.Schema, field), "who asks, such as user or history(last=50)");
        (itemInput, itemTower) = Side(field => IsOfItem(Space.Schema, field), "the item, such as item");
        frequency = options is { LogQ: true, StreamingFrequency: true } ? new StreamingFrequency(shape.Items, options.ExamplesPerUpdate, options.FrequencyRate) : null;
        RegisterComponents();
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<TwoTowerOptions>((options, shape) => new TwoTower(options, shape))
    {
        Id = "two-tower",
        Name = "Two-tower",
        Family = "Modern",
        Summary = "A network for who asks and one for the item, trained by a softmax within the batch that is corrected for popularity.",
        Paper = "X. Yi, J. Yang, L. Hong and others: Sampling-bias-corrected neural modeling for large corpus item recommendations. RecSys 2019.",
        Answers = Capabilities.Everyone | Capabilities.Features,
        Inputs = [Fields.Named],
        ScoresByInnerProduct = true,
        Derive = (options, train) => BatchRule.Of(options, train.Interactions.Count, updates: 100, largest: 1024),
    };

    /// <inheritdoc/>
    public override int VectorLength => options.Dimension;

    /// <inheritdoc/>
    protected override IBatchSource<RetrievalBatch> Batches(TrainingSet train)
    {
        var (counts, uniform) = (ItemDistribution.Counts(train), ItemDistribution.Of(ItemSampling.Uniform, new int[Shape.Items]));
        var total = Math.Max(1.0, counts.Sum());
        return new RetrievalSource(train, Space, new RetrievalPlan
        {
            BatchSize = options.ExamplesPerUpdate,
            Samples = options.UniformNegatives,
            Sampler = uniform,
            LogCounts = Array.ConvertAll(counts, count => (float)Math.Log((options.ExamplesPerUpdate * count / total) + (options.UniformNegatives / (double)Shape.Items))),
        });
    }

    /// <inheritdoc/>
    public override Tensor Loss(RetrievalBatch batch)
    {
        var u = RequestVectors(batch.Rows, batch.Ages); // [B, d]
        var v = ItemVectorsOf(batch.Rows);
        frequency?.See(batch.Rows.Items);
        if (options.UniformNegatives == 0)
        {
            return Losses.InBatchSoftmax(u.matmul(v.t()) / options.Temperature, batch.Rows.Items, options.LogQ ? LogCounts(batch.Rows.Items, batch.LogCounts) : null);
        }

        var columns = cat([v, ItemVectorsOf(Items(batch.SampleBuffer, v.device))]); // [B + M, d]
        return Losses.InBatchSoftmax(
            u.matmul(columns.t()) / options.Temperature,
            cat([batch.Rows.Items, batch.Samples]),
            options.LogQ ? cat([LogCounts(batch.Rows.Items, batch.LogCounts), LogCounts(batch.Samples, batch.SampleLogCounts)]) : null);
    }

    // Log of the expected number of columns of a batch with each item: as counted, or as estimated so far.
    private Tensor LogCounts(Tensor items, Tensor counted) => frequency is null
        ? counted
        : (frequency.Of(items) + (options.UniformNegatives / (double)Shape.Items)).log();

    /// <inheritdoc/>
    public override Tensor RequestVectors(FeatureBatch rows, Tensor ages) => Vectors(requestInput, requestTower, rows);

    /// <summary>Vectors of the items of rows [B, d].</summary>
    public Tensor ItemVectorsOf(FeatureBatch rows) => Vectors(itemInput, itemTower, rows);

    /// <inheritdoc/>
    protected override Tensor CatalogVectors(int first, int count)
    {
        var device = parameters().First().device;
        var blocks = Enumerable.Range(first, count).Chunk(ItemsAtOnce).Select(items =>
        {
            using var scope = NewDisposeScope();
            return ItemVectorsOf(Items(items, device)).MoveToOuterDisposeScope();
        });
        return cat([.. blocks]);
    }

    private (FieldInput Input, Tower Tower) Side(Predicate<FeatureField> fields, string of)
    {
        var input = new FieldInput(Space.Schema, fields, _ => options.EmbeddingDimension, length => Initializers.Normal(1 / Math.Sqrt(length)));
        return input.Width > 0
            ? (input, new Tower(input.Width, [.. options.Hidden, options.Dimension], x => x.relu(), activatesLast: false, Initializers.GlorotUniform))
            : throw new InputException($"Two-tower reads nothing about {of}: add such a field to fields.");
    }

    private Tensor Vectors(FieldInput input, Tower tower, FeatureBatch rows)
    {
        var x = input.forward(rows);
        var vectors = tower.forward(options.Dropout > 0 ? nn.functional.dropout(x, options.Dropout, training) : x);
        return options.Normalize ? nn.functional.normalize(vectors, dim: 1) : vectors;
    }

    private FeatureBatch Items(int[] items, Device device)
    {
        var batch = new FeatureBatch(Space, items.Length);
        batch.Clear();
        foreach (var item in items)
        {
            batch.Add(new RowParts(Space.Nobody, 0, Space.Items, item, Space.NoContext, 0, []), item, 0);
        }

        batch.Load(device);
        return batch;
    }
}
