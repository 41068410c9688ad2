using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>
/// Scaled dot-product self-attention in which a place attends to itself and to what comes before it, or to all (Vaswani et al. 2017, section 3.2.1), with one or more heads side by side and no
/// projection after them.
/// </summary>
public sealed class CausalAttention : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly Dense queries;
    private readonly Dense keys;
    private readonly Dense values;
    private readonly int heads;
    private readonly double dropout;
    private readonly bool looksAhead;

    /// <summary>Attention over vectors of a length that <paramref name="heads"/> divides.</summary>
    /// <param name="dimension">Length of the vectors.</param>
    /// <param name="heads">Heads side by side.</param>
    /// <param name="dropout">Dropout of the weights.</param>
    /// <param name="looksAhead">Whether a place attends to what comes after it too, as encoders do.</param>
    public CausalAttention(int dimension, int heads, double dropout, bool looksAhead = false)
        : base(nameof(CausalAttention))
    {
        (this.heads, this.dropout, this.looksAhead) = (heads, dropout, looksAhead);
        queries = new Dense(dimension, dimension, Initializers.GlorotUniform);
        keys = new Dense(dimension, dimension, Initializers.GlorotUniform);
        values = new Dense(dimension, dimension, Initializers.GlorotUniform);
        RegisterComponents();
    }

    /// <summary>What each place gathers.</summary>
    /// <param name="x">Vectors [B, L, d].</param>
    /// <param name="isPadding">Whether a place is padding [B, L], Boolean; such places are attended to by themselves alone.</param>
    /// <returns>[B, L, d]; of padding, something finite.</returns>
    public override Tensor forward(Tensor x, Tensor isPadding)
    {
        var (length, dimension) = (x.shape[1], x.shape[2]);
        var (q, k, v) = (Heads(queries.forward(x)), Heads(keys.forward(x)), Heads(values.forward(x))); // [B, h, L, d / h]
        var later = looksAhead ? zeros(length, length, ScalarType.Bool, x.device) : ones(length, length, ScalarType.Bool, x.device).triu(1);
        var self = eye(length, length, ScalarType.Bool, x.device);
        var hidden = isPadding.unsqueeze(1).logical_or(later.unsqueeze(0)).logical_and(self.logical_not().unsqueeze(0)); // [B, L, L]; a row without any place would be NaN
        var logits = q.matmul(k.transpose(-2, -1)) / Math.Sqrt((double)dimension / heads);
        var attention = nn.functional.dropout(logits.masked_fill(hidden.unsqueeze(1), float.NegativeInfinity).softmax(-1), dropout, training);
        return attention.matmul(v).transpose(1, 2).reshape(x.shape);
    }

    private Tensor Heads(Tensor x) => x.view(x.shape[0], x.shape[1], heads, -1).transpose(1, 2);
}
