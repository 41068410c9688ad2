using Onnx;

namespace Tastemaker.Onnx.Graphs;

/// <summary>
/// A value of a graph: an input, a constant, or what an operation gives. Methods and operators add the ONNX operation of their name, with ONNX's
/// broadcasting, so that a scoring function reads as it does on tensors.
/// </summary>
/// <param name="graph">The graph it belongs to.</param>
/// <param name="name">Its name there.</param>
internal sealed class OnnxValue(OnnxGraph graph, string name)
{
    /// <summary>The name in the graph.</summary>
    public string Name { get; } = name;

    public static OnnxValue operator +(OnnxValue left, OnnxValue right) => left.With("Add", right);

    public static OnnxValue operator -(OnnxValue left, OnnxValue right) => left.With("Sub", right);

    public static OnnxValue operator *(OnnxValue left, OnnxValue right) => left.With("Mul", right);

    public static OnnxValue operator /(OnnxValue left, OnnxValue right) => left.With("Div", right);

    /// <summary>The matrix product.</summary>
    public OnnxValue MatMul(OnnxValue right) => With("MatMul", right);

    public OnnxValue Tanh() => With("Tanh");

    public OnnxValue Sigmoid() => With("Sigmoid");

    public OnnxValue Relu() => With("Relu");

    public OnnxValue Sqrt() => With("Sqrt");

    /// <summary>The larger of two.</summary>
    public OnnxValue Max(OnnxValue other) => With("Max", other);

    /// <summary>Softmax over the last axis.</summary>
    public OnnxValue Softmax() => graph.Add("Softmax", [this], OnnxGraph.Attribute("axis", -1));

    /// <summary>Normalized over the last axis to mean 0 and variance 1, then scaled and moved.</summary>
    public OnnxValue LayerNorm(OnnxValue scale, OnnxValue bias, float epsilon) =>
        graph.Add("LayerNormalization", [this, scale, bias], OnnxGraph.Attribute("axis", -1), OnnxGraph.Attribute("epsilon", epsilon));

    /// <summary>The smaller of two.</summary>
    public OnnxValue Min(OnnxValue other) => With("Min", other);

    public OnnxValue Less(OnnxValue right) => With("Less", right);

    public OnnxValue Greater(OnnxValue right) => With("Greater", right);

    public OnnxValue EqualTo(OnnxValue right) => With("Equal", right);

    public OnnxValue And(OnnxValue right) => With("And", right);

    public OnnxValue Or(OnnxValue right) => With("Or", right);

    /// <summary>Where this holds, the one; elsewhere the other.</summary>
    public OnnxValue Choose(OnnxValue then, OnnxValue otherwise) => graph.Add("Where", [this, then, otherwise]);

    /// <summary>Rows of a table, or in general slices of an axis, by their indexes.</summary>
    public OnnxValue Gather(OnnxValue indexes, int axis = 0) => graph.Add("Gather", [this, indexes], OnnxGraph.Attribute("axis", axis));

    /// <summary>For each index the number at that place of its row: [B, n] by [B, m] to [B, m].</summary>
    public OnnxValue GatherInRows(OnnxValue indexes) => graph.Add("GatherElements", [this, indexes], OnnxGraph.Attribute("axis", 1));

    /// <summary>This with numbers put at places of its rows; of several at one place the reduction ("none", "add", "max") decides.</summary>
    public OnnxValue ScatterInRows(OnnxValue indexes, OnnxValue updates, string reduction) => graph.Add(
        "ScatterElements", [this, indexes, updates], OnnxGraph.Attribute("axis", 1), OnnxGraph.Attribute("reduction", reduction));

    /// <summary>The axes in another order.</summary>
    public OnnxValue Transpose(params ReadOnlySpan<int> order) => graph.Add("Transpose", [this], OnnxGraph.Attribute("perm", order));

    /// <summary>With one more axis of length 1.</summary>
    public OnnxValue Unsqueeze(long axis) => With("Unsqueeze", graph.Constant([axis], 1));

    /// <summary>Without an axis of length 1.</summary>
    public OnnxValue Squeeze(long axis) => With("Squeeze", graph.Constant([axis], 1));

    /// <summary>Of another shape: 0 keeps an axis, -1 is what remains.</summary>
    public OnnxValue Reshape(params long[] shape) => With("Reshape", graph.Constant(shape, shape.Length));

    /// <summary>Repeated to a shape.</summary>
    public OnnxValue Expand(OnnxValue shape) => With("Expand", shape);

    /// <summary>The sum over an axis.</summary>
    public OnnxValue Sum(long axis, bool keep = false) => graph.Add("ReduceSum", [this, graph.Constant([axis], 1)], OnnxGraph.Attribute("keepdims", keep ? 1 : 0));

    /// <summary>The part [from, to) of an axis.</summary>
    public OnnxValue Slice(long axis, long from, long to) =>
        graph.Add("Slice", [this, graph.Constant([from], 1), graph.Constant([to], 1), graph.Constant([axis], 1)]);

    /// <summary>The shape, a vector of int64.</summary>
    public OnnxValue Shape() => With("Shape");

    public OnnxValue ToFloat() => Cast(TensorProto.Types.DataType.Float);

    public OnnxValue ToInt64() => Cast(TensorProto.Types.DataType.Int64);

    public OnnxValue ToInt32() => Cast(TensorProto.Types.DataType.Int32);

    private OnnxValue Cast(TensorProto.Types.DataType type) => graph.Add("Cast", [this], OnnxGraph.Attribute("to", (int)type));

    private OnnxValue With(string operation, params OnnxValue[] others) => graph.Add(operation, [this, .. others]);
}
