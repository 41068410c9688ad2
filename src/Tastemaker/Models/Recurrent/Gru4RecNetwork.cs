using Tastemaker.Export;
using Tastemaker.Nn;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Recurrent;

/// <summary>
/// The layers of GRU4Rec: an item enters, states move on, and scores are W_y h + B_y. With one-hot input the cells have the papers' form; otherwise
/// the frameworks', as in the official PyTorch code.
/// </summary>
internal sealed class Gru4RecNetwork : nn.Module
{
    private readonly Gru4RecOptions options;
    private readonly EmbeddingTable outputs;
    private readonly EmbeddingTable outputBiases;
    private readonly EmbeddingTable? inputs;
    private readonly ModuleList<GruCell> cells;

    /// <summary>Weights uniform(-s, s), s = sqrt(6 / (rows + columns)) of each gate's block, tables included; biases 0.</summary>
    public Gru4RecNetwork(Gru4RecOptions options, int items)
        : base(nameof(Gru4RecNetwork))
    {
        this.options = options;
        var (layers, glorot) = (options.Layers, Initializers.GlorotUniform);
        outputs = new EmbeddingTable(items, layers[^1], glorot);
        outputBiases = new EmbeddingTable(items, 1, Initializers.Zeros);
        inputs = options.Input switch
        {
            Gru4RecInput.OneHot => new EmbeddingTable(items, 3 * layers[0], Initializers.ColumnBlocks(3, glorot)),
            Gru4RecInput.Separate => new EmbeddingTable(items, options.EmbeddingDimension, glorot),
            _ => null,
        };
        var firstInputs = options.Input switch
        {
            Gru4RecInput.OneHot => 0,
            Gru4RecInput.Separate => options.EmbeddingDimension,
            _ => layers[^1],
        };
        var form = options.Input == Gru4RecInput.OneHot ? ResetGate.BeforeProduct : ResetGate.AfterProduct;
        cells = nn.ModuleList(
            layers.Select((width, layer) => new GruCell(layer == 0 ? firstInputs : layers[layer - 1], width, form, glorot)).ToArray());
        RegisterComponents();
    }

    /// <summary>W_y [items, last layer].</summary>
    public Tensor ItemVectors => outputs.Weight;

    /// <summary>B_y [items, 1].</summary>
    public Tensor ItemBiases => outputBiases.Weight;

    /// <summary>From now on steps change only the rows of items that occur in them.</summary>
    public void UpdateTablesByRow()
    {
        foreach (var table in modules().OfType<EmbeddingTable>())
        {
            table.RowMode = true;
        }
    }

    /// <summary>The states of sessions that have not begun: zeros [count, width], one tensor a layer.</summary>
    public Tensor[] Begin(long count) => [.. options.Layers.Select(width => zeros(count, width, device: outputs.Weight.device))];

    /// <summary>
    /// Feeds one item to each session: item indexes [B] and states before, to states after. Dropout where training: with one-hot input a session's whole input
    /// is dropped or kept, since it is one number.
    /// </summary>
    public Tensor[] Step(Tensor items, IReadOnlyList<Tensor> states)
    {
        var next = new Tensor[cells.Count];
        var rows = (inputs ?? outputs).forward(items);
        var x = options.Input is Gru4RecInput.OneHot ? rows * Drop(ones(rows.shape[0], 1, device: rows.device), options.EmbeddingDropout) : Drop(rows, options.EmbeddingDropout);
        for (var layer = 0; layer < cells.Count; layer++)
        {
            var state = cells[layer].Input is null ? cells[layer].StepFromGates(x, states[layer]) : cells[layer].Step(x, states[layer]);
            x = next[layer] = Drop(state, options.HiddenDropout);
        }

        return next;
    }

    /// <summary>Scores of some items [C] for last-layer states [B, width]: [B, C].</summary>
    public Tensor Scores(Tensor state, Tensor items) => addmm(outputBiases.forward(items).t(), state, outputs.forward(items).t(), 1, 1);

    /// <summary>Scores of all items for last-layer states [B, width]: [B, items].</summary>
    public Tensor CatalogScores(Tensor state) => addmm(outputBiases.Weight.t(), state, outputs.Weight.t(), 1, 1);

    /// <summary>
    /// W_y h + B_y with h the last layer's state after the history. ONNX's unit has its gates in the order update, reset, candidate, and its update
    /// gate keeps the past: where ours lets the candidate in (one-hot input, the papers' form), z is negated, since 1 - sigmoid(a) = sigmoid(-a).
    /// </summary>
    public static GraphValue Export(GraphSource source)
    {
        var options = source.Options<Gru4RecOptions>();
        var oneHot = options.Input is Gru4RecInput.OneHot;
        var table = source.WithNobody(options.Input is Gru4RecInput.Shared ? "network.outputs.weight" : "network.inputs.weight");
        var lengths = source.Requests.Lengths.ToInt32();
        var inputs = table.Gather(source.Requests.History.Transpose(1, 0)); // [length, batch, D]
        GraphValue? state = null;
        for (var layer = 0; layer < options.Layers.Count; layer++)
        {
            var width = options.Layers[layer];
            (state, inputs) = source.Graph.Gru(inputs, lengths, Weights(source, $"network.cells.{layer}", width, negatesUpdate: oneHot), width, resetsAfterProduct: !oneHot);
        }

        return state!.MatMul(source.Constant("network.outputs.weight").Transpose(1, 0)) + source.Constant("network.outputBiases.weight").Transpose(1, 0);
    }

    // A cell without input weights reads the gates' inputs themselves: its weights are the identity.
    private static (GraphValue Input, GraphValue Recurrent, GraphValue Biases) Weights(GraphSource source, string cell, int width, bool negatesUpdate)
    {
        var inputs = source.Has($"{cell}.input") ? (int)source.ShapeOf($"{cell}.input")[0] : 3 * width;
        var input = source.Has($"{cell}.input") ? source.Floats($"{cell}.input") : Identity(inputs);
        var biases = new float[6 * width];
        Gates(source.Floats($"{cell}.bias"), 1, width, negatesUpdate).CopyTo(biases, 0);
        if (source.Has($"{cell}.recurrentBias"))
        {
            source.Floats($"{cell}.recurrentBias").CopyTo(biases, 5 * width);
        }

        return (
            source.Graph.Constant(Gates(input, inputs, width, negatesUpdate), 1, 3 * width, inputs),
            source.Graph.Constant(Gates(source.Floats($"{cell}.recurrent"), width, width, negatesUpdate), 1, 3 * width, width),
            source.Graph.Constant(biases, 1, 6 * width));
    }

    // From columns reset, update, candidate [rows, 3H] to rows update, reset, candidate [3H, rows].
    private static float[] Gates(float[] weights, int rows, int width, bool negatesUpdate)
    {
        var gates = new float[weights.Length];
        for (var unit = 0; unit < 3 * width; unit++)
        {
            var gate = unit / width;
            var from = gate < 2 ? ((1 - gate) * width) + (unit % width) : unit;
            for (var row = 0; row < rows; row++)
            {
                var weight = weights[(row * 3 * width) + from];
                gates[(unit * rows) + row] = gate == 0 && negatesUpdate ? -weight : weight;
            }
        }

        return gates;
    }

    private static float[] Identity(int size)
    {
        var identity = new float[size * size];
        for (var place = 0; place < size; place++)
        {
            identity[(place * size) + place] = 1;
        }

        return identity;
    }

    private Tensor Drop(Tensor x, double rate) => rate > 0 ? nn.functional.dropout(x, rate, training) : x;
}
