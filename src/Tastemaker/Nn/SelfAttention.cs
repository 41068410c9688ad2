using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>
/// Scaled dot-product self-attention (Vaswani et al. 2017, section 3.2.1) with one or more heads. Causal by default: a place attends to itself and to the places before it; optionally to all places.
/// There is no projection after the heads.
/// </summary>
public sealed class SelfAttention : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly Dense queries;
    private readonly Dense keys;
    private readonly Dense values;
    private readonly int heads;
    private readonly double dropout;
    private readonly bool looksAhead;

    /// <summary>Self-attention over vectors.</summary>
    /// <param name="dimension">Length of the vectors; a multiple of <paramref name="heads"/>.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="dropout">Dropout rate of the attention weights.</param>
    /// <param name="looksAhead">Whether a place also attends to the places after it, as in an encoder.</param>
    public SelfAttention(int dimension, int heads, double dropout, bool looksAhead = false)
        : base(nameof(SelfAttention))
    {
        (this.heads, this.dropout, this.looksAhead) = (heads, dropout, looksAhead);
        queries = new Dense(dimension, dimension, Initializers.GlorotUniform);
        keys = new Dense(dimension, dimension, Initializers.GlorotUniform);
        values = new Dense(dimension, dimension, Initializers.GlorotUniform);
        RegisterComponents();
    }

    /// <summary>The attention output of every place.</summary>
    /// <param name="x">Vectors [B, L, d].</param>
    /// <param name="isPadding">Whether a place is padding [B, L], Boolean. No other place attends to padding.</param>
    /// <returns>[B, L, d]; finite at padding too.</returns>
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
