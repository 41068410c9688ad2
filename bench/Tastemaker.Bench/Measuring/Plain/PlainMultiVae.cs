using Tastemaker.Models.Autoencoders;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Bench.Measuring.Plain;

/// <summary>Multi-VAE on dense rows [B, items], log-softmax over all of them, and dense Adam.</summary>
internal sealed class PlainMultiVae : PlainLoop
{
    private readonly MultiVaeOptions options;
    private readonly Tensor rows;
    private readonly Linear[] encoder;
    private readonly Linear[] decoder;

    public PlainMultiVae(MultiVaeOptions options, int itemCount, IReadOnlyList<int[]> histories)
    {
        this.options = options;
        rows = zeros(histories.Count, itemCount);
        for (var row = 0; row < histories.Count; row++)
        {
            using var items = tensor(histories[row], ScalarType.Int64);
            using var target = rows[row];
            target.index_fill_(0, items, 1);
        }

        int[] inward = [itemCount, .. options.Hidden, 2 * options.Latent];
        int[] outward = [options.Latent, .. options.Hidden.Reverse(), itemCount];
        encoder = Layers(inward);
        decoder = Layers(outward);
    }

    protected override IEnumerable<Parameter> Parameters => [.. encoder.Concat(decoder).SelectMany(layer => layer.parameters())];

    protected override IEnumerable<Tensor> Batch => [rows];

    protected override Tensor Loss()
    {
        var moments = Through(encoder, nn.functional.dropout(nn.functional.normalize(rows), options.Dropout, true));
        var (mean, logVariance) = (moments.narrow(1, 0, options.Latent), moments.narrow(1, options.Latent, options.Latent));
        var logits = Through(decoder, mean + (randn_like(mean) * (0.5 * logVariance).exp()));
        var likelihood = (logits.log_softmax(1) * rows).sum(1).mean();
        return (0.1 * -0.5 * (1 + logVariance - mean.square() - logVariance.exp()).sum(1).mean()) - likelihood;
    }

    private static Linear[] Layers(int[] widths) => [.. widths[1..].Select((width, layer) => nn.Linear(widths[layer], width))];

    private static Tensor Through(Linear[] layers, Tensor x)
    {
        for (var layer = 0; layer < layers.Length; layer++)
        {
            x = layers[layer].call(x);
            x = layer < layers.Length - 1 ? x.tanh() : x;
        }

        return x;
    }
}
