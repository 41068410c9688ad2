using Tastemaker.Models.Recurrent;
using Tastemaker.Onnx.Graphs;

namespace Tastemaker.Onnx.Systems;

/// <summary>Recurrent networks over histories.</summary>
internal static class RecurrentGraphs
{
    /// <summary>
    /// W_y h + B_y with h the last layer's state after the history. ONNX's unit has its gates in the order update, reset, candidate, and its update
    /// gate keeps the past: where ours lets the candidate in (one-hot input, the papers' form), z is negated, since 1 - sigmoid(a) = sigmoid(-a).
    /// </summary>
    public static OnnxValue Gru4Rec(GraphSource source)
    {
        var options = source.Options<Gru4RecOptions>();
        var oneHot = options.Input is Gru4RecInput.OneHot;
        var table = source.WithNobody(options.Input is Gru4RecInput.Shared ? "network.outputs.weight" : "network.inputs.weight");
        var lengths = source.Requests.Lengths.ToInt32();
        var inputs = table.Gather(source.Requests.History.Transpose(1, 0)); // [length, batch, D]
        OnnxValue? state = null;
        for (var layer = 0; layer < options.Layers.Count; layer++)
        {
            var width = options.Layers[layer];
            (state, inputs) = source.Graph.Gru(inputs, lengths, Weights(source, $"network.cells.{layer}", width, negatesUpdate: oneHot), width, resetsAfterProduct: !oneHot);
        }

        return state!.MatMul(source.Constant("network.outputs.weight").Transpose(1, 0)) + source.Constant("network.outputBiases.weight").Transpose(1, 0);
    }

    // A cell without input weights reads the gates' inputs themselves: its weights are the identity.
    private static (OnnxValue Input, OnnxValue Recurrent, OnnxValue Biases) Weights(GraphSource source, string cell, int width, bool negatesUpdate)
    {
        var inputs = source.Has($"{cell}.input") ? (int)source.ShapeOf($"{cell}.input")[0] : 3 * width;
        var input = source.Has($"{cell}.input") ? source.Floats($"{cell}.input") : Identity(inputs);
        var biases = new float[6 * width];
        Gates(source.Floats($"{cell}.bias"), 1, width, negatesUpdate).CopyTo(biases, 0);
        if (source.Has($"{cell}.recurrentBias"))
        {
            source.Floats($"{cell}.recurrentBias").CopyTo(biases, 5 * width);
        }

        return (
            source.Graph.Constant(Gates(input, inputs, width, negatesUpdate), 1, 3 * width, inputs),
            source.Graph.Constant(Gates(source.Floats($"{cell}.recurrent"), width, width, negatesUpdate), 1, 3 * width, width),
            source.Graph.Constant(biases, 1, 6 * width));
    }

    // From columns reset, update, candidate [rows, 3H] to rows update, reset, candidate [3H, rows].
    private static float[] Gates(float[] weights, int rows, int width, bool negatesUpdate)
    {
        var gates = new float[weights.Length];
        for (var unit = 0; unit < 3 * width; unit++)
        {
            var gate = unit / width;
            var from = gate < 2 ? ((1 - gate) * width) + (unit % width) : unit;
            for (var row = 0; row < rows; row++)
            {
                var weight = weights[(row * 3 * width) + from];
                gates[(unit * rows) + row] = gate == 0 && negatesUpdate ? -weight : weight;
            }
        }

        return gates;
    }

    private static float[] Identity(int size)
    {
        var identity = new float[size * size];
        for (var place = 0; place < size; place++)
        {
            identity[(place * size) + place] = 1;
        }

        return identity;
    }
}
