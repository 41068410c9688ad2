using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Features;
using Tastemaker.Inputs;
using Tastemaker.Models.Baselines;
using Tastemaker.Native;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Solvers;
using Tastemaker.Systems;
using Tastemaker.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Convolutional;

/// <summary>
/// LRCNN: sparse vectors of users and items first, then a convolutional network that learns the vectors of items from their texts, so that cold items have one. The first stage minimizes sum C_ij (r_ij - u_i . v_j)^2 / 2 + lambda_u |U|_1 +
/// lambda_v |V|_1 by split Bregman iteration (<see cref="SplitBregman"/>), users and items by turns; what is handed on is exactly sparse. The second minimizes the squared error |v_j - f(text_j)|^2, mean over items.
/// </summary>
/// <remarks>
/// Only the abstracts of the paper and of its longer version (Shu et al., Multimedia Systems 2018) could be read: they name the convolutional network, the L1 norm, split Bregman iteration and the word vectors; weights, sizes and schedules are ours.
/// A tenth of the items with interactions is kept from the network, and the weights with the least error on them are the ones of the model; five epochs without a gain end the learning. Validation comes once, at the end. A cold-start user is solved for like any user.
/// Predicted ratings order lists; rating prediction is not offered as a task of its own.
/// </remarks>
internal sealed class Lrcnn : ContentFactorModel<ItemTextBatch<CompactTexts>>
{
    private const int TextsAtOnce = 256;
    private const double Converged = 1e-4;
    private const int Patience = 5;
    private const int FoldInIterations = 50;

    private readonly LrcnnOptions options;
    private readonly EntityTexts texts;
    private readonly TextRegressor reader;
    private SparseRows byUser = SparseRows.Empty(0, 0);
    private SparseRows byItem = SparseRows.Empty(0, 0);
    private int[] heldOut = [];
    private (float[] OfUsers, float[] OfItems) bregman = ([], []);
    private double objective = double.NaN;
    private bool hasConverged;
    private (double Error, int Epoch, float[][] Weights) best = (double.PositiveInfinity, -1, []);
    private Lazy<SplitBregman>? unseenUsers;

