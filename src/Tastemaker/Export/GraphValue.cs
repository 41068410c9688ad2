namespace Tastemaker.Export;

/// <summary>
/// A value of a graph: an input, a constant, or what an operation gives. Methods and operators add the ONNX operation of their name, with ONNX's
/// broadcasting, so that a scoring function reads as it does on tensors. Element by element unless something else is said.
/// </summary>
public sealed class GraphValue
{
    private readonly GraphBuilder graph;

    internal GraphValue(GraphBuilder graph, string name) => (this.graph, Name) = (graph, name);

    /// <summary>The name in the graph.</summary>
    public string Name { get; }

    /// <summary>The sum.</summary>
    public static GraphValue operator +(GraphValue left, GraphValue right) => left.With("Add", right);

    /// <summary>The difference.</summary>
    public static GraphValue operator -(GraphValue left, GraphValue right) => left.With("Sub", right);

    /// <summary>The product.</summary>
    public static GraphValue operator *(GraphValue left, GraphValue right) => left.With("Mul", right);

    /// <summary>The quotient.</summary>
    public static GraphValue operator /(GraphValue left, GraphValue right) => left.With("Div", right);

    /// <summary>The matrix product.</summary>
    public GraphValue MatMul(GraphValue right) => With("MatMul", right);

    /// <summary>The hyperbolic tangent.</summary>
    public GraphValue Tanh() => With("Tanh");

    /// <summary>The logistic function.</summary>
    public GraphValue Sigmoid() => With("Sigmoid");

    /// <summary>The rectifier, max(x, 0).</summary>
    public GraphValue Relu() => With("Relu");

    /// <summary>The square root.</summary>
    public GraphValue Sqrt() => With("Sqrt");

    /// <summary>The larger of two.</summary>
    public GraphValue Max(GraphValue other) => With("Max", other);

    /// <summary>Softmax over the last axis.</summary>
    public GraphValue Softmax() => graph.Add("Softmax", [this], ("axis", -1));

    /// <summary>Normalized over the last axis to mean 0 and variance 1, then scaled and moved.</summary>
    public GraphValue LayerNorm(GraphValue scale, GraphValue bias, float epsilon) =>
        graph.Add("LayerNormalization", [this, scale, bias], ("axis", -1), ("epsilon", epsilon));

    /// <summary>The smaller of two.</summary>
    public GraphValue Min(GraphValue other) => With("Min", other);

    /// <summary>Whether this is less.</summary>
    public GraphValue Less(GraphValue right) => With("Less", right);

    /// <summary>Whether this is greater.</summary>
    public GraphValue Greater(GraphValue right) => With("Greater", right);

    /// <summary>Whether both are equal.</summary>
    public GraphValue EqualTo(GraphValue right) => With("Equal", right);

    /// <summary>Whether both hold.</summary>
    public GraphValue And(GraphValue right) => With("And", right);

    /// <summary>Whether one of the two holds.</summary>
    public GraphValue Or(GraphValue right) => With("Or", right);

    /// <summary>Where this holds, the one; elsewhere the other.</summary>
    public GraphValue Choose(GraphValue then, GraphValue otherwise) => graph.Add("Where", [this, then, otherwise]);

    /// <summary>Rows of a table, or in general slices of an axis, by their indexes.</summary>
    public GraphValue Gather(GraphValue indexes, int axis = 0) => graph.Add("Gather", [this, indexes], ("axis", axis));

    /// <summary>For each index the number at that place of its row: [B, n] by [B, m] to [B, m].</summary>
    public GraphValue GatherInRows(GraphValue indexes) => graph.Add("GatherElements", [this, indexes], ("axis", 1));

    /// <summary>This with numbers put at places of its rows; of several at one place the reduction ("none", "add", "max") decides.</summary>
    public GraphValue ScatterInRows(GraphValue indexes, GraphValue updates, string reduction) => graph.Add(
        "ScatterElements", [this, indexes, updates], ("axis", 1), ("reduction", reduction));

    /// <summary>The axes in another order.</summary>
    public GraphValue Transpose(params ReadOnlySpan<int> order) => graph.Add("Transpose", [this], ("perm", order.ToArray()));

    /// <summary>With one more axis of length 1.</summary>
    public GraphValue Unsqueeze(long axis) => With("Unsqueeze", graph.Constant([axis], 1));

    /// <summary>Without an axis of length 1.</summary>
    public GraphValue Squeeze(long axis) => With("Squeeze", graph.Constant([axis], 1));

    /// <summary>Of another shape: 0 keeps an axis, -1 is what remains.</summary>
    public GraphValue Reshape(params long[] shape) => With("Reshape", graph.Constant(shape, shape.Length));

    /// <summary>Repeated to a shape.</summary>
    public GraphValue Expand(GraphValue shape) => With("Expand", shape);

    /// <summary>The sum over an axis.</summary>
    public GraphValue Sum(long axis, bool keep = false) => graph.Add("ReduceSum", [this, graph.Constant([axis], 1)], ("keepdims", keep ? 1 : 0));

    /// <summary>The part [from, to) of an axis.</summary>
    public GraphValue Slice(long axis, long from, long to) =>
        graph.Add("Slice", [this, graph.Constant([from], 1), graph.Constant([to], 1), graph.Constant([axis], 1)]);

    /// <summary>The shape, a vector of int64.</summary>
    public GraphValue Shape() => With("Shape");

    /// <summary>As float32.</summary>
    public GraphValue ToFloat() => Cast(GraphNumbers.Float);

    /// <summary>As int64.</summary>
    public GraphValue ToInt64() => Cast(GraphNumbers.Int64);

    /// <summary>As int32.</summary>
    public GraphValue ToInt32() => Cast(GraphNumbers.Int32);

    private GraphValue Cast(GraphNumbers numbers) => graph.Add("Cast", [this], ("to", (int)numbers));

    private GraphValue With(string operation, params GraphValue[] others) => graph.Add(operation, [this, .. others]);
}
