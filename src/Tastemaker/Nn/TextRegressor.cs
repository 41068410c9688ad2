using Tastemaker.Batches;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>A vector of a text by convolutions over its words: word embeddings, filters of several widths, rectified, the maximum over the text, dropout, and a linear layer (Kim 2014).</summary>
internal sealed class TextRegressor : nn.Module
{
    private readonly EmbeddingTable words; // fields, because state_dict names parameters by their fields
    private readonly ModuleList<TextCnn> filters;
    private readonly Dense output;
    private readonly double dropout;

    /// <summary>A network with random weights.</summary>
    /// <param name="words">The word embeddings, which become part of the network.</param>
    /// <param name="widths">Words that the filters span.</param>
    /// <param name="filtersPerWidth">Filters of each width.</param>
    /// <param name="outputs">K: length of the vector.</param>
    /// <param name="dropout">Dropout rate of the input of the linear layer.</param>
    public TextRegressor(EmbeddingTable words, IReadOnlyList<int> widths, int filtersPerWidth, int outputs, double dropout)
        : base(nameof(TextRegressor))
    {
        (this.words, this.dropout) = (words, dropout);
        var dimension = (int)words.Weight.shape[1];
        filters = nn.ModuleList([.. widths.Select(width => new TextCnn(dimension, filtersPerWidth, width))]);
        output = new Dense(filtersPerWidth * widths.Count, outputs, Initializers.GlorotUniform);
        RegisterComponents();
    }

    /// <summary>The vector of each text [B, K]; of a text without words, the bias of the linear layer.</summary>
    public Tensor Read(CompactTexts texts)
    {
        var largest = cat([.. filters.Select(filter => filter.OfTexts(texts, words))], 1); // [B, filters]
        return output.forward(nn.functional.dropout(largest, dropout, training));
    }
}
