using Tastemaker.Data;
using Tastemaker.Export;
using Tastemaker.Inputs;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Solvers;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Models.Baselines;

/// <summary>Hyper-parameters of <see cref="SvdPlusPlus"/>.</summary>
public sealed record SvdPlusPlusOptions : SgdFactorOptions
{
    /// <summary>The defaults.</summary>
    public SvdPlusPlusOptions() => (Dimension, Epochs, LearningRate, Regularization, InitialDeviation) = (20, 30, 0.007, 0.05, 0.03);
}

/// <summary>
/// Rating prediction by r = mu + b_u + b_i + q_i . (p_u + z_u), z_u = |N(u)|^(-1/2) sum over j in N(u) of y_j, N(u) the distinct items the user
/// rated in training. Someone unknown is scored from a history with p_u = 0.
/// </summary>
internal sealed class SvdPlusPlus(ModelShape shape, SvdPlusPlusOptions options)
    : FactorModel(nameof(SvdPlusPlus), shape, options, options.Dimension, options.InitialDeviation), IRatingModel
{
    private readonly float step = (float)options.LearningRate;
    private readonly float keep = (float)(1 - (options.LearningRate * options.Regularization));
    private float[] implicitItems = Normal(shape.Items, options.Dimension, options.InitialDeviation); // y [items, dimension]
    private float[] implicitUsers = new float[shape.Users * options.Dimension]; // z [users, dimension]

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<SvdPlusPlusOptions>((options, shape) => new SvdPlusPlus(shape, options))
    {
        Id = "svd++",
        Name = "SVD++",
        Family = "Baselines",
        Summary = "Rating prediction by matrix factorization that also learns from which items were rated.",
        Paper = "Y. Koren: Factorization meets the neighborhood: a multifaceted collaborative filtering model. KDD 2008.",
        Answers = Capabilities.Everyone,
        ScoresByInnerProduct = true,
        Inputs = [RatingValues.Required],
        PredictsRatings = true,
        Graph = new(Export, ReadsHistories: true),
    };

    /// <inheritdoc/>
    public override EpochPlan Plan => new(options.Epochs);

    /// <inheritdoc/>
    public override ITraining Begin(TrainingSet train, TrainingOptions run)
    {
        Mean = MeanRating.Mean(train, "SVD++");
        RefreshUsers(train);
        return new SolverTraining(LearnUsers);
    }

    private double? LearnUsers(EpochContext context)
    {
        var random = context.Random();
        int[] users = [.. Enumerable.Range(0, Shape.Users)];
        random.Shuffle(users.AsSpan());
        var squares = 0.0;
        for (var position = 0; position < users.Length; position++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            squares += LearnUser(context.Train, users[position], random);
        }

        RefreshUsers(context.Train);
        var mean = squares / Math.Max(1, context.Train.Interactions.Count);
        context.Step(1, 1, mean, context.Train.Interactions.Count);
        return mean;
    }

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<int> users, ReadOnlySpan<int> items, Span<float> values) => PredictPairs(users, items, values);

    // Of someone unknown z is |N|^(-1/2) times the sum of y over the history, and p and b_u are 0.
    private static GraphValue Export(GraphSource source)
    {
        var (requests, graph) = (source.Requests, source.Graph);
        var chosen = requests.Chosen();
        var root = chosen.Sum(1, keep: true).Max(graph.Scalar(1f)).Sqrt();
        var folded = chosen.MatMul(source.Constant("implicit_items")) / root; // [batch, K]
        var known = source.WithNobody("users").Gather(requests.Users) + source.WithNobody("implicit_users").Gather(requests.Users);
        var vector = requests.Users.Less(graph.Scalar((long)source.Users)).Unsqueeze(1).Choose(known, folded);
        return vector.MatMul(source.Constant("items").Transpose(1, 0)) + source.Constant("item_bias")
            + (source.WithNobody("user_bias").Gather(requests.Users).Unsqueeze(1) + graph.Scalar(source.Floats("mean")[0]));
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> State() => new Dictionary<string, Tensor>(base.State())
    {
        ["implicit_items"] = Matrix(implicitItems, Shape.Items),
        ["implicit_users"] = Matrix(implicitUsers, Shape.Users),
    };

    /// <inheritdoc/>
    protected override void Take(IReadOnlyDictionary<string, Tensor> state)
    {
        base.Take(state);
        implicitItems = state.Floats("implicit_items", Shape.Items, Dimension);
        implicitUsers = state.Floats("implicit_users", Shape.Users, Dimension);
    }

    /// <inheritdoc/>
    protected override void UserVector(int user, Span<float> vector)
    {
        User(user).CopyTo(vector);
        Vectors.AddScaled(vector, 1, implicitUsers.AsSpan(user * Dimension, Dimension));
    }

    /// <inheritdoc/>
    protected override void FoldIn(RequestBatch requests, int request, Span<float> vector) =>
        SumImplicit(InteractionMatrix.Of(requests.Slice(request, 1), Shape.Items, useValues: false)[0], vector);

    /// <summary>
    /// One step on each rating of a user, in random order; returns the sum of squared errors. Every step moves all y_j of N(u) by the same affine
    /// map, y_j = keep y_j + c, and hence z_u = keep z_u + step e q_i. So the maps of all the user's ratings are composed and applied to the y_j
    /// once: the same numbers as step by step, at |N(u)| rather than |N(u)|^2 vector operations.
    /// </summary>
    private double LearnUser(TrainingSet train, int user, SeededRandom random)
    {
        var items = train.ByUser[user];
        var ratings = train.ByUser.RowValues(user);
        int[] order = [.. Enumerable.Range(0, items.Length)];
        random.Shuffle(order.AsSpan());
        var implicitVector = new float[Dimension];
        var shift = new float[Dimension];
        var (scale, root, squares) = (1f, SumImplicit(train.Seen[user], implicitVector), 0.0);
        foreach (var entry in order)
        {
            var error = Learn(user, items[entry], ratings[entry], root, implicitVector, shift);
            squares += error * error;
            scale *= keep;
        }

        foreach (var item in train.Seen[user])
        {
            var y = implicitItems.AsSpan(item * Dimension, Dimension);
            for (var index = 0; index < y.Length; index++)
            {
                y[index] = (scale * y[index]) + shift[index];
            }
        }

        return squares;
    }

    private double Learn(int user, int item, float rating, float root, Span<float> implicitVector, Span<float> shift)
    {
        var p = User(user);
        var q = Item(item);
        var error = rating - (Mean + UserBias[user] + ItemBias[item] + Vectors.Dot(p, q) + Vectors.Dot(implicitVector, q));
        var move = step * error;
        UserBias[user] = (keep * UserBias[user]) + move;
        ItemBias[item] = (keep * ItemBias[item]) + move;
        for (var index = 0; index < q.Length; index++)
        {
            var (oldP, oldQ, oldZ) = (p[index], q[index], implicitVector[index]);
            p[index] = (keep * oldP) + (move * oldQ);
            q[index] = (keep * oldQ) + (move * (oldP + oldZ));
            implicitVector[index] = (keep * oldZ) + (move * oldQ);
            shift[index] = (keep * shift[index]) + (root * move * oldQ);
        }

        return error;
    }

    // z of a set of items; returns |N|^(-1/2).
    private float SumImplicit(ReadOnlySpan<int> items, Span<float> vector)
    {
        vector.Clear();
        var root = items.IsEmpty ? 0 : 1 / MathF.Sqrt(items.Length);
        foreach (var item in items)
        {
            Vectors.AddScaled(vector, root, implicitItems.AsSpan(item * Dimension, Dimension));
        }

        return root;
    }

    private void RefreshUsers(TrainingSet train)
    {
        for (var user = 0; user < Shape.Users; user++)
        {
            SumImplicit(train.Seen[user], implicitUsers.AsSpan(user * Dimension, Dimension));
        }
    }
}
