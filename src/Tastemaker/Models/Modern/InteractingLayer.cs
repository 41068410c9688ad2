using Tastemaker.Nn;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Modern;

/// <summary>
/// Self-attention between fields (Song et al. 2019, eq. 5 to 8): in each head a field is the mean of W_V e_k over all fields k, weighted by the softmax of
/// &lt;W_Q e_m, W_K e_k&gt;, which is not scaled; heads side by side, plus W_R e_m, through ReLU. The layer of the official code has biases and ReLU
/// on the four maps, scaled attention with dropout, and layer normalization at the end.
/// </summary>
internal sealed class InteractingLayer : nn.Module<Tensor, Tensor>
{
    private readonly int heads;
    private readonly Parameter query; // each [input, heads x d]; fields, because state_dict names parameters by their fields
    private readonly Parameter key;
    private readonly Parameter value;
    private readonly Parameter residual;
    private readonly Parameter? biases; // of query, key, value and residual [4, heads x d]; null in the paper's form
    private readonly Parameter? scale; // of the layer normalization [heads x d]
    private readonly Parameter? shift;
    private readonly double dropout;

    /// <summary>A layer from vectors of <paramref name="input"/> to vectors of heads x <paramref name="dimension"/> numbers.</summary>
    /// <param name="input">Numbers in.</param>
    /// <param name="heads">Heads.</param>
    /// <param name="dimension">Numbers a head.</param>
    /// <param name="isOfficial">Whether it is the layer of the official code.</param>
    /// <param name="dropout">Share of attention weights dropped in training; of the official code.</param>
    public InteractingLayer(int input, int heads, int dimension, bool isOfficial = false, double dropout = 0)
        : base(nameof(InteractingLayer))
    {
        (this.heads, this.dropout) = (heads, dropout);
        if (isOfficial)
        {
            var width = heads * dimension;
            (biases, scale, shift) = (nn.Parameter(zeros(4, width)), nn.Parameter(ones(width)), nn.Parameter(zeros(width)));
        }

        (query, key, value, residual) = (Map(), Map(), Map(), Map());
        RegisterComponents();

        Parameter Map()
        {
            var map = nn.Parameter(empty(input, heads * dimension));
            using (no_grad())
            {
                Initializers.GlorotUniform(map);
            }

            return map;
        }
    }

    /// <summary>From [B, F, input] to [B, F, heads x d].</summary>
    public override Tensor forward(Tensor vectors) => biases is null ? Paper(vectors) : Official(vectors);

    private Tensor Official(Tensor vectors)
    {
        var (q, k, v) = (Heads(query, 0), Heads(key, 1), Heads(value, 2));
        var attention = (q.matmul(k.transpose(2, 3)) / Math.Sqrt(q.shape[3])).softmax(3); // [B, heads, F, F]
        attention = dropout > 0 ? nn.functional.dropout(attention, dropout, training) : attention;
        var joined = (attention.matmul(v).transpose(1, 2).flatten(2) + Mapped(residual, 3)).relu();
        return nn.functional.layer_norm(joined, [joined.shape[2]], scale!, shift!, 1e-8);

        Tensor Mapped(Parameter map, int bias) => (vectors.matmul(map) + biases![bias]).relu();

        Tensor Heads(Parameter map, int bias) => Mapped(map, bias).unflatten(2, [heads, -1]).transpose(1, 2); // [B, heads, F, d]
    }

    private Tensor Paper(Tensor vectors)
    {
        var attention = Heads(query).matmul(Heads(key).transpose(2, 3)).softmax(3); // [B, heads, F, F]
        return (attention.matmul(Heads(value)).transpose(1, 2).flatten(2) + vectors.matmul(residual)).relu();

        Tensor Heads(Parameter map) => vectors.matmul(map).unflatten(2, [heads, -1]).transpose(1, 2); // [B, heads, F, d]
    }
}
