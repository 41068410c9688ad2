using Tastemaker.Data;
using Tastemaker.Native;
using Tastemaker.Options;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>
/// A stacked denoising autoencoder over sparse rows with values between 0 and 1 (Vincent et al. 2010), as the content half of CDL, CDR and CKE: widths
/// S - w_1 - ... - K - ... - w_1 - S, logistic on every layer, code and output included. The first layer costs what is in a row; the output is dense,
/// its target stays sparse. Noise makes entries 0 and does not scale the rest.
/// </summary>
/// <remarks>
/// Where the paper of CDL is silent or its official code differs: decoder weights are the transposes of the encoder's and hidden biases are shared
/// (code; the paper does not say), or both sides have their own. The loss is cross-entropy (code: its output gradient has no sigma') or the paper's
/// squared error. Dropout acts on hidden layers that are neither code nor output, and only where there are such layers, as the paper has it.
/// </remarks>
internal sealed class StackedDenoisingAutoencoder : nn.Module
{
    private const int RowsAtOnce = 8192;

    private readonly SparseLinear first; // fields, because state_dict names parameters by their fields
    private readonly ModuleList<Dense> encoder; // layer l from width l to width l + 1
    private readonly ModuleList<Dense>? decoder; // layer l from width l + 1 back to width l; null where tied
    private readonly Parameter? output; // [S, w_1]; null where tied
    private readonly Parameter bias; // [S], of the output
    private readonly double noise;
    private readonly double dropout;
    private readonly ReconstructionLoss kind;

    /// <summary>A network with Glorot uniform weights.</summary>
    /// <param name="columns">S.</param>
    /// <param name="widths">w_1 to K, at least one.</param>
    /// <param name="noise">Probability that an entry is masked.</param>
    /// <param name="dropout">Share of hidden units dropped in training.</param>
    /// <param name="tied">Whether the decoder is the mirror image of the encoder.</param>
    /// <param name="kind">The loss.</param>
    public StackedDenoisingAutoencoder(
        long columns, IReadOnlyList<int> widths, double noise, double dropout, bool tied, ReconstructionLoss kind)
        : base(nameof(StackedDenoisingAutoencoder))
    {
        (this.noise, this.dropout, this.kind) = (noise, widths.Count > 1 ? dropout : 0, kind);
        first = new SparseLinear(columns, widths[0], Initializers.GlorotUniform, Initializers.Zeros);
        encoder = nn.ModuleList([.. Inner().Select(layer => new Dense(widths[layer], widths[layer + 1], Initializers.GlorotUniform))]);
        bias = nn.Parameter(zeros(columns));
        if (!tied)
        {
            decoder = nn.ModuleList([.. Inner().Select(layer => new Dense(widths[layer + 1], widths[layer], Initializers.GlorotUniform))]);
            output = nn.Parameter(empty(columns, widths[0]));
            using var grad = no_grad();
            Initializers.GlorotUniform(output);
        }

        RegisterComponents();

        IEnumerable<int> Inner() => Enumerable.Range(0, widths.Count - 1);
    }

    /// <summary>Layers of the encoder: as many denoising autoencoders are trained one after the other before the whole is.</summary>
    public int Layers => encoder.Count + 1;

    private Tensor OutputWeight => output ?? first.Weight;

    /// <summary>Begins the output biases where they alone give each column its mean over the rows (<see cref="SparseReconstruction.BeginAtMeans"/>).</summary>
    public void BeginAtMeans(SparseRows rows) => SparseReconstruction.BeginAtMeans(bias, rows);

    /// <summary>The rows as training sees them: some entries masked; clean otherwise.</summary>
    public SparseInput Corrupted(SparseInput rows) => training ? rows.Masked(noise) : rows;

    /// <summary>The code f_e of rows [B, K].</summary>
    public Tensor Encode(SparseInput rows) => Hidden(rows, Layers, drops: true);