    /// <summary>A model.</summary>
    public Lrcnn(LrcnnOptions options, ModelShape shape)
        : base(nameof(Lrcnn), shape, options, options.Dimension)
    {
        (this.options, texts) = (options, shape.Get<EntityTexts>());
        var words = new EmbeddingTable(texts.Size, texts.VectorDimension ?? options.WordDimension, Initializers.OfWords(texts.Vectors, texts.UnknownIndex));
        reader = new TextRegressor(words, options.Windows, options.FilterCount, options.Dimension, options.Dropout);
        RegisterComponents();
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<LrcnnOptions>((options, shape) => new Lrcnn(options, shape))
    {
        Id = "lrcnn",
        Name = "LRCNN",
        Family = "Convolutional",
        Summary = "Sparse factors of users and items, and a convolutional network that tells those of an item from its text; also for items that nobody has met.",
        Paper = "X. Shen, B. Yi, Z. Zhang, J. Shu and H. Liu: Automatic Recommendation Technology for Learning Resources with Convolutional Neural Network. ISET 2016.",
        Answers = Capabilities.Everyone,
        ScoresByInnerProduct = true,
        Inputs = [new TextOf<LrcnnOptions>(FieldSource.Item, options => TextRules.Of(options, options.TextWords))],
        Derive = (options, train) =>
        {
            var derived = BatchRule.Of(options, train.Seen.CountColumns().Count(count => count > 0), updates: 50, largest: 64);
            return options.UnobservedWeight is null && options.Feedback is FactorizedFeedback.Likes ? derived with { UnobservedWeight = IalsWeights.Rounded(Math.Min(1, IalsWeights.Unobserved(train))) } : derived;
        },
        Check = (options, train) =>
        {
            if (options.Feedback is FactorizedFeedback.Ratings && !train.Interactions.HasValues)
            {
                throw new InputException($"LRCNN with feedback=ratings factorizes the values of interactions, and '{train.Data.Name}' has none. Set feedback to likes, or import a value column.");
            }
        },
    };

    /// <summary>Sweeps, then epochs of the network; the last alone is measured, since the weights of the best epoch are restored there.</summary>
    public override EpochPlan Plan => new(options.Sweeps + options.Epochs, FirstMeasured: options.Sweeps + options.Epochs - 1);

    /// <inheritdoc/>
    protected override bool HasItemBias => true;

    /// <inheritdoc/>
    protected override nn.Module Reader => reader;

    private double Unobserved => options.UnobservedWeight ?? 0;

    /// <inheritdoc/>
    public override ITraining Begin(TrainingSet train, TrainingOptions run)
    {
        (byUser, hasConverged, objective) = (train.Seen, false, double.NaN);
        if (options.Feedback is FactorizedFeedback.Ratings)
        {
            byUser = train.Rated;
            if (options.Biases)
            {
                var fitted = RatingBiases.Of(train.Rated);
                (Mean, byUser) = (fitted.Mean, fitted.Rest);
                fitted.OfUsers.CopyTo(UserBias, 0);
                fitted.OfItems.CopyTo(ItemBias, 0);
            }
        }

        byItem = byUser.Transpose();
        bregman = (new float[Users.Length], new float[Items.Length]);
        best = (double.PositiveInfinity, -1, []);
        return base.Begin(train, run);
    }

    /// <inheritdoc/>
    protected override IBatchSource<ItemTextBatch<CompactTexts>> Contents(TrainingOptions run)
    {
        int[] read = [.. Enumerable.Range(0, Shape.Items).Where(item => IsMet(item) && texts.Rows.Length(item) > 0)];
        new SeededRandom(run.Seed, 0, 1).Shuffle<int>(read);
        heldOut = read[..(read.Length / 10)];
        return new ItemTextSource<CompactTexts>(texts, read[heldOut.Length..], options.ExamplesPerUpdate);
    }

    /// <inheritdoc/>
    protected override float[] EncodeAll() => Read(Shape.Items, item => texts.Rows[item]);

    /// <inheritdoc/>
    protected override double? Learn(EpochContext context, IBatchSource<ItemTextBatch<CompactTexts>> source)
    {
        if (context.Epoch < options.Sweeps)
        {
            if (!hasConverged)
            {
                Sweep(Threads.Of(context), Math.Min(1, (context.Epoch + 1) / Math.Ceiling(options.Sweeps / 2.0)));
            }

            return null; // another kind of loss than the network's
        }

        if (context.Epoch - best.Epoch <= Patience || best.Epoch < 0)
        {
            LearnContent(context, source);
        }

        if (context.Epoch == Plan.Epochs - 1)
        {
            TakeBest();
        }

        return best.Error;
    }

    /// <summary>One sweep over users and items.</summary>
    /// <param name="parallel">The threads.</param>
    /// <param name="share">How much of the penalties counts.</param>
    /// <returns>The objective.</returns>
    public double Sweep(ParallelOptions parallel, double share)
    {
        var solved = Problem(Items, Items, share * options.UserPenalty, options.Iterations, parallel).SolveAll(byUser, Users, bregman.OfUsers, parallel)
            && Problem(Users, Users, share * options.ItemPenalty, options.Iterations, parallel).SolveAll(byItem, Items, bregman.OfItems, parallel);
        var found = solved ? Objective(parallel) : double.NaN;
        if (!double.IsFinite(found))
        {
            throw new InputException($"LRCNN met equations without a solution; raise coupling above {options.Coupling} or the penalties above 0.");
        }

        hasConverged = share >= 1 && Math.Abs(found - objective) < Converged * Math.Abs(objective);
        return objective = found;
    }

    /// <summary>sum C_ij (r_ij - u_i . v_j)^2 / 2 + lambda_u |U|_1 + lambda_v |V|_1.</summary>
    public double Objective(ParallelOptions parallel) =>
        (WeightedErrors.Of(byUser, Users, Items, Items, Dimension, 1, Unobserved, parallel) / 2)
        + (options.UserPenalty * Users.Sum(value => Math.Abs((double)value))) + (options.ItemPenalty * Items.Sum(value => Math.Abs((double)value)));

    /// <summary>The squared error of the network on a batch, mean over its items.</summary>
    /// <param name="batch">Items with their texts.</param>
    /// <param name="vectors">V [items, K].</param>
    public Tensor ContentLoss(ItemTextBatch<CompactTexts> batch, Tensor vectors)
    {
        var errors = (reader.Read(batch.Texts) - vectors.index_select(0, batch.Items)).square().sum(1); // [B]
        if (options.ItemDoubt > 0)
        {
            errors = errors * tensor(Array.ConvertAll(batch.ItemBuffer, item => (float)(byItem.Length(item) / (byItem.Length(item) + options.ItemDoubt))), device: errors.device);
        }

        return errors.mean();
    }

    /// <inheritdoc/>
    protected override void Prepare() => unseenUsers = new(() => Problem(Items, MetItems(), options.UserPenalty, FoldInIterations, Parallelism.Loop()));

    /// <inheritdoc/>
    protected override void FoldIn(RequestBatch requests, int request, Span<float> vector)
    {
        var hasRatings = options.Feedback is FactorizedFeedback.Ratings;
        var row = InteractionMatrix.Of(requests.Slice(request, 1), Shape.Items, hasRatings);
        float[] rest = hasRatings && row.HasValues ? [.. row.RowValues(0).ToArray().Select((value, entry) => value - Mean - ItemBias[row[0][entry]])] : [];
        unseenUsers!.Value.Solve(row[0], rest, new SymmetricMatrix(Dimension), vector, new float[Dimension]);
    }

    /// <inheritdoc/>
    protected override Dictionary<string, Tensor> Progress()
    {
        var state = new Dictionary<string, Tensor>
        {
            ["bregman of users"] = tensor(bregman.OfUsers),
            ["bregman of items"] = tensor(bregman.OfItems),
            ["progress"] = tensor(new[] { objective, hasConverged ? 1 : 0, best.Error, best.Epoch }),
        };
        for (var index = 0; index < best.Weights.Length; index++)
        {
            state[$"best {index}"] = tensor(best.Weights[index]);
        }

        return state;
    }

    /// <inheritdoc/>
    protected override void TakeProgress(IReadOnlyDictionary<string, Tensor> state)
    {
        bregman = (state.Floats("bregman of users", Users.Length), state.Floats("bregman of items", Items.Length));
        var told = state["progress"].ToValues<double>();
        var weights = Enumerable.Range(0, reader.parameters().Count()).Where(index => state.ContainsKey($"best {index}")).Select(index => state[$"best {index}"].ToValues<float>());
        (objective, hasConverged, best) = (told[0], told[1] > 0, (told[2], (int)told[3], [.. weights]));
    }

    // Items without interactions are 0 while users are learned, so that only the others count as pairs when a cold-start user is folded in.
    private SplitBregman Problem(float[] source, float[] counted, double penalty, int iterations, ParallelOptions parallel) =>
        new(source, Dimension, Unobserved > 0 ? Gram.OfFactors(counted, Dimension, parallel) : new SymmetricMatrix(Dimension))
        {
            UnobservedWeight = Unobserved,
            Penalty = penalty,
            Coupling = options.Coupling,
            Iterations = iterations,
        };

    // One epoch of the network, and the error on the items kept from it.
    private void LearnContent(EpochContext context, IBatchSource<ItemTextBatch<CompactTexts>> source)
    {
        using var scope = NewDisposeScope();
        var vectors = ItemsBesideReader();
        var learned = RunContent(context, source, "content", reader.parameters(), batch => ContentLoss(batch, vectors));
        var error = heldOut.Length == 0 ? learned : HeldOutError();
        if (error < best.Error)
        {
            best = (error, context.Epoch, [.. reader.parameters().Select(weight => weight.ToValues<float>())]);
        }
    }

    private double HeldOutError()
    {
        var codes = Read(heldOut.Length, place => texts.Rows[heldOut[place]]);
        return heldOut.Select((item, place) => codes.AsSpan(place * Dimension, Dimension).ToArray().Zip(Item(item).ToArray(), (code, value) => Math.Pow(code - value, 2)).Sum()).Average();
    }

    // What the network reads in texts [count, K].
    private float[] Read(int count, PaddedTexts.TextOfPlace text)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        reader.eval();
        return Scoring.Queries.Floats(ITextBlock.Read<CompactTexts>(count, text, TextsAtOnce, reader.parameters().First().device, reader.Read));
    }

    private void TakeBest()
    {
        using (no_grad())
        {
            foreach (var (weight, values) in reader.parameters().Zip(best.Weights))
            {
                using var saved = tensor(values, weight.shape, device: weight.device);
                weight.copy_(saved);
            }
        }

        Encode();
        for (var item = 0; options.TextShare > 0 && item < Shape.Items; item++)
        {
            var share = (float)(options.TextShare / (byItem.Length(item) + options.TextShare));
            Vectors.AddScaled(Item(item), -share, Item(item));
            Vectors.AddScaled(Item(item), share, Code(item));
        }
    }
}
