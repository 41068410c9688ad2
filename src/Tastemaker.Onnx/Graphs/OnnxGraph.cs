using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Google.Protobuf;
using Onnx;

namespace Tastemaker.Onnx.Graphs;

/// <summary>A graph of ONNX operations under construction. Equal constants are stored once.</summary>
internal sealed class OnnxGraph
{
    /// <summary>The version of ONNX's operations that graphs are written in; that of 2022, which runtimes of many languages read.</summary>
    public const int Opset = 18;

    // The first version of the file format that knows the operations.
    private const int FormatVersion = 8;

    // An ONNX file is one protobuf message, which cannot be larger than 2 GiB; some is left for vocabularies and histories.
    private const long MostConstantBytes = 1_900_000_000;

    private readonly GraphProto graph = new() { Name = "scores" };
    private readonly Dictionary<string, OnnxValue> constants = [];
    private long constantBytes;
    private int operations;

    /// <summary>Refuses constants that the file could not hold beside those it has.</summary>
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

    /// <summary>Names of the inputs.</summary>
    public IReadOnlyList<string> Inputs => [.. graph.Input.Select(input => input.Name)];

    /// <summary>Declares an input; axes are names, which stand for any length.</summary>
    public OnnxValue Input(string name, string meaning, TensorProto.Types.DataType type, params ReadOnlySpan<string> axes)
    {
        graph.Input.Add(Described(name, meaning, type, axes));
        return new OnnxValue(this, name);
    }

    /// <summary>Declares an output; an axis that is a number has that length.</summary>
    public void Output(string name, OnnxValue value, string meaning, params ReadOnlySpan<string> axes)
    {
        graph.Output.Add(Described(name, meaning, TensorProto.Types.DataType.Float, axes));
        graph.Node.Add(new NodeProto { OpType = "Identity", Name = name, Input = { value.Name }, Output = { name } });
    }

    /// <summary>A constant of numbers, row-major.</summary>
    public OnnxValue Constant(float[] values, params ReadOnlySpan<long> shape) =>
        Constant(TensorProto.Types.DataType.Float, MemoryMarshal.AsBytes<float>(values), shape);

    /// <summary>A constant of whole numbers.</summary>
    public OnnxValue Constant(long[] values, params ReadOnlySpan<long> shape) =>
        Constant(TensorProto.Types.DataType.Int64, MemoryMarshal.AsBytes<long>(values), shape);

    /// <summary>One number.</summary>
    public OnnxValue Scalar(float value) => Constant([value]);

    /// <summary>One whole number.</summary>
    public OnnxValue Scalar(long value) => Constant([value]);

    /// <summary>A table whose shape is known while the graph is built, full of a number.</summary>
    public OnnxValue Filled(OnnxValue shape, float value) => Add("ConstantOfShape", [shape], new AttributeProto
    {
        Name = "value",
        Type = AttributeProto.Types.AttributeType.Tensor,
        T = new TensorProto { DataType = (int)TensorProto.Types.DataType.Float, Dims = { 1 }, FloatData = { value } },
    });

    /// <summary>Whole numbers from, from + 1, ..., to - 1.</summary>
    public OnnxValue Range(OnnxValue from, OnnxValue to) => Add("Range", [from, to, Scalar(1L)]);

    /// <summary>Vectors one after the other.</summary>
    public OnnxValue Concat(int axis, params ReadOnlySpan<OnnxValue> parts) => Add("Concat", [.. parts], Attribute("axis", axis));

    /// <summary>
    /// The last states [B, H] and all states [L, B, H] of a gated recurrent unit over inputs [L, B, D]; sequences end where their lengths [B] say.
    /// </summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="lengths">int32 [B].</param>
    /// <param name="weights">Gates update, reset, candidate one below the other: input weights [1, 3H, D], recurrent ones [1, 3H, H], both biases [1, 6H].</param>
    /// <param name="width">H.</param>
    /// <param name="resetsAfterProduct">Whether the reset gate acts on the product with the recurrent weights.</param>
    public (OnnxValue Last, OnnxValue All) Gru(
        OnnxValue inputs, OnnxValue lengths, (OnnxValue Input, OnnxValue Recurrent, OnnxValue Biases) weights, int width, bool resetsAfterProduct)
    {
        var (all, last) = (NextName("GRU"), NextName("GRU"));
        graph.Node.Add(new NodeProto
        {
            OpType = "GRU",
            Name = all,
            Input = { inputs.Name, weights.Input.Name, weights.Recurrent.Name, weights.Biases.Name, lengths.Name },
            Output = { all, last },
            Attribute = { Attribute("hidden_size", width), Attribute("linear_before_reset", resetsAfterProduct ? 1 : 0) },
        });
        return (new OnnxValue(this, last).Squeeze(0), new OnnxValue(this, all).Squeeze(1));
    }

    /// <summary>Adds an operation with one output.</summary>
    public OnnxValue Add(string operation, IReadOnlyList<OnnxValue> inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        var name = NextName(operation);
        var node = new NodeProto { OpType = operation, Name = name, Output = { name } };
        node.Input.AddRange(inputs.Select(input => input.Name));
        foreach (var attribute in attributes)
        {
            node.Attribute.Add(attribute);
        }

        graph.Node.Add(node);
        return new OnnxValue(this, name);
    }

    /// <summary>The graph as a model without metadata.</summary>
    public ModelProto Model(string producerVersion, string meaning) => new()
    {
        IrVersion = FormatVersion,
        ProducerName = "Tastemaker",
        ProducerVersion = producerVersion,
        DocString = meaning,
        Graph = graph,
        OpsetImport = { new OperatorSetIdProto { Version = Opset } },
    };

    /// <summary>An attribute that is a whole number.</summary>
    public static AttributeProto Attribute(string name, int value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    /// <summary>An attribute that is a number.</summary>
    public static AttributeProto Attribute(string name, float value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value };

    /// <summary>An attribute that is a text.</summary>
    public static AttributeProto Attribute(string name, string value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    /// <summary>An attribute that is a list of whole numbers.</summary>
    public static AttributeProto Attribute(string name, ReadOnlySpan<int> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        foreach (var value in values)
        {
            attribute.Ints.Add(value);
        }

        return attribute;
    }

    private OnnxValue Constant(TensorProto.Types.DataType type, ReadOnlySpan<byte> bytes, ReadOnlySpan<long> shape)
    {
        var key = $"{type} {string.Join(',', shape.ToArray())} {Convert.ToHexString(SHA256.HashData(bytes))}";
        if (constants.TryGetValue(key, out var known))
        {
            return known;
        }

        RequireRoom(bytes.Length);
        constantBytes += bytes.Length;
        var value = new OnnxValue(this, NextName("constant"));
        var tensor = new TensorProto { Name = value.Name, DataType = (int)type, RawData = UnsafeByteOperations.UnsafeWrap(bytes.ToArray()) };
        tensor.Dims.AddRange(shape.ToArray());
        graph.Initializer.Add(tensor);
        return constants[key] = value;
    }

    private string NextName(string operation) => $"{operation}_{++operations}";

    private static ValueInfoProto Described(string name, string meaning, TensorProto.Types.DataType type, ReadOnlySpan<string> axes)
    {
        var shape = new TensorShapeProto();
        foreach (var axis in axes)
        {
            shape.Dim.Add(long.TryParse(axis, out var length)
                ? new TensorShapeProto.Types.Dimension { DimValue = length }
                : new TensorShapeProto.Types.Dimension { DimParam = axis });
        }

        return new ValueInfoProto
        {
            Name = name,
            DocString = meaning,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } },
        };
    }
}