    /// <summary>How far the decoded codes are from clean rows: summed over columns, mean over rows, a scalar.</summary>
    /// <param name="codes">[B, K].</param>
    /// <param name="rows">The clean rows.</param>
    public Tensor Reconstruction(Tensor codes, SparseInput rows) => SparseReconstruction.Loss(kind, BeforeOutput(codes), OutputWeight, bias, rows);

    /// <summary>Logits of the reconstruction [B, S], dense.</summary>
    public Tensor Decode(Tensor codes) => nn.functional.linear(BeforeOutput(codes), OutputWeight, bias);

    /// <summary>
    /// The loss of one layer alone as a denoising autoencoder of what the layers below make of clean rows: greedy pre-training. A tied decoder takes
    /// its bias from the layer below and leaves it as it is, for that bias also shapes what is to be reconstructed.
    /// </summary>
    /// <param name="layer">From 0.</param>
    /// <param name="rows">Clean rows.</param>
    public Tensor LayerLoss(int layer, SparseInput rows)
    {
        if (layer == 0)
        {
            return SparseReconstruction.Loss(kind, Hidden(Corrupted(rows), 1, drops: false), OutputWeight, bias, rows);
        }

        Tensor clean;
        using (no_grad())
        {
            clean = Hidden(rows, layer, drops: false);
        }

        var noisy = training ? SparseInput.Mask(clean, noise) : clean;
        var code = encoder[layer - 1].forward(noisy).sigmoid();
        return SparseReconstruction.OfDense(kind, Decoded(layer - 1, code, InnerBias(layer - 1).detach()), clean);
    }

    /// <summary>What <see cref="LayerLoss"/> trains.</summary>
    public IEnumerable<Parameter> OfLayer(int layer)
    {
        // From parameters() rather than first.Weight, which is another object at every call: optimizers know parameters by their objects.
        return layer == 0
            ? [.. first.parameters(), bias, .. output is null ? (IEnumerable<Parameter>)[] : [output]]
            : [.. encoder[layer - 1].parameters(), .. decoder is null ? [] : decoder[layer - 1].parameters()];
    }

    /// <summary>The codes of clean rows [rows, K], row-major, without dropout and without a gradient.</summary>
    public float[] EncodeAll(SparseRows rows)
    {
        using var grad = no_grad();
        var before = training;
        eval();
        var codes = new List<float>();
        for (var start = 0; start < rows.RowCount; start += RowsAtOnce)
        {
            using var scope = NewDisposeScope();
            int[] block = [.. Enumerable.Range(start, Math.Min(RowsAtOnce, rows.RowCount - start))];
            codes.AddRange(Encode(SparseInput.Of(rows.Gather(block), bias.device)).ToValues<float>());
        }

        train(before);
        return [.. codes];
    }

    // After so many layers of the encoder.
    private Tensor Hidden(SparseInput rows, int layers, bool drops)
    {
        var hidden = first.Forward(rows.Columns, rows.Offsets, rows.Values).sigmoid();
        for (var layer = 1; layer < layers; layer++)
        {
            hidden = encoder[layer - 1].forward(drops ? Drop(hidden) : hidden).sigmoid();
        }

        return hidden;
    }

    private Tensor BeforeOutput(Tensor codes)
    {
        var hidden = codes;
        for (var layer = encoder.Count - 1; layer >= 0; layer--)
        {
            hidden = Drop(Decoded(layer, hidden, InnerBias(layer)).sigmoid());
        }

        return hidden;
    }

    // Logits of the layer below; the bias is of use where the decoder is tied.
    private Tensor Decoded(int layer, Tensor hidden, Tensor shared) =>
        decoder is null ? nn.functional.linear(hidden, encoder[layer].Weight.t(), shared) : decoder[layer].forward(hidden);

    private Parameter InnerBias(int layer) => layer == 0 ? first.Bias : encoder[layer - 1].Bias;

    private Tensor Drop(Tensor hidden) => dropout > 0 && training ? nn.functional.dropout(hidden, dropout) : hidden;
}
