using Tastemaker.Data;
using Tastemaker.Onnx.Graphs;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Solvers;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Onnx.Systems;

/// <summary>What the graph of a system is made from: the weights as they are saved, options, sizes, and the graph with its inputs.</summary>
internal sealed class GraphSource
{
    private readonly TrainedRecommender recommender;
    private readonly IReadOnlyDictionary<string, Tensor> state;

    /// <summary>The source of a trained system's graph. Used inside a dispose scope, to which the weights belong.</summary>
    public GraphSource(TrainedRecommender recommender)
    {
        this.recommender = recommender;
        state = recommender.Model.State();
        Graph = new OnnxGraph();
        Requests = new RequestInputs(Graph, recommender.Model.Shape);
    }

    /// <summary>The graph.</summary>
    public OnnxGraph Graph { get; }

    /// <summary>Its inputs.</summary>
    public RequestInputs Requests { get; }

    /// <summary>The model.</summary>
    public Model Model => recommender.Model;

    /// <summary>What it remembers of its data.</summary>
    public RecommenderSnapshot Snapshot => recommender.Snapshot;

    /// <summary>Number of users.</summary>
    public int Users => Model.Shape.Users;

    /// <summary>Number of items.</summary>
    public int Items => Model.Shape.Items;

    /// <summary>Most numbers that the graph holds at a time for one request and one item; a reader chooses sizes of batches by it.</summary>
    public int Breadth { get; set; } = 1;

    /// <summary>The hyper-parameters.</summary>
    public T Options<T>()
        where T : ModelOptions => (T)recommender.Origin.Options;

    /// <summary>Whether there are such weights.</summary>
    public bool Has(string key) => state.ContainsKey(key);

    /// <summary>The shape of weights.</summary>
    public long[] ShapeOf(string key) => state[key].shape;

    /// <summary>Weights as numbers.</summary>
    public float[] Floats(string key) => state.Floats(key, state[key].shape);

    /// <summary>A saved sparse matrix.</summary>
    public SparseRows Rows(string key, int rows, int columns) => state.Rows(key, rows, columns);

    /// <summary>Weights as a constant.</summary>
    public OnnxValue Constant(string key) => Graph.Constant(Floats(key), state[key].shape);

    /// <summary>A table of weights with a row of zeros after the last: that of nobody.</summary>
    public OnnxValue WithNobody(string key) =>
        Graph.Constant([.. Floats(key), .. new float[state[key].shape.Length > 1 ? state[key].shape[1] : 1]], [state[key].shape[0] + 1, .. state[key].shape[1..]]);

    /// <summary>A dense layer whose weights [out, in] and biases are saved as name.weight and name.bias.</summary>
    public OnnxValue Dense(OnnxValue x, string name) => x.MatMul(Constant($"{name}.weight").Transpose(1, 0)) + Constant($"{name}.bias");

    /// <summary>The dense layers name.layers.0, name.layers.1 and so on, each but perhaps the last with an activation.</summary>
    public OnnxValue Tower(OnnxValue x, string name, Func<OnnxValue, OnnxValue> activation, bool activatesLast, int first = 0)
    {
        for (var layer = first; Has($"{name}.layers.{layer}.weight"); layer++)
        {
            x = Dense(x, $"{name}.layers.{layer}");
            x = activatesLast || Has($"{name}.layers.{layer + 1}.weight") ? activation(x) : x;
        }

        return x;
    }
}
