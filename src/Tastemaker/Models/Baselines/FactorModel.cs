using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Native;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Solvers;
using Tastemaker.Solvers.FoldIn;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Models.Baselines;

/// <summary>
/// What the matrix factorizations share: a vector a user, a vector an item, biases, and scores mean + b_u + b_i + p_u . q_i. The numbers live in
/// managed arrays, because solvers and example-by-example descent touch a few rows at a time.
/// </summary>
internal abstract class FactorModel : Model
{
    private Lazy<FoldInSolver?> fit = new(() => null);

    /// <summary>A model with initial vectors.</summary>
    /// <param name="name">Name of the module.</param>
    /// <param name="shape">Sizes of the data.</param>
    /// <param name="options">Its hyper-parameters.</param>
    /// <param name="dimension">Length of a vector.</param>
    /// <param name="deviation">Standard deviation of initial vectors (normal, mean 0); biases begin at 0.</param>
    protected FactorModel(string name, ModelShape shape, ModelOptions options, int dimension, double deviation)
        : base(name, shape, options)
    {
        Dimension = dimension;
        Users = Normal(shape.Users, dimension, deviation);
        Items = Normal(shape.Items, dimension, deviation);
        UserBias = new float[shape.Users];
        ItemBias = new float[shape.Items];
        Scorer = new InnerProduct(dimension, HasItemBias, Queries, () => new ItemTable(Items, ItemBias));
    }

    /// <inheritdoc/>
    public sealed override Scorer Scorer { get; }

    /// <summary>Length of a vector.</summary>
    protected int Dimension { get; }

    /// <summary>p [users, dimension].</summary>
    protected float[] Users { get; private set; }

    /// <summary>q [items, dimension].</summary>
    protected float[] Items { get; private set; }

    /// <summary>b_u [users].</summary>
    protected float[] UserBias { get; private set; }

    /// <summary>b_i [items].</summary>
    protected float[] ItemBias { get; private set; }

    /// <summary>Whether items have biases; where they never do, b_i is 0.</summary>
    protected virtual bool HasItemBias => true;

    /// <summary>The constant.</summary>
    protected float Mean { get; set; }

    /// <inheritdoc/>
    public override Tensor? ItemVectors => Matrix(Items, Shape.Items);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> State() => new Dictionary<string, Tensor>(base.State())
    {
        ["users"] = Matrix(Users, Shape.Users),
        ["items"] = Matrix(Items, Shape.Items),
        ["user_bias"] = tensor(UserBias),
        ["item_bias"] = tensor(ItemBias),
        ["mean"] = tensor(Mean),
    };

    /// <inheritdoc/>
    protected override void Take(IReadOnlyDictionary<string, Tensor> state)
    {
        base.Take(state);
        Users = state.Floats("users", Shape.Users, Dimension);
        Items = state.Floats("items", Shape.Items, Dimension);
        UserBias = state.Floats("user_bias", Shape.Users);
        ItemBias = state.Floats("item_bias", Shape.Items);
        Mean = state.Floats("mean")[0];
    }

    /// <summary>The equations of a fold-in, made when somebody is folded in; systems with a fold-in of their own prepare that instead.</summary>
    protected override void Prepare() => fit = new(() => FoldInLoss is { } loss ? new FoldInSolver(Items, Shifted(ItemBias, Mean + Average(UserBias)), Users, Dimension, loss) : null);

    /// <summary>The vector a known user is scored with.</summary>
    protected virtual void UserVector(int user, Span<float> vector) => User(user).CopyTo(vector);

    /// <summary>The loss by which a cold-start user with a history is given a vector; null where the system has another way, or none.</summary>
    protected virtual FoldInLoss? FoldInLoss => null;

    /// <summary>How far gradient descent on that loss goes for a history of some items, as a sum of learning rates.</summary>
    protected virtual double FoldInTime(int history) => double.PositiveInfinity;

    /// <summary>The vector of a cold-start user with a history; where a system has no such thing it stays 0, and biases decide.</summary>
    protected virtual void FoldIn(RequestBatch requests, int request, Span<float> vector) =>
        fit.Value?.Write(requests.History(request), FoldInTime(requests.History(request).Length), vector);

