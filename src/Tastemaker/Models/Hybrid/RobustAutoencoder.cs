using System.Collections.Concurrent;
using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Native;
using Tastemaker.Nn;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Hybrid;

/// <summary>
/// The network of <see cref="Crae"/>: an encoder reads the words of a text, some replaced by a wildcard; theta = W_1 (h_T; s_T) + b_1 is its bottleneck, W_2 tanh(theta) + b_2 the first state of a decoder, which tells each word from the words
/// before it. The code of a text is tanh(W_1 p + b_1), p its pooled states.
/// </summary>
internal sealed class RobustAutoencoder : nn.Module
{
    private const int MostCentered = 512; // texts

    private readonly ConcurrentDictionary<int, float[]> ofLengths = [];

    private readonly CraeOptions options;
    private readonly int? unknown;
    private readonly int wildcard;
    private readonly EmbeddingTable words; // W_w; the last row is the wildcard
    private readonly RobustLstmCell encoder;
    private readonly RobustLstmCell decoder;
    private readonly Dense bottleneck; // W_1, b_1
    private readonly Dense start; // W_2, b_2
    private readonly EmbeddingTable output; // W_g
    private readonly Parameter outputBias; // b_g
    private readonly Tensor center; // [2 K_W], saved

    /// <summary>A network with random weights.</summary>
    public RobustAutoencoder(CraeOptions options, EntityTexts texts)
        : base(nameof(RobustAutoencoder))
    {
        this.options = options;
        (unknown, wildcard) = (texts.UnknownIndex, texts.Size);
        var width = texts.VectorDimension ?? options.WordDimension; // K_W: states are as wide as words
        words = new EmbeddingTable(texts.Size + 1, width, Initializers.OfWords(texts.Vectors, texts.UnknownIndex)) { AlwaysWhole = true };
        (encoder, decoder) = (new RobustLstmCell(width, width, options.StatePrecision), new RobustLstmCell(width, width, options.StatePrecision));
        (bottleneck, start) = (new Dense(2 * width, options.Dimension, Initializers.GlorotUniform), new Dense(options.Dimension, 2 * width, Initializers.GlorotUniform));
        (output, outputBias) = (new EmbeddingTable(texts.Size, width, Initializers.GlorotUniform) { AlwaysWhole = true }, nn.Parameter(zeros(texts.Size)));
        center = zeros(2 * width);
        RegisterComponents();
    }

    /// <summary>
    /// Takes what the bottleneck reads as the distance from the mean state of the texts, which changes nothing but the meaning of b_1. States are positive: otherwise every update would move all bottlenecks alike, and soon to where
    /// tanh has no slope.
    /// </summary>
    /// <param name="rows">The words of each text.</param>
    public void Center(SparseRows rows)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        int[] read = [.. Enumerable.Range(0, rows.RowCount).Where(row => rows.Length(row) > 0).Take(MostCentered)];
        if (read.Length > 0)
        {
            center.copy_(PaddedTexts.Read(read.Length, place => rows[read[place]], MostCentered, center.device, texts => LstmCell.Last(Read(texts.Words, texts.Count), texts.IsWord)).mean([0L]));
        }
    }

    /// <summary>gamma: the code of each text [B, K], between -1 and 1, of its clean words; zeros for a text without words.</summary>
    public Tensor Encode(PaddedTexts texts)
    {
        var states = Read(texts.Words, texts.Count);
        var theta = Bottleneck(texts, states);
        return Code(texts, theta, states, options.Pooling is StatePooling.Last ? null : Decode(texts, theta));
    }

    /// <summary>The code of each text with some words replaced [B, K], and how badly its words are told: the cross-entropy, mean over the known words of the texts.</summary>
    public (Tensor Code, Tensor Reconstruction) Denoise(PaddedTexts texts)
    {
        var isReplaced = rand(texts.Words.shape, device: texts.Words.device).lt(options.WildcardRate).logical_and(texts.IsPadding.logical_not());
        var states = Read(where(isReplaced, full_like(texts.Words, wildcard), texts.Words), texts.Count);
        var theta = Bottleneck(texts, states);
        var decoded = Decode(texts, theta);
        var h = decoded.narrow(2, 0, words.Weight.shape[1]); // [B, L, K_W]
        var isTold = unknown is { } index ? texts.IsPadding.logical_or(texts.Words.eq(index)).logical_not() : texts.IsPadding.logical_not();
        var places = isTold.flatten().nonzero().squeeze(1);
        var told = h.flatten(0, 1).index_select(0, places); // [N, K_W]
        var reconstruction = places.shape[0] == 0 ? told.sum() : MultinomialOutput.Loss(told, output.Weight, texts.Words.flatten().index_select(0, places), outputBias);
        return (Code(texts, theta, states, decoded), reconstruction);
    }

    /// <summary>The states (h; s) of the decoder, which is given the word before each place [B, L, 2 K_W].</summary>
    /// <param name="texts">The texts, whose clean words are given.</param>
    /// <param name="theta">The bottleneck [B, K].</param>
    public Tensor Decode(PaddedTexts texts, Tensor theta)
    {
        var x = words.forward(texts.Words);
        var before = cat([zeros(texts.Count, 1, x.shape[2], device: x.device), x.narrow(1, 0, texts.Length - 1)], 1); // what is told is never given
        var first = start.forward(theta.tanh()).chunk(2, 1);
        return decoder.States(before, (first[0], first[1]));
    }

    // The states (h; s) of the encoder after each place [B, L, 2 K_W].
    private Tensor Read(Tensor given, int count) => encoder.States(words.forward(given), encoder.Begin(count));

    // theta [B, K].
    private Tensor Bottleneck(PaddedTexts texts, Tensor states) => bottleneck.forward(LstmCell.Last(states, texts.IsWord) - center);

    private Tensor Code(PaddedTexts texts, Tensor theta, Tensor encoded, Tensor? decoded)
    {
        var before = options.Pooling is StatePooling.Last ? theta : bottleneck.forward(Pooled(texts, encoded, decoded!) - center);
        return before.tanh().masked_fill(texts.IsPadding.narrow(1, 0, 1), 0);
    }

    // The weighted sum over the states of the encoder and then the decoder, N = 2 T of a text of T words.
    private Tensor Pooled(PaddedTexts texts, Tensor encoded, Tensor decoded)
    {
        var lengths = texts.IsWord.sum(1).ToValues<float>();
        var weights = new float[2, texts.Count, texts.Length];
        for (var text = 0; text < texts.Count; text++)
        {
            var (own, length) = (Weights((int)lengths[text]), (int)lengths[text]);
            for (var place = 0; place < own.Length; place++)
            {
                weights[place / length, text, place % length] = own[place];
            }
        }

        var both = tensor(weights, device: encoded.device).unsqueeze(3); // [2, B, L, 1]
        return ((both[0] * encoded) + (both[1] * decoded)).sum(1);
    }

    // Of each length once: a distribution function per place would cost more than the layers.
    private float[] Weights(int length) => ofLengths.GetOrAdd(length, words => words == 0 ? [] : BetaPooling.Weights(2 * words, options.BetaA, options.BetaB));
}
