using Tastemaker.Batches;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>
/// A convolution over the words of texts with the maximum over all windows (Collobert et al. 2011; Kim 2014), ReLU after it. A window begins at a word and may reach beyond the end of its text, where vectors
/// are 0, but not into another text: the maximum of a document is that of its texts' maxima. A document without texts gives 0.
/// </summary>
internal sealed class TextCnn : nn.Module<DocumentBuffer, EmbeddingTable, Tensor>
{
    private readonly Conv1d filters;
    private readonly int window;

    /// <summary>Filters over words.</summary>
    /// <param name="dimension">Length of the vectors of words.</param>
    /// <param name="count">Number of filters.</param>
    /// <param name="window">Words that a filter sees at once.</param>
    public TextCnn(int dimension, int count, int window)
        : base(nameof(TextCnn))
    {
        this.window = window;
        filters = nn.Conv1d(dimension, count, window);
        using (no_grad())
        {
            Initializers.Uniform(Math.Sqrt(6.0 / ((window * dimension) + count)))(filters.weight);
            filters.bias!.fill_(0.1);
        }

        RegisterComponents();
    }

    /// <summary>The features of documents [documents, filters].</summary>
    /// <param name="documents">The documents.</param>
    /// <param name="words">Vectors of words; row 0 is never read.</param>
    public override Tensor forward(DocumentBuffer documents, EmbeddingTable words)
    {
        var count = filters.weight.shape[0];
        Tensor[] texts = [.. documents.Blocks.Select(block => OfTexts(block, words)), zeros([1, count], device: words.Weight.device)]; // what a document lacks is 0
        return cat(texts).index_select(0, documents.Places.flatten()).view(documents.Places.shape[0], -1, count).amax([1]);
    }

    /// <summary>The features of texts: words [texts, L] to [texts, filters].</summary>
    public Tensor OfTexts(Tensor block, EmbeddingTable words)
    {
        var isWord = block.gt(0);
        var vectors = words.forward(block) * isWord.unsqueeze(2); // [R, L, c]
        var windows = filters.forward(nn.functional.pad(vectors.transpose(1, 2), [0, window - 1])); // [R, n, L]
        return nn.functional.relu(windows.masked_fill(isWord.logical_not().unsqueeze(1), float.NegativeInfinity).amax([2]));
    }
}
