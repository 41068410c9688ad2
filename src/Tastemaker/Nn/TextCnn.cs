using Tastemaker.Batches;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>
/// A convolution over the words of texts with the maximum over all windows (Collobert et al. 2011; Kim 2014), ReLU after it. A window begins at a word and may reach beyond the end of its text, where
/// vectors are 0, but not into another text: the maximum of a document is that of its texts' maxima. A document without texts gives 0.
/// </summary>
internal sealed class TextCnn : nn.Module<DocumentBuffer, EmbeddingTable, Tensor>
{
    private readonly Parameter weight; // [window x filters, c]
    private readonly Parameter bias; // [filters]
    private readonly int window;

    /// <summary>Filters over words.</summary>
    /// <param name="dimension">c: length of the vectors of words.</param>
    /// <param name="filters">Number of filters.</param>
    /// <param name="window">Words that a filter sees at once.</param>
    public TextCnn(int dimension, int filters, int window)
        : base(nameof(TextCnn))
    {
        this.window = window;
        weight = nn.Parameter(empty(window * filters, dimension));
        bias = nn.Parameter(empty(filters));
        using (no_grad())
        {
            Initializers.Uniform(Math.Sqrt(6.0 / ((window * dimension) + filters)))(weight);
            bias.fill_(0.1);
        }

        RegisterComponents();
    }

    /// <summary>The features of documents [documents, filters].</summary>
    /// <param name="documents">The documents.</param>
    /// <param name="words">Vectors of words.</param>
    public override Tensor forward(DocumentBuffer documents, EmbeddingTable words)
    {
        var filters = bias.shape[0];
        var texts = cat([OfTexts(documents.Texts, words), zeros([1, filters], device: bias.device)]); // what a document lacks is 0
        return texts.index_select(0, documents.Places.flatten()).view(documents.Places.shape[0], -1, filters).amax([1]);
    }

    /// <summary>
    /// The features of texts [texts, filters]. There are far more places than distinct words: what each word adds at each place of a window is one product for all texts, and a place of a text
    /// is then a sum of a few rows of it.
    /// </summary>
    public Tensor OfTexts(CompactTexts texts, EmbeddingTable words)
    {
        var parts = words.forward(texts.Distinct).matmul(weight.t()); // [D, window x filters]
        return parts.device_type is DeviceType.CPU
            ? WindowMaximum.Of(parts, bias, texts.Words, texts.Offsets, window)
            : Padded(parts, texts);
    }

    // The same by whole tensors, with texts padded to the longest.
    internal Tensor Padded(Tensor parts, CompactTexts texts)
    {
        var (count, filters) = (texts.Offsets.shape[0] - 1, bias.shape[0]);
        var starts = texts.Offsets.narrow(0, 0, count).unsqueeze(1);
        var lengths = texts.Offsets.narrow(0, 1, count).unsqueeze(1) - starts;
        var length = count == 0 ? 0 : (long)lengths.max().item<int>();
        if (length == 0)
        {
            return zeros([count, filters], device: bias.device);
        }

        Tensor sums = bias;
        var at = arange(length, device: bias.device).unsqueeze(0);
        for (var place = 0; place < window; place++)
        {
            var isWord = (at + place).lt(lengths);
            var words = texts.Words.index_select(0, (starts + at + place).clamp(0, texts.Words.shape[0] - 1).flatten());
            sums = sums + (parts.narrow(1, place * filters, filters).index_select(0, words).view(count, length, filters) * isWord.unsqueeze(2));
        }

        return nn.functional.relu(sums.masked_fill(at.ge(lengths).unsqueeze(2), float.NegativeInfinity).amax([1]));
    }
}
