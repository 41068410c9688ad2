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

namespace Tastemaker.Models.Convolutional;

/// <summary>Hyper-parameters of <see cref="Caser"/>.</summary>
public sealed record CaserOptions : GradientModelOptions
{
    /// <summary>Adam at 0.001 with the weight decay of the official code. Batches of at most 64 users, fewer where an epoch would have less than 20 updates.</summary>
    public CaserOptions() => (Epochs, BatchSize, LearningRate, WeightDecay) = (50, null, 1e-3, 1e-6);

    /// <summary>d: length of the vectors of users and items.</summary>
    [Symbol("d")]
    [Range(1, 4096)]
    [Search(32, 128, Log = true)]
    public int Dimension { get; init; } = 50;

    /// <summary>L: how many of a user's newest items are read.</summary>
    [Symbol("L")]
    [Range(1, 50)]
    [Search(3, 9)]
    public int Window { get; init; } = 5;

    /// <summary>T: how many of the following items are targets of a place.</summary>
    [Symbol("T")]
    [Range(1, 10)]
    [Search(1, 3)]
    public int Targets { get; init; } = 3;

    /// <summary>Number of horizontal filters of each height from 1 to L.</summary>
    [Range(1, 512)]
    [Search(4, 64, Log = true)]
    public int HorizontalFilters { get; init; } = 16;

    /// <summary>Number of vertical filters.</summary>
    [Range(0, 512)]
    [Search(1, 16, Log = true)]
    public int VerticalFilters { get; init; } = 4;

    /// <summary>Dropout rate of the output of the convolutions.</summary>
    [Range(0.0, 0.99)]
    [Search(0.1, 0.6)]
    public double Dropout { get; init; } = 0.5;

    /// <summary>Most items of a history that training uses; of longer histories the newest are used.</summary>
    [Range(2, 10_000)]
    public int MaxLength { get; init; } = 200;
}

/// <summary>
/// Caser: the vectors of the last L items form an image of L rows. Horizontal filters span several successive rows and are max-pooled; vertical filters are weighted sums of the rows (equations 4 to 9). A fully connected
/// layer joins both into z (equation 10), and the score of an item is W'[z; P_u] + b' with the vector P_u of the user (equation 11). Minimizes the logistic loss of the next T items and of one negative for each (equation 13).
/// All places of a history learn in one pass. For a cold-start user P_u is 0.
/// </summary>
internal sealed class Caser : Model
{
    private const int RequestsAtOnce = 1024;

    private readonly CaserOptions options;
    private readonly EmbeddingTable inputs;
    private readonly EmbeddingTable users;
    private readonly EmbeddingTable outputs; // W' [items, 2 d] and b' as the last number
    private readonly ModuleList<RowFilters> horizontal;
    private readonly Parameter vertical; // [L, filters]
    private readonly Dense joined;

