using Tastemaker.Data;
using Tastemaker.Nn;
using Tastemaker.Options;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Recurrent;

/// <summary>
/// The article vectors of <see cref="YahooNews"/> (section 3 of the paper): a denoising autoencoder over the set of words of an article, h = sigma(W x~ + b) - sigma(b) and y = sigma(W' h + b') with separate W and W'.
/// Of three articles, the first two share a category and the third has another; beside the reconstruction of the three, log(1 + exp(h0 . h2 - h0 . h1)) draws the vectors of the first two together.
/// An article without words has h = 0 and is similar to nothing. No value of h is beyond 1.
/// </summary>
internal sealed class ArticleAutoencoder : nn.Module
{
    private const int ArticlesAtOnce = 4096;

    private readonly SparseLinear encoder; // W and b; fields, because state_dict names parameters by their fields
    private readonly Parameter output; // W' [words, dimension]
    private readonly Parameter outputBias; // b' [words]
    private readonly double noise;
    private readonly double tripletWeight;

    /// <summary>A network with Glorot uniform weights and biases of 0.</summary>
    /// <param name="words">Number of words.</param>
    /// <param name="dimension">Length of an article vector.</param>
    /// <param name="noise">p: probability that a word is masked in training.</param>
    /// <param name="tripletWeight">alpha: weight of the triplets beside the reconstruction.</param>
    public ArticleAutoencoder(int words, int dimension, double noise, double tripletWeight)
        : base(nameof(ArticleAutoencoder))
    {
        (this.noise, this.tripletWeight) = (noise, tripletWeight);
        encoder = new SparseLinear(words, dimension, Initializers.GlorotUniform, Initializers.Zeros);
        output = nn.Parameter(empty(words, dimension));
        outputBias = nn.Parameter(zeros(words));
        using (no_grad())
        {
            Initializers.GlorotUniform(output);
        }

        RegisterComponents();
    }

    /// <summary>Begins the biases of the output at the frequencies of words.</summary>
    public void BeginAtMeans(SparseRows bags) => SparseReconstruction.BeginAtMeans(outputBias, bags);

    /// <summary>The vectors of articles as they are used: without noise, every word worth 1 - p, its mean in training [B, dimension].</summary>
    public Tensor Encode(SparseInput articles) => Hidden(articles with { Values = articles.Values * (1 - noise) });

    /// <summary>The vectors of all articles [articles, dimension].</summary>
    /// <param name="bags">The words of each.</param>
    public Tensor EncodeAll(SparseRows bags)
    {
        List<Tensor> blocks = [];
        for (var start = 0; start < bags.RowCount; start += ArticlesAtOnce)
        {
            using var scope = NewDisposeScope();
            int[] block = [.. Enumerable.Range(start, Math.Min(ArticlesAtOnce, bags.RowCount - start))];
            blocks.Add(Encode(SparseInput.Of(bags.Gather(block), outputBias.device)).MoveToOuterDisposeScope());
        }

        return cat(blocks, 0);
    }

    /// <summary>What step 1 minimizes: the cross-entropy of the articles, summed over all words of the vocabulary and over the articles of a triplet, plus alpha times the triplet loss; mean over the batch.</summary>
    public Tensor Loss(ArticleBatch batch)
    {
        var clean = batch.Words;
        var h = Hidden(training ? clean.Masked(noise) : clean with { Values = clean.Values * (1 - noise) }); // [parts B, dimension]
        var reconstruction = batch.Parts * SparseReconstruction.Loss(ReconstructionLoss.CrossEntropy, h, output, outputBias, clean);
        if (batch.Parts == 1)
        {
            return reconstruction;
        }

        var three = h.chunk(3);
        return reconstruction + (tripletWeight * (TripletLoss(three[0], three[1], three[2]) * batch.IsTriplet).mean());
    }

    /// <summary>log(1 + exp(h0 . h2 - h0 . h1)) of each triplet [B], from three times [B, dimension].</summary>
    public static Tensor TripletLoss(Tensor h0, Tensor h1, Tensor h2) => nn.functional.softplus((h0 * (h2 - h1)).sum(1));

    private Tensor Hidden(SparseInput words) => encoder.Forward(words.Columns, words.Offsets, words.Values).sigmoid() - encoder.Bias.sigmoid();
}
