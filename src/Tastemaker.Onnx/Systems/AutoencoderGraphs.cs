using Tastemaker.Models.Autoencoders;
using Tastemaker.Onnx.Graphs;

namespace Tastemaker.Onnx.Systems;

/// <summary>Autoencoders of clicks.</summary>
internal static class AutoencoderGraphs
{
    /// <summary>tanh follows every layer but the last.</summary>
    public static OnnxValue MultiDae(GraphSource source) => source.Tower(Encode(source, activatesLast: true), "decoder", x => x.Tanh(), activatesLast: false);

    /// <summary>The mean of the latent vector, which is the first half of what the encoder gives, decoded.</summary>
    public static OnnxValue MultiVae(GraphSource source) =>
        source.Tower(Encode(source, activatesLast: false).Slice(1, 0, source.Options<MultiVaeOptions>().Latent), "decoder", x => x.Tanh(), activatesLast: false);

    /// <summary>W' . h(sum of W_j + V_u + b) + b'; someone unknown has no V_u.</summary>
    public static OnnxValue Cdae(GraphSource source)
    {
        var options = source.Options<CdaeOptions>();
        var chosen = source.Requests.Chosen();
        var rows = options.Corruption < 1 ? chosen : chosen * source.Graph.Scalar(0f); // such a model has learned from users alone
        var z = rows.MatMul(source.Constant("inputs")) + source.Constant("hidden_bias");
        z = options.UserNode ? z + source.WithNobody("users").Gather(source.Requests.Users) : z;
        z = options.Hidden is CdaeActivation.Sigmoid ? z.Sigmoid() : z;
        return z.MatMul(source.Constant("items").Transpose(1, 0)) + source.Constant("item_bias");
    }

    // Clicks divided by their L2 norm through the encoder.
    private static OnnxValue Encode(GraphSource source, bool activatesLast)
    {
        var chosen = source.Requests.Chosen();
        var rows = chosen / chosen.Sum(1, keep: true).Max(source.Graph.Scalar(1f)).Sqrt();
        var x = rows.MatMul(source.Constant("encoder.first.rows.weight")) + source.Constant("encoder.first.bias");
        x = activatesLast || source.Has("encoder.rest.layers.0.weight") ? x.Tanh() : x;
        return source.Tower(x, "encoder.rest", x => x.Tanh(), activatesLast);
    }
}
