using Tastemaker.Options;
using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>The functions that <see cref="Activation"/> names.</summary>
public static class Activations
{
    /// <summary>The function.</summary>
    public static Func<Tensor, Tensor> Of(Activation activation) => activation switch
    {
        Activation.Logistic => x => x.sigmoid(),
        Activation.Tanh => x => x.tanh(),
        Activation.Relu => x => x.relu(),
        _ => x => x,
    };
}
