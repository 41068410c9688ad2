using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Export;
using Tastemaker.Inputs;
using Tastemaker.Models.Baselines;
using Tastemaker.Native;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Solvers;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Models.Autoencoders;

/// <summary>
/// Collaborative denoising autoencoder: z_u = h(sum over a corrupted copy of the user's items of W_j + V_u + b), s_ui = W'_i . z_u + b'_i, learned user
/// by user as in the paper's Algorithm 1: the cost of an epoch is that of the interactions and their sampled negatives, whatever the catalog. Penalties
/// act on what an example touches, as in the algorithm. AdaGrad divides by sqrt(1 + sum of squares), as the paper writes; the authors' code by
/// 1 + sqrt(sum). A cold-start user has no V_u, which then is 0.
/// </summary>
internal sealed class Cdae : FactorModel
{
    private const int LeastUsersAStep = 256;

    private readonly CdaeOptions options;
    private PositivePairs? positives;
    private RowAdagrad? outputs, outputBiases, inputs, nodes, hiddenBias;

    public Cdae(CdaeOptions options, ModelShape shape)
        : base(nameof(Cdae), shape, options, options.Dimension, deviation: 0)
    {
        this.options = options;
        using var scope = NewDisposeScope();
        Uniform(Items);
        Inputs = options.Tied ? Items : new float[Items.Length];
        HiddenBias = new float[options.Dimension];
        if (!options.Tied)
        {
            Uniform(Inputs);
        }

        if (options.UserNode)
        {
            Uniform(Users);
        }
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<CdaeOptions>((options, shape) => new Cdae(options, shape))
    {
        Id = "cdae",
        Name = "CDAE",
        Family = "Autoencoders",
        Summary = "A denoising autoencoder of a user's items with a node for the user, learned from sampled negatives.",
        Paper = "Y. Wu, C. DuBois, A. X. Zheng and M. Ester: Collaborative Denoising Auto-Encoders for Top-N Recommender Systems. WSDM 2016.",
        Answers = Capabilities.Everyone,
        ScoresByInnerProduct = true,
        Graph = new(Export, ReadsHistories: true),
    };

    /// <inheritdoc/>
    public override EpochPlan Plan => new(options.Epochs);

    /// <summary>W [items, K].</summary>
    internal float[] Inputs { get; private set; }

    /// <summary>W' [items, K].</summary>
    internal float[] Outputs => Items;

    /// <summary>V [users, K].</summary>
    internal float[] Nodes => Users;

    /// <summary>b [K].</summary>
    internal float[] HiddenBias { get; private set; }

    /// <summary>b' [items].</summary>
    internal float[] OutputBias => ItemBias;

    /// <inheritdoc/>
    public override ITraining Begin(TrainingSet train, TrainingOptions run)
    {
        positives = new PositivePairs(train);
        MakeOptimizers();
        return new SolverTraining(LearnUsers, (Shape.Users + LeastUsersAStep - 1) / LeastUsersAStep)
        {
            Saved = () => Parts().ToDictionary(part => part.Name, part => part.Rows.Sums),
            Resumed = state =>
            {
                MakeOptimizers();
                foreach (var (name, rows) in Parts())
                {
                    rows.Restore(state.Floats(name, rows.Shape));
                }
            },
            Ended = () => (positives, outputs, outputBiases, inputs, nodes, hiddenBias) = (null, null, null, null, null, null),
        };
    }

    private double? LearnUsers(EpochContext context)
    {
        train();
        var (rows, random) = (context.Train.Seen, context.Random());
        int[] order = [.. Enumerable.Range(0, rows.RowCount).Where(user => rows.Length(user) > 0)];
        random.Shuffle(order.AsSpan());
        var (total, sum, steps) = (0.0, 0.0, Math.Max(1, (order.Length + LeastUsersAStep - 1) / LeastUsersAStep));
        for (var place = 0; place < order.Length; place++)
        {
            sum += Learn(order[place], rows[order[place]], random);
            if ((place + 1) % LeastUsersAStep == 0 || place + 1 == order.Length)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                var users = (place % LeastUsersAStep) + 1;
                context.Step((place / LeastUsersAStep) + 1, steps, sum / users, users);
                total += sum;
                sum = 0;
            }
        }

        return total / Math.Max(1, order.Length);
    }

    /// <summary>One user of Algorithm 1: corrupts the row, samples what the user lacks, and learns; returns the loss before it.</summary>
    private double Learn(int user, ReadOnlySpan<int> row, SeededRandom random)
    {
        var kept = new int[row.Length];
        var count = 0;
        foreach (var item in row)
        {
            if (options.Corruption < 1 && random.NextDouble() >= options.Corruption)
            {
                kept[count++] = item;
            }
        }

        var targets = new int[row.Length * (1 + options.Negatives)];
        row.CopyTo(targets);
        for (var place = row.Length; place < targets.Length; place++)
        {
            targets[place] = positives!.Negative(user, random);
        }

        return Learn(user, kept.AsSpan(0, count), targets, row.Length);
    }

