using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Solvers;

namespace Tastemaker.Models.Mlp;

/// <summary>
/// Scores of a perceptron on pairs. 64 items of a user go through all layers together, each layer's outputs side by side in cache: the weights of a
/// layer are the queries, and the layer before is the panel, of <see cref="PanelKernel"/>. Nothing is as large as a batch of pairs.
/// </summary>
/// <param name="items">First layer of the items [items, W], and no biases.</param>
/// <param name="users">First layer of the requests, bias included [requests, W].</param>
/// <param name="layers">The layers after the first; the last has one output and no rectifier.</param>
internal sealed unsafe class MlpScores(PackedRows items, float[] users, IReadOnlyList<MlpLayer> layers) : IPartialScores
{
    private const int Panel = PanelKernel.Rows;
    private const nuint CacheLine = 64;

    private readonly int widest = Math.Max(items.Dimension, layers.Max(layer => layer.Outputs));

    /// <inheritdoc/>
    public void Fill(Range requests, int first, int count, Span<float> scores, int stride)
    {
        var (start, length) = requests.GetOffsetAndLength(users.Length / items.Dimension);
        var memory = (float*)NativeMemory.AlignedAlloc((nuint)(widest + widest + 1) * Panel * sizeof(float), CacheLine);
        try
        {
            var (one, other, zeros) = ((nint)memory, (nint)(memory + (widest * Panel)), (nint)(memory + (2 * widest * Panel)));
            new Span<float>((float*)zeros, Panel).Clear();
            for (var item = 0; item < count; item += Panel)
            {
                var panel = items.PanelAt((first + item) / Panel);
                for (var request = 0; request < length; request++)
                {
                    AddFirstLayer(users.AsSpan((start + request) * items.Dimension, items.Dimension), panel, (float*)one);
                    var logits = RunLayers((float*)one, (float*)other, (float*)zeros);
                    new Span<float>(logits, Math.Min(Panel, count - item)).CopyTo(scores[((request * stride) + item)..]);
                }
            }
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    // relu(user + item), for the 64 items of a panel.
    private static void AddFirstLayer(ReadOnlySpan<float> user, float* panel, float* outputs)
    {
        for (var k = 0; k < user.Length; k++)
        {
            var x = Vector512.Create(user[k]);
            for (var item = 0; item < Panel; item += Vector512<float>.Count)
            {
                Vector512.MaxNative(Vector512<float>.Zero, x + Vector512.Load(panel + item)).Store(outputs + item);
            }

            panel += Panel;
            outputs += Panel;
        }
    }

    private float* RunLayers(float* inputs, float* outputs, float* zeros)
    {
        for (var index = 0; index < layers.Count; index++)
        {
            var layer = layers[index];
            fixed (float* weights = layer.Weights, biases = layer.Biases)
            {
                PanelKernel.Multiply(
                    weights, layer.Outputs, layer.Weights.Length / layer.Outputs, inputs, zeros, biases,
                    index == layers.Count - 1 ? float.NegativeInfinity : 0, outputs, Panel);
            }

            var free = inputs;
            inputs = outputs;
            outputs = free;
        }

        return inputs;
    }
}
