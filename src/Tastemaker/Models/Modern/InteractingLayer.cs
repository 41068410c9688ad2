using Tastemaker.Nn;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Modern;

/// <summary>
/// Self-attention between fields (Song et al. 2019, eq. 5 to 8): in each head a field is the mean of W_V e_k over all fields k, weighted by the softmax of
/// &lt;W_Q e_m, W_K e_k&gt;, which is not scaled; heads side by side, plus W_R e_m, through ReLU.
/// </summary>
internal sealed class InteractingLayer : nn.Module<Tensor, Tensor>
{
    private readonly int heads;
    private readonly Parameter query; // each [input, heads x d]; fields, because state_dict names parameters by their fields
    private readonly Parameter key;
    private readonly Parameter value;
    private readonly Parameter residual;

    /// <summary>A layer from vectors of <paramref name="input"/> to vectors of heads x <paramref name="dimension"/> numbers.</summary>
    public InteractingLayer(int input, int heads, int dimension)
        : base(nameof(InteractingLayer))
    {
        this.heads = heads;
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
    public override Tensor forward(Tensor vectors)
    {
        var attention = Heads(query).matmul(Heads(key).transpose(2, 3)).softmax(3); // [B, heads, F, F]
        return (attention.matmul(Heads(value)).transpose(1, 2).flatten(2) + vectors.matmul(residual)).relu();

        Tensor Heads(Parameter map) => vectors.matmul(map).unflatten(2, [heads, -1]).transpose(1, 2); // [B, heads, F, d]
    }
}