    /// <summary>The vector of a request: that of a known user, or of a cold-start user folded in.</summary>
    protected virtual void WriteQuery(RequestBatch requests, int request, Span<float> vector)
    {
        if (requests.Users[request] is >= 0 and var user)
        {
            UserVector(user, vector);
        }
        else
        {
            FoldIn(requests, request, vector);
        }
    }

    /// <summary>p_u.</summary>
    protected Span<float> User(int user) => Users.AsSpan(user * Dimension, Dimension);

    /// <summary>q_i.</summary>
    protected Span<float> Item(int item) => Items.AsSpan(item * Dimension, Dimension);

    /// <summary>b_i + p_u . q_i: what a user's items are compared by.</summary>
    protected float Score(int user, int item) => ItemBias[item] + Vectors.Dot(User(user), Item(item));

    /// <summary>Of some items drawn among those a user lacks, the one that scores highest at the moment (Zhang et al. 2013); -1 where the user has every item.</summary>
    protected int Hardest(PositivePairs pairs, int user, int candidates, SeededRandom random)
    {
        var best = pairs.Negative(user, random);
        for (var candidate = 1; candidate < candidates && best >= 0; candidate++)
        {
            var other = pairs.Negative(user, random);
            best = Score(user, other) > Score(user, best) ? other : best;
        }

        return best;
    }

    /// <summary>One step of BPR on -ln sigma(margin), the margin being by how much an item scores above another one; returns the loss before it.</summary>
    /// <param name="user">The user.</param>
    /// <param name="item">What the user has.</param>
    /// <param name="other">What the user lacks.</param>
    /// <param name="margin">The margin before the step.</param>
    /// <param name="step">The learning rate.</param>
    /// <param name="keep">What the step leaves of a value: 1 - learning rate x regularization.</param>
    protected double Prefer(int user, int item, int other, float margin, float step, float keep)
    {
        var move = step / (1 + MathF.Exp(margin));
        ItemBias[item] = (keep * ItemBias[item]) + move;
        ItemBias[other] = (keep * ItemBias[other]) - move;
        Vectors.Contrast(User(user), Item(item), Item(other), keep, move);
        return Math.Max(0, -margin) + Math.Log(1 + Math.Exp(-Math.Abs(margin)));
    }

    /// <summary>mean + b_u + b_i + p_u . q_i; an index of -1 drops its terms.</summary>
    protected void PredictPairs(ReadOnlySpan<int> users, ReadOnlySpan<int> items, Span<float> values)
    {
        var vector = new float[Dimension];
        for (var pair = 0; pair < users.Length; pair++)
        {
            var (user, item) = (users[pair], items[pair]);
            values[pair] = Mean + (user < 0 ? 0 : UserBias[user]) + (item < 0 ? 0 : ItemBias[item]);
            if (user >= 0 && item >= 0)
            {
                UserVector(user, vector);
                values[pair] += Vectors.Dot(vector, Item(item));
            }
        }
    }

    /// <summary>A table as a tensor [rows, dimension].</summary>
    protected Tensor Matrix(float[] table, int rows) => tensor(table, [rows, Dimension]);

    /// <summary>Normal numbers [rows, dimension] from torch's generator.</summary>
    protected static float[] Normal(int rows, int dimension, double deviation)
    {
        using var scope = NewDisposeScope();
        return randn(checked(rows * dimension)).mul_(deviation).ToValues<float>();
    }

    private Queries Queries(RequestBatch requests)
    {
        var (vectors, constants) = (new float[requests.Count * Dimension], new float[requests.Count]);
        if (requests.Count == 1)
        {
            Write(0);
        }
        else
        {
            Parallel.For(0, requests.Count, Parallelism.Loop(), Write);
        }

        return new Queries(vectors, constants);

        void Write(int request)
        {
            WriteQuery(requests, request, vectors.AsSpan(request * Dimension, Dimension));
            constants[request] = Mean + (requests.Users[request] is >= 0 and var user ? UserBias[user] : 0);
        }
    }

    private static float[] Shifted(float[] numbers, float shift) => Array.ConvertAll(numbers, number => number + shift);

    private static float Average(float[] numbers) => numbers.Length == 0 ? 0 : numbers.Average();
}