    /// <summary>Learns a user from what is left of the row and from targets; returns the sum of their losses before it.</summary>
    /// <param name="user">The user.</param>
    /// <param name="kept">Items that survived corruption.</param>
    /// <param name="targets">Items; -1 is passed over.</param>
    /// <param name="chosen">How many of them, from the first, the user has.</param>
    internal double Learn(int user, ReadOnlySpan<int> kept, ReadOnlySpan<int> targets, int chosen)
    {
        var scale = options.Corruption < 1 ? (float)(1 / (1 - options.Corruption)) : 0;
        Span<float> z = stackalloc float[Dimension], pull = stackalloc float[Dimension];
        Encode(user, kept, scale, z);
        pull.Clear();
        var loss = 0.0;
        for (var place = 0; place < targets.Length; place++)
        {
            if (targets[place] is >= 0 and var item)
            {
                var (error, cost) = Compare(Vectors.Dot(Item(item), z) + ItemBias[item], place < chosen ? 1 : 0);
                loss += cost;
                Vectors.AddScaled(pull, error, Item(item));
                outputs!.Step(item, error, z);
                outputBiases!.Step(item, error, [1]);
            }
        }

        if (options.Hidden is CdaeActivation.Sigmoid)
        {
            for (var unit = 0; unit < Dimension; unit++)
            {
                pull[unit] *= z[unit] * (1 - z[unit]);
            }
        }

        foreach (var item in kept)
        {
            inputs!.Step(item, scale, pull);
        }

        if (options.UserNode)
        {
            nodes!.Step(user, 1, pull);
        }

        hiddenBias!.Step(0, 1, pull);
        return loss;
    }

    /// <summary>z = h(scale x sum of W_j + V_u + b); a user of -1 has no V_u.</summary>
    internal void Encode(int user, ReadOnlySpan<int> items, float scale, Span<float> z)
    {
        HiddenBias.CopyTo(z);
        if (user >= 0 && options.UserNode)
        {
            Vectors.AddScaled(z, 1, User(user));
        }

        foreach (var item in items)
        {
            Vectors.AddScaled(z, scale, Inputs.AsSpan(item * Dimension, Dimension));
        }

        for (var unit = 0; options.Hidden is CdaeActivation.Sigmoid && unit < z.Length; unit++)
        {
            z[unit] = Sigmoid(z[unit]);
        }
    }

    /// <inheritdoc/>
    protected override void WriteQuery(RequestBatch requests, int request, Span<float> vector)
    {
        var items = requests.History(request).ToArray();
        Encode(requests.Users[request], items.AsSpan(0, options.Corruption < 1 ? NormalizedClicks.Distinct(items) : 0), 1, vector);
    }

    private static GraphValue Export(GraphSource source)
    {
        var options = source.Options<CdaeOptions>();
        var chosen = source.Requests.Chosen();
        var rows = options.Corruption < 1 ? chosen : chosen * source.Graph.Scalar(0f); // such a model has learned from users alone
        var z = rows.MatMul(source.Constant("inputs")) + source.Constant("hidden_bias");
        z = options.UserNode ? z + source.WithNobody("users").Gather(source.Requests.Users) : z;
        z = options.Hidden is CdaeActivation.Sigmoid ? z.Sigmoid() : z;
        return z.MatMul(source.Constant("items").Transpose(1, 0)) + source.Constant("item_bias");
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> State() => new Dictionary<string, Tensor>(base.State())
    {
        ["inputs"] = Matrix(Inputs, Shape.Items),
        ["hidden_bias"] = tensor(HiddenBias),
    };

    /// <inheritdoc/>
    protected override void Take(IReadOnlyDictionary<string, Tensor> state)
    {
        base.Take(state);
        Inputs = options.Tied ? Items : state.Floats("inputs", Shape.Items, Dimension);
        HiddenBias = state.Floats("hidden_bias", Dimension);
    }

    // Over the arrays as they are: restoring a model replaces them.
    private void MakeOptimizers()
    {
        outputs = Learning(Items, Dimension);
        inputs = options.Tied ? outputs : Learning(Inputs, Dimension);
        nodes = Learning(Users, Dimension);
        outputBiases = Learning(ItemBias, 1);
        hiddenBias = Learning(HiddenBias, Dimension);

        RowAdagrad Learning(float[] values, int dimension) =>
            new(values, dimension, (float)options.LearningRate, beta: 1, (float)options.Regularization);
    }

    private IEnumerable<(string Name, RowAdagrad Rows)> Parts() =>
        [("outputs", outputs!), ("inputs", inputs!), ("nodes", nodes!), ("output_biases", outputBiases!), ("hidden_bias", hiddenBias!)];

    // The gradient of the loss by the score, and the loss.
    private (float Error, double Loss) Compare(float score, int label) => options.Loss is CdaeLoss.Logistic
        ? (Sigmoid(score) - label, Math.Max(score, 0) - (score * label) + Math.Log(1 + Math.Exp(-Math.Abs(score))))
        : (score - label, 0.5 * (score - label) * (score - label));

    private static float Sigmoid(float x) => 1 / (1 + MathF.Exp(-x));

    // +-4 sqrt(6 / (items + K)), as in the authors' code.
    private void Uniform(float[] values)
    {
        var width = 4 * Math.Sqrt(6.0 / (Shape.Items + Dimension));
        rand(values.Length).mul_(2 * width).sub_(width).CopyValues<float>(values);
    }
}
