using Tastemaker.Models.Mlp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Bench.Measuring.Plain;

/// <summary>NeuMF of four embedding tables, linear layers, sigmoid inside the loss, and dense Adam.</summary>
internal sealed class PlainNeuMF : PlainLoop
{
    private readonly Tensor users;
    private readonly Tensor items;
    private readonly Tensor labels;
    private readonly Embedding[] tables;
    private readonly Linear[] hidden;
    private readonly Linear output;

    public PlainNeuMF(NeuMFOptions options, int userCount, int itemCount, int[] users, int[] items, float[] labels)
    {
        this.users = tensor(users, ScalarType.Int64);
        this.items = tensor(items, ScalarType.Int64);
        this.labels = tensor(labels);
        tables =
        [
            nn.Embedding(userCount, options.Factors), nn.Embedding(itemCount, options.Factors),
            nn.Embedding(userCount, options.EmbeddingDimension), nn.Embedding(itemCount, options.EmbeddingDimension),
        ];
        hidden = [.. options.Hidden.Select((width, layer) => nn.Linear(layer == 0 ? 2 * options.EmbeddingDimension : options.Hidden[layer - 1], width))];
        output = nn.Linear(options.Factors + options.Hidden[^1], 1);
    }

    protected override IEnumerable<Parameter> Parameters =>
        [.. tables.SelectMany(table => table.parameters()), .. hidden.SelectMany(layer => layer.parameters()), .. output.parameters()];

    protected override IEnumerable<Tensor> Batch => [users, items, labels];

    protected override Tensor Loss()
    {
        var product = tables[0].call(users) * tables[1].call(items);
        var x = cat([tables[2].call(users), tables[3].call(items)], 1);
        foreach (var layer in hidden)
        {
            x = layer.call(x).relu();
        }

        return nn.functional.binary_cross_entropy_with_logits(output.call(cat([product, x], 1)).squeeze(1), labels);
    }
}
