using Tastemaker.Models.Attention;
using Tastemaker.Onnx.Graphs;

namespace Tastemaker.Onnx.Systems;

/// <summary>Self-attention over histories.</summary>
internal static class AttentionGraphs
{
    private const float Epsilon = 1e-8f;

    /// <summary>The vectors of the items times the state at the newest place of the history, of which the newest entries are read; 0 without a history.</summary>
    public static OnnxValue SasRec(GraphSource source)
    {
        var (graph, options) = (source.Graph, source.Options<SasRecOptions>());
        var (window, places) = source.Requests.Newest(options.MaxLength); // [B, W], [W]
        source.Breadth = Math.Max(1, options.MaxLength * ((options.Heads * options.MaxLength) + (4 * options.Dimension)) / source.Items);
        var isItem = window.Less(graph.Scalar((long)source.Items)); // [B, W]
        var mask = isItem.ToFloat().Unsqueeze(2);
        var visible = Visible(isItem, places);
        var x = ((source.WithNobody("items.weight").Gather(window) * graph.Scalar(MathF.Sqrt(options.Dimension))) + source.Constant("places.weight").Gather(places)) * mask; // [B, W, d]
        for (var block = 0; block < options.Blocks; block++)
        {
            var name = $"blocks.{block}";
            x += Attention(source, Normalized(source, x, $"{name}.beforeAttention"), visible, $"{name}.attention", options);
            x = (x + source.Dense(source.Dense(Normalized(source, x, $"{name}.beforeNetwork"), $"{name}.inner").Relu(), $"{name}.outer")) * mask;
        }

        var last = (Normalized(source, x, "norm") * mask).Gather(graph.Constant([-1L], 1), axis: 1).Squeeze(1); // [B, d]
        return last.MatMul(source.Constant("items.weight").Transpose(1, 0));
    }

    // Which places (last axis) each place attends to: itself, and items before it. [B, 1, W, W]
    private static OnnxValue Visible(OnnxValue isItem, OnnxValue places)
    {
        var (of, other) = (places.Unsqueeze(1), places.Unsqueeze(0));
        return isItem.Unsqueeze(1).And(other.Less(of)).Or(other.EqualTo(of)).Unsqueeze(1);
    }

    private static OnnxValue Attention(GraphSource source, OnnxValue x, OnnxValue visible, string name, SasRecOptions options)
    {
        var width = options.Dimension / options.Heads;
        OnnxValue Heads(string layer) => source.Dense(x, $"{name}.{layer}").Reshape(0, 0, options.Heads, width).Transpose(0, 2, 1, 3); // [B, h, W, d / h]
        var logits = Heads("queries").MatMul(Heads("keys").Transpose(0, 1, 3, 2)) / source.Graph.Scalar(MathF.Sqrt(width));
        var attention = visible.Choose(logits, source.Graph.Scalar(float.NegativeInfinity)).Softmax();
        return attention.MatMul(Heads("values")).Transpose(0, 2, 1, 3).Reshape(0, 0, options.Dimension);
    }

    private static OnnxValue Normalized(GraphSource source, OnnxValue x, string name) => x.LayerNorm(source.Constant($"{name}.weight"), source.Constant($"{name}.bias"), Epsilon);
}
