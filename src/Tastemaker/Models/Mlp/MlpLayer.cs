using Tastemaker.Native;
using Tastemaker.Nn;

namespace Tastemaker.Models.Mlp;

/// <summary>A dense layer's weights for scoring.</summary>
/// <param name="Weights">W [outputs, inputs].</param>
/// <param name="Biases">b [outputs].</param>
internal sealed record MlpLayer(float[] Weights, float[] Biases)
{
    /// <summary>Numbers out.</summary>
    public int Outputs => Biases.Length;

    /// <summary>A copy of a layer that lives on the CPU.</summary>
    public static MlpLayer Of(Dense layer) => new(layer.Weight.ToValues<float>(), layer.Bias.ToValues<float>());
}
