using Google.Protobuf;
using Onnx;
using Tastemaker.Artifacts;
using Tastemaker.Export;

namespace Tastemaker.Onnx.Files;

/// <summary>A scoring graph as ONNX's protobuf message.</summary>
internal static class GraphFile
{
    // The first version of the file format that knows the operations.
    private const int FormatVersion = 8;

    /// <summary>The graph as a model without metadata.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="meaning">What it is, for readers of the file.</param>
    public static ModelProto Model(GraphBuilder builder, string meaning)
    {
        var graph = new GraphProto { Name = "scores" };
        graph.Input.AddRange(builder.Inputs.Select(Port));
        graph.Output.AddRange(builder.Outputs.Select(Port));
        graph.Initializer.AddRange(builder.Constants.Select(Constant));
        graph.Node.AddRange(builder.Nodes.Select(Node));
        return new ModelProto
        {
            IrVersion = FormatVersion,
            ProducerName = "Tastemaker",
            ProducerVersion = LibraryVersion.Text,
            DocString = meaning,
            Graph = graph,
            OpsetImport = { new OperatorSetIdProto { Version = GraphBuilder.Opset } },
        };
    }

    private static ValueInfoProto Port(GraphPort port)
    {
        var shape = new TensorShapeProto();
        foreach (var axis in port.Axes)
        {
            shape.Dim.Add(long.TryParse(axis, out var length)
                ? new TensorShapeProto.Types.Dimension { DimValue = length }
                : new TensorShapeProto.Types.Dimension { DimParam = axis });
        }

        return new ValueInfoProto
        {
            Name = port.Name,
            DocString = port.Meaning,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)port.Numbers, Shape = shape } },
        };
    }

    // The bytes are not copied: they may be most of the memory.
    private static TensorProto Constant(GraphConstant constant)
    {
        var tensor = new TensorProto { Name = constant.Name, DataType = (int)constant.Numbers, RawData = UnsafeByteOperations.UnsafeWrap(constant.Bytes) };
        tensor.Dims.AddRange(constant.Shape);
        return tensor;
    }

    private static NodeProto Node(GraphNode node)
    {
        var message = new NodeProto { OpType = node.Operation, Name = node.Label ?? node.Outputs[0] };
        message.Input.AddRange(node.Inputs);
        message.Output.AddRange(node.Outputs);
        message.Attribute.AddRange(node.Attributes.Select(attribute => Attribute(attribute.Name, attribute.Value)));
        return message;
    }

    private static AttributeProto Attribute(string name, object value)
    {
        var attribute = new AttributeProto { Name = name };
        switch (value)
        {
            case int whole:
                (attribute.Type, attribute.I) = (AttributeProto.Types.AttributeType.Int, whole);
                break;
            case float number:
                (attribute.Type, attribute.F) = (AttributeProto.Types.AttributeType.Float, number);
                break;
            case string text:
                (attribute.Type, attribute.S) = (AttributeProto.Types.AttributeType.String, ByteString.CopyFromUtf8(text));
                break;
            case int[] list:
                attribute.Type = AttributeProto.Types.AttributeType.Ints;
                attribute.Ints.AddRange(list.Select(whole => (long)whole));
                break;
            case float[] table:
                attribute.Type = AttributeProto.Types.AttributeType.Tensor;
                attribute.T = new TensorProto { DataType = (int)GraphNumbers.Float, Dims = { table.Length } };
                attribute.T.FloatData.AddRange(table);
                break;
            default:
                throw new NotSupportedException($"An attribute of a graph's operation is an int, a float, a string, or an array of int or float; '{name}' is a {value.GetType().Name}.");
        }

        return attribute;
    }
}
