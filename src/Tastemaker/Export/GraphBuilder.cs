using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Tastemaker.Export;

/// <summary>
/// A graph of ONNX operations under construction, as plain data: the package Tastemaker.Onnx writes it to a file. Equal constants are stored once.
/// </summary>
public sealed class GraphBuilder
{
    /// <summary>The version of ONNX's operations that graphs are written in; that of 2022, which runtimes of many languages read.</summary>
    public const int Opset = 18;

    // An ONNX file is one protobuf message, which cannot be larger than 2 GiB; some is left for vocabularies and histories.
    private const long MostConstantBytes = 1_900_000_000;

    private readonly List<GraphPort> inputs = [];
    private readonly List<GraphPort> outputs = [];
    private readonly List<GraphNode> nodes = [];
    private readonly List<GraphConstant> constants = [];
    private readonly Dictionary<string, GraphValue> known = [];
    private long constantBytes;
    private int operations;

    /// <summary>The inputs, in the order in which they were first used.</summary>
    internal IReadOnlyList<GraphPort> Inputs => inputs;

    /// <summary>The outputs.</summary>
    internal IReadOnlyList<GraphPort> Outputs => outputs;

    /// <summary>The operations, each after those it reads.</summary>
    internal IReadOnlyList<GraphNode> Nodes => nodes;

    /// <summary>The constants.</summary>
    internal IReadOnlyList<GraphConstant> Constants => constants;

    /// <summary>Refuses constants that an ONNX file could not hold beside those of the graph.</summary>
    /// <param name="bytes">Their size.</param>
    /// <exception cref="InputException">They are too large.</exception>
    public void RequireRoom(long bytes)
    {
        if (constantBytes + bytes > MostConstantBytes)
        {
            throw new InputException(
                $"The model is too large for an ONNX file: its tables take {(constantBytes + bytes) / 1e9:0.0} GB or more, and such a file holds 2 GiB. "
                + "Serve the run folder itself, drop rare items with a k-core filter, or train a system with vectors, such as multi-dae.");
        }
    }

    /// <summary>A constant of float32 numbers, row-major.</summary>
    /// <exception cref="InputException">The graph would be too large for a file.</exception>
    public GraphValue Constant(float[] values, params ReadOnlySpan<long> shape) => Constant(GraphNumbers.Float, MemoryMarshal.AsBytes<float>(values), shape);

    /// <summary>A constant of int64 numbers, row-major.</summary>
    /// <exception cref="InputException">The graph would be too large for a file.</exception>
    public GraphValue Constant(long[] values, params ReadOnlySpan<long> shape) => Constant(GraphNumbers.Int64, MemoryMarshal.AsBytes<long>(values), shape);

    /// <summary>One float32 number.</summary>
    public GraphValue Scalar(float value) => Constant([value]);

    /// <summary>One int64 number.</summary>
    public GraphValue Scalar(long value) => Constant([value]);

    /// <summary>A table whose shape is known only when the graph runs, full of a number.</summary>
    public GraphValue Filled(GraphValue shape, float value) => Add("ConstantOfShape", [shape], ("value", new float[] { value }));

    /// <summary>The int64 numbers from, from + 1, ..., to - 1.</summary>
    public GraphValue Range(GraphValue from, GraphValue to) => Add("Range", [from, to, Scalar(1L)]);

    /// <summary>Tables one after the other along an axis.</summary>
    public GraphValue Concat(int axis, params ReadOnlySpan<GraphValue> parts) => Add("Concat", [.. parts], ("axis", axis));

