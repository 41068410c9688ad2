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

    private Tensor Drop(Tensor x, double rate) => rate > 0 ? nn.functional.dropout(x, rate, training) : x;
}
