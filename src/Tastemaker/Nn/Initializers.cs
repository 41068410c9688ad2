using Tastemaker.Texts;
using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>Ways to fill fresh weights in place. Call under <c>no_grad</c>; all draw from torch's generator.</summary>
public static class Initializers
{
    // The share of a normal distribution within two deviations, which is erf(sqrt(2)).
    private const double WithinTwo = 0.954499736103642;

    /// <summary>Zeros: biases.</summary>
    public static Action<Tensor> Zeros { get; } = weights => nn.init.zeros_(weights);

    /// <summary>Uniform(-s, s) with s = sqrt(6 / (rows + columns)) (Glorot and Bengio 2010): for a matrix [out, in] or its transpose.</summary>
    public static Action<Tensor> GlorotUniform { get; } = weights => Uniform(Math.Sqrt(6.0 / (weights.shape[0] + weights.shape[1])))(weights);

    /// <summary>N(0, 2 / (rows + columns)) (Glorot and Bengio 2010): for a matrix [out, in] or its transpose.</summary>
    public static Action<Tensor> GlorotNormal { get; } = weights => Normal(Math.Sqrt(2.0 / (weights.shape[0] + weights.shape[1])))(weights);

    /// <summary>Uniform(-s, s) with s = sqrt(3 / in) (LeCun 1998): for a matrix [out, in].</summary>
    public static Action<Tensor> LecunUniform { get; } = weights => Uniform(Math.Sqrt(3.0 / weights.shape[1]))(weights);

    /// <summary>N(0, deviation^2).</summary>
    public static Action<Tensor> Normal(double deviation) => weights => nn.init.normal_(weights, 0, deviation);

    /// <summary>N(0, deviation^2) without what is beyond two deviations, by the inverse of its distribution. (TorchSharp's own fills with a constant.)</summary>
    public static Action<Tensor> TruncatedNormal(double deviation) =>
        weights => nn.init.uniform_(weights, -WithinTwo, WithinTwo).erfinv_().mul_(deviation * Math.Sqrt(2));

    /// <summary>Uniform(-bound, bound).</summary>
    public static Action<Tensor> Uniform(double bound) => weights => nn.init.uniform_(weights, -bound, bound);

    /// <summary>
    /// Tables of word embeddings whose row 0 is padding: known vectors, and others from (-0.25, 0.25), the scale of published vectors. Padding has 0, and so have unknown words: where no training text holds one, a random
    /// vector would be noise.
    /// </summary>
    internal static Action<Tensor> OfWords(WordVectors? known, int? unknown = null) => table =>
    {
        nn.init.uniform_(table, -0.25, 0.25);
        using var scope = NewDisposeScope();
        table.narrow(0, 0, 1).zero_();
        if (unknown is { } index)
        {
            table.narrow(0, index, 1).zero_();
        }

        if (known is not null)
        {
            var own = table.narrow(0, 1, known.Words.Count);
            own.copy_(where(tensor(known.IsFound).unsqueeze(1), tensor(known.Values, [known.Words.Count, known.Dimension]), own));
        }
    };

    /// <summary>Fills each of <paramref name="count"/> equal blocks of columns by itself: the gates of a recurrent cell, stored side by side.</summary>
    public static Action<Tensor> ColumnBlocks(int count, Action<Tensor> initialize) => weights =>
    {
        foreach (var block in weights.chunk(count, 1))
        {
            initialize(block);
        }
    };
}
