using Tastemaker.Native;
using Tastemaker.Recommending;
using Tastemaker.Solvers;
using Tastemaker.Solvers.FoldIn;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Models.Baselines;

/// <summary>
/// What the matrix factorisations share: a vector a user, a vector an item, biases, and scores mean + b_u + b_i + p_u . q_i. The numbers live in
/// managed arrays, because solvers and example-by-example descent touch a few rows at a time.
/// </summary>
internal abstract class FactorModel : Model, IPartialScorer, IVectorModel
{
    private Lazy<PackedRows> packed;
    private Lazy<HistoryFit?> fit;

    /// <summary>A model with initial vectors.</summary>
    /// <param name="name">Name of the module.</param>
    /// <param name="shape">Sizes of the data.</param>
    /// <param name="dimension">Length of a vector.</param>
    /// <param name="deviation">Standard deviation of initial vectors (normal, mean 0); biases begin at 0.</param>
    protected FactorModel(string name, ModelShape shape, int dimension, double deviation)
        : base(name, shape)
    {
        Dimension = dimension;
        Users = Normal(shape.Users, dimension, deviation);
        Items = Normal(shape.Items, dimension, deviation);
        UserBias = new float[shape.Users];
        ItemBias = new float[shape.Items];
        (packed, fit) = (Packed(), Fitting());
    }

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
    public IPartialScores Begin(RequestBatch requests)
    {
        var queries = new float[requests.Count * Dimension];
        var offsets = new float[requests.Count];
        if (requests.Count == 1)
        {
            offsets[0] = Prepare(requests, 0, queries);
        }
        else
        {
            Parallel.For(0, requests.Count, Parallelism.Loop(), request => offsets[request] = Prepare(requests, request, queries.AsSpan(request * Dimension, Dimension)));
        }

        return new CatalogProducts(packed.Value, queries, offsets);
    }

    /// <summary>That of p and q, and one coordinate for b_i.</summary>
    public int VectorLength => HasItemBias ? Dimension + 1 : Dimension;

    /// <inheritdoc/>
    public void WriteItemVectors(int first, Span<float> vectors)
    {
        var length = VectorLength;
        for (var row = 0; row < vectors.Length / length; row++)
        {
            var vector = vectors.Slice(row * length, length);
            Item(first + row).CopyTo(vector);
            if (HasItemBias)
            {
                vector[Dimension] = ItemBias[first + row];
            }
        }
    }

    /// <inheritdoc/>
    public void WriteRequestVectors(RequestBatch requests, Span<float> vectors, Span<float> constants)
    {
        var length = VectorLength;
        for (var request = 0; request < requests.Count; request++)
        {
            var vector = vectors.Slice(request * length, length);
            vector.Clear();
            constants[request] = Prepare(requests, request, vector[..Dimension]);
            if (HasItemBias)
            {
                vector[Dimension] = 1;
            }
        }
    }

    /// <inheritdoc/>
    public override void Score(RequestBatch requests, Span<float> scores) => WholeCatalog.Fill(Begin(requests), requests.Count, Shape.Items, scores);

    /// <summary>Also forgets what scoring has prepared: vectors may change, or have changed, in training.</summary>
    public override void train(bool on = true)
    {
        base.train(on);
        (packed, fit) = (Packed(), Fitting());
    }

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
    public override void Restore(IReadOnlyDictionary<string, Tensor> state)
    {
        base.Restore(state);
        Users = state.Floats("users", Shape.Users, Dimension);
        Items = state.Floats("items", Shape.Items, Dimension);
        UserBias = state.Floats("user_bias", Shape.Users);
        ItemBias = state.Floats("item_bias", Shape.Items);
        Mean = state.Floats("mean")[0];
        (packed, fit) = (Packed(), Fitting());
    }

    /// <summary>The vector a known user is scored with.</summary>
    protected virtual void UserVector(int user, Span<float> vector) => User(user).CopyTo(vector);

    /// <summary>The loss by which a stranger with a history is given a vector; null where the system has another way, or none.</summary>
    protected virtual HistoryLoss? HistoryLoss => null;

    /// <summary>How far gradient descent on that loss goes for a history of some items, as a sum of step sizes.</summary>
    protected virtual double FoldInTime(int history) => double.PositiveInfinity;

    /// <summary>The vector of a stranger with a history; where a system has no such thing it stays 0, and biases decide.</summary>
    protected virtual void FoldIn(RequestBatch requests, int request, Span<float> vector) =>
        fit.Value?.Write(requests.History(request), FoldInTime(requests.History(request).Length), vector);

    /// <summary>The vector of a request: that of a known user, or of a stranger folded in.</summary>
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

    // Writes the vector of a request, and returns what its scores have in common.
    private float Prepare(RequestBatch requests, int request, Span<float> query)
    {
        WriteQuery(requests, request, query);
        var user = requests.Users[request];
        return Mean + (user >= 0 ? UserBias[user] : 0);
    }

    private Lazy<PackedRows> Packed() => new(() => new PackedRows(Items, Dimension, ItemBias));

    private Lazy<HistoryFit?> Fitting() => new(() => HistoryLoss is { } loss ? new HistoryFit(Items, Shifted(ItemBias, Mean + Average(UserBias)), Users, Dimension, loss) : null);

    private static float[] Shifted(float[] numbers, float shift) => Array.ConvertAll(numbers, number => number + shift);

    private static float Average(float[] numbers) => numbers.Length == 0 ? 0 : numbers.Average();
}
