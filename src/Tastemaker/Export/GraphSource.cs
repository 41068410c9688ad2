using Tastemaker.Data;
using Tastemaker.Native;
using Tastemaker.Options;
using Tastemaker.Solvers;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Export;

/// <summary>What the scoring graph of a trained system is made from: the weights as they are saved, options, sizes, and the graph with its inputs.</summary>
public sealed class GraphSource
{
    private readonly ModelOptions options;
    private readonly IReadOnlyDictionary<string, Tensor> state;

    /// <summary>The source of a trained model's graph. Used inside a dispose scope, to which the weights belong.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Its options.</param>
    /// <param name="histories">What it was trained on: a row per user.</param>
    internal GraphSource(Model model, ModelOptions options, SparseRows histories)
    {
        (Model, this.options, Histories) = (model, options, histories);
        state = model.State();
        Graph = new GraphBuilder();
        Requests = new GraphInputs(Graph, model.Shape);
    }

    /// <summary>The graph.</summary>
    public GraphBuilder Graph { get; }

    /// <summary>Its inputs.</summary>
    public GraphInputs Requests { get; }

    /// <summary>The model.</summary>
    public Model Model { get; }

    /// <summary>The histories it was trained on, a row per user; empty of users that it does not know.</summary>
    public SparseRows Histories { get; }

    /// <summary>Number of users.</summary>
    public int Users => Model.Shape.Users;

    /// <summary>Number of items.</summary>
    public int Items => Model.Shape.Items;

    /// <summary>Most numbers that the graph holds at a time for one request and one item; a reader chooses batch sizes by it.</summary>
    public int Breadth { get; set; } = 1;

    /// <summary>The hyper-parameters.</summary>
    public T Options<T>()
        where T : ModelOptions => (T)options;

    /// <summary>Whether there are such weights.</summary>
    public bool Has(string key) => state.ContainsKey(key);

    /// <summary>The shape of weights.</summary>
    public long[] ShapeOf(string key) => state[key].shape;

    /// <summary>Weights as numbers, row-major.</summary>
    public float[] Floats(string key) => state.Floats(key, state[key].shape);

    /// <summary>A saved sparse matrix.</summary>
    internal SparseRows Rows(string key, int rows, int columns) => state.Rows(key, rows, columns);

    /// <summary>Weights as a constant.</summary>
    public GraphValue Constant(string key) => Graph.Constant(Floats(key), state[key].shape);

    /// <summary>A tensor as a constant.</summary>
    public GraphValue Constant(Tensor table) => Graph.Constant(table.ToValues<float>(), table.shape);

    /// <summary>A saved sparse matrix as a constant, written out.</summary>
    /// <exception cref="InputException">It is too large for a file.</exception>
    internal GraphValue Sparse(string key, int rowCount, int columnCount)
    {
        Graph.RequireRoom((long)rowCount * columnCount * sizeof(float));
        var (rows, dense) = (Rows(key, rowCount, columnCount), new float[(long)rowCount * columnCount]);
        for (var row = 0; row < rowCount; row++)
        {
            var target = dense.AsSpan(row * columnCount, columnCount);
            for (var entry = 0; entry < rows.Length(row); entry++)
            {
                target[rows[row][entry]] += rows.HasValues ? rows.RowValues(row)[entry] : 1;
            }
        }

        return Graph.Constant(dense, rowCount, columnCount);
    }

    /// <summary>A table of weights with a row of zeros after the last: that of a cold-start user, or of padding.</summary>
    public GraphValue WithNobody(string key) =>
        Graph.Constant([.. Floats(key), .. new float[state[key].shape.Length > 1 ? state[key].shape[1] : 1]], [state[key].shape[0] + 1, .. state[key].shape[1..]]);

    /// <summary>A dense layer whose weights [out, in] and biases are saved as name.weight and name.bias.</summary>
    public GraphValue Dense(GraphValue x, string name) => x.MatMul(Constant($"{name}.weight").Transpose(1, 0)) + Constant($"{name}.bias");

    /// <summary>The dense layers name.layers.0, name.layers.1 and so on, each but perhaps the last with an activation.</summary>
    public GraphValue Tower(GraphValue x, string name, Func<GraphValue, GraphValue> activation, bool activatesLast, int first = 0)
    {
        for (var layer = first; Has($"{name}.layers.{layer}.weight"); layer++)
        {
            x = Dense(x, $"{name}.layers.{layer}");
            x = activatesLast || Has($"{name}.layers.{layer + 1}.weight") ? activation(x) : x;
        }

        return x;
    }
}