    public Caser(CaserOptions options, ModelShape shape)
        : base(nameof(Caser), shape, options)
    {
        this.options = options;
        var d = options.Dimension;
        inputs = new EmbeddingTable(shape.Items, d, Initializers.Normal(1.0 / d));
        users = new EmbeddingTable(shape.Users, d, Initializers.Normal(1.0 / d));
        outputs = new EmbeddingTable(shape.Items, (2 * d) + 1, table =>
        {
            Initializers.Normal(1.0 / (2 * d))(table);
            table.narrow(1, 2 * d, 1).zero_();
        });
        horizontal = nn.ModuleList([.. Enumerable.Range(1, options.Window).Select(height => new RowFilters(d, options.HorizontalFilters, height))]);
        vertical = nn.Parameter(randn(options.Window, options.VerticalFilters) / Math.Sqrt(options.Window));
        joined = new Dense((options.HorizontalFilters * options.Window) + (options.VerticalFilters * d), d, Initializers.GlorotUniform);
        RegisterComponents();
        Scorer = new InnerProduct(2 * d, hasBiases: true, requests => Queries.Of(AfterHistories(requests)), () => ItemTable.Of(outputs.Weight.narrow(1, 0, 2 * d), outputs.Weight.select(1, 2 * d)));
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<CaserOptions>((options, shape) => new Caser(options, shape))
    {
        Id = "caser",
        Name = "Caser",
        Family = "Convolutional",
        Summary = "Convolutions over the vectors of a user's newest items, beside a vector of the user.",
        Paper = "J. Tang and K. Wang: Personalized Top-N Sequential Recommendation via Convolutional Sequence Embedding. WSDM 2018.",
        Answers = Capabilities.Histories,
        ScoresByInnerProduct = true,
        Inputs = [Times.Required],
        Derive = (options, train) => BatchRule.Of(options, train.ByUser, updates: 20, largest: 64),
    };

    /// <inheritdoc/>
    public override EpochPlan Plan => new(options.Epochs);

    /// <inheritdoc/>
    public override Scorer Scorer { get; }

    /// <inheritdoc/>
    public override Tensor ItemVectors => inputs.Weight;

    /// <inheritdoc/>
    public override GradientTraining<SequenceBatch> Begin(TrainingSet train, TrainingOptions run) =>
        new(this, options, run, new SequenceSource(train, options.ExamplesPerUpdate, options.MaxLength, shared: null), Loss);

    /// <summary>The loss of a batch, equation 13: the logistic loss of every target item plus that of one negative for it, mean over all targets of all places.</summary>
    public Tensor Loss(SequenceBatch batch)
    {
        var rows = batch.Places.div(batch.Length, RoundingMode.floor); // [P]
        var z = Read(Windows(batch).index_select(0, batch.Places)); // [P, d]
        var query = cat([z, users.forward(batch.Users.index_select(0, rows)), ones(z.shape[0], 1, device: z.device)], 1); // [P, 2 d + 1]
        var (loss, count) = (zeros(1, device: z.device), zeros(1, device: z.device));
        for (var ahead = 0; ahead < Math.Min(options.Targets, rows.shape[0]); ahead++)
        {
            // The item k + 1 places ahead is the target of the place k further on, if that place is of the same user. The negative of that place serves too: it depends on the user alone.
            var n = rows.shape[0] - ahead;
            var same = rows.narrow(0, 0, n).eq(rows.narrow(0, ahead, n)).to(float32);
            var right = (query.narrow(0, 0, n) * outputs.forward(batch.Targets.narrow(0, ahead, n))).sum(1);
            var wrong = (query.narrow(0, 0, n) * outputs.forward(batch.Negatives.narrow(0, ahead, n))).sum(1);
            loss += ((nn.functional.softplus(-right) + nn.functional.softplus(wrong)) * same).sum();
            count += same.sum();
        }

        return (loss / count).squeeze();
    }

    /// <summary>For every place of the sequences (L' is their length), the vectors of the last L items up to it, oldest first [B L', L, d]; zeros where the sequence has fewer items.</summary>
    public Tensor Windows(SequenceBatch batch)
    {
        var x = inputs.forward(batch.Items) * batch.IsPadding.logical_not().unsqueeze(2);
        var before = zeros(x.shape[0], options.Window - 1, x.shape[2], device: x.device);
        return cat([before, x], 1).unfold(1, options.Window, 1).flatten(0, 1).transpose(1, 2);
    }

    /// <summary>The output z of the convolutions and the layer that joins them: windows [n, L, d] to [n, d].</summary>
    public Tensor Read(Tensor windows)
    {
        var image = windows.transpose(1, 2); // [n, d, L]
        var found = horizontal.Select(filters => nn.functional.relu(filters.forward(windows).amax([1]))).ToList();
        found.Add(image.matmul(vertical).flatten(1)); // [n, d filters]
        return nn.functional.relu(joined.forward(nn.functional.dropout(cat(found, 1), options.Dropout, training)));
    }

    // [z, P_u] of each request [requests, 2 d].
    private Tensor AfterHistories(RequestBatch requests)
    {
        var z = HistoryReader.Read(
            requests,
            options.Window,
            options.Dimension,
            RequestsAtOnce,
            vertical.device,
            batch => Read(Windows(batch).view(batch.Count, batch.Length, options.Window, options.Dimension).select(1, batch.Length - 1)));
        return cat([z, users.OfKnown(requests.Users)], 1);
    }
}