    /// <summary>
    /// The last states [B, H] and all states [L, B, H] of a gated recurrent unit over inputs [L, B, D]; sequences end where their lengths [B] say.
    /// </summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="lengths">int32 [B].</param>
    /// <param name="weights">Gates update, reset, candidate one below the other: input weights [1, 3H, D], recurrent ones [1, 3H, H], both biases [1, 6H].</param>
    /// <param name="width">H.</param>
    /// <param name="resetsAfterProduct">Whether the reset gate acts on the product with the recurrent weights.</param>
    public (GraphValue Last, GraphValue All) Gru(
        GraphValue inputs, GraphValue lengths, (GraphValue Input, GraphValue Recurrent, GraphValue Biases) weights, int width, bool resetsAfterProduct)
    {
        var (all, last) = (NextName("GRU"), NextName("GRU"));
        nodes.Add(new GraphNode(
            "GRU",
            [inputs.Name, weights.Input.Name, weights.Recurrent.Name, weights.Biases.Name, lengths.Name],
            [all, last],
            [("hidden_size", width), ("linear_before_reset", resetsAfterProduct ? 1 : 0)]));
        return (new GraphValue(this, last).Squeeze(0), new GraphValue(this, all).Squeeze(1));
    }

    /// <summary>Adds any ONNX operation with one output.</summary>
    /// <param name="operation">Its name, e.g. "Erf"; one of the version <see cref="Opset"/>.</param>
    /// <param name="inputs">What it reads, in its order.</param>
    /// <param name="attributes">Its attributes: int, float, string, int[], or float[] for a tensor of one axis.</param>
    public GraphValue Add(string operation, IReadOnlyList<GraphValue> inputs, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        var name = NextName(operation);
        nodes.Add(new GraphNode(operation, [.. inputs.Select(input => input.Name)], [name], attributes.ToArray()));
        return new GraphValue(this, name);
    }

    /// <summary>Declares an input; axes are names, which stand for any length.</summary>
    internal GraphValue Input(string name, string meaning, GraphNumbers numbers, params ReadOnlySpan<string> axes)
    {
        inputs.Add(new GraphPort(name, meaning, numbers, axes.ToArray()));
        return new GraphValue(this, name);
    }

    /// <summary>Declares an output of float32 numbers; an axis that is a number has that length.</summary>
    internal void Output(string name, GraphValue value, string meaning, params ReadOnlySpan<string> axes)
    {
        outputs.Add(new GraphPort(name, meaning, GraphNumbers.Float, axes.ToArray()));
        nodes.Add(new GraphNode("Identity", [value.Name], [name], [], name));
    }

    private GraphValue Constant(GraphNumbers numbers, ReadOnlySpan<byte> bytes, ReadOnlySpan<long> shape)
    {
        var key = $"{numbers} {string.Join(',', shape.ToArray())} {Convert.ToHexString(SHA256.HashData(bytes))}";
        if (known.TryGetValue(key, out var same))
        {
            return same;
        }

        RequireRoom(bytes.Length);
        constantBytes += bytes.Length;
        var value = new GraphValue(this, NextName("constant"));
        constants.Add(new GraphConstant(value.Name, numbers, shape.ToArray(), bytes.ToArray()));
        return known[key] = value;
    }

    private string NextName(string operation) => $"{operation}_{++operations}";
}

/// <summary>What numbers a table of a graph holds, by ONNX's numbers for them.</summary>
internal enum GraphNumbers
{
    /// <summary>float32.</summary>
    Float = 1,

    /// <summary>int32.</summary>
    Int32 = 6,

    /// <summary>int64.</summary>
    Int64 = 7,
}

/// <summary>An input or output of a graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Meaning">What it is, for readers of the file.</param>
/// <param name="Numbers">What it holds.</param>
/// <param name="Axes">A number for a length, a name for any length.</param>
internal sealed record GraphPort(string Name, string Meaning, GraphNumbers Numbers, string[] Axes);

/// <summary>A constant of a graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Numbers">What it holds.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Bytes">The numbers, row-major, little-endian.</param>
internal sealed record GraphConstant(string Name, GraphNumbers Numbers, long[] Shape, byte[] Bytes);

/// <summary>An operation of a graph.</summary>
/// <param name="Operation">ONNX's name of it.</param>
/// <param name="Inputs">Names of what it reads.</param>
/// <param name="Outputs">Names of what it gives.</param>
/// <param name="Attributes">int, float, string, int[], or float[] for a tensor.</param>
/// <param name="Label">Its name; that of its first output where null.</param>
internal sealed record GraphNode(string Operation, string[] Inputs, string[] Outputs, (string Name, object Value)[] Attributes, string? Label = null);
