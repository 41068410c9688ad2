using Tastemaker.Batches;
using Tastemaker.Inputs;
using Tastemaker.Nn;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Hybrid;

/// <summary>
/// Reads a title word by word with attention to the slots s_j of a memory: a_ij = softmax_j(v . tanh(W_a h + U_a s_j)), c_i = sum over j of a_ij s_j. With the query after the step, as in the official code, the cell reads a layer of
/// [x_i; c_i-1], where c_0 = 0, and the words are told by [h_i; c_i]; with the query before it, as in the paper, the cell reads [x_i; c_i] and the words are told by h_i. States begin at 0; x_1 is the start of a title.
/// A word without an index of its own is told by the probability of an unknown word, shared equally by all of these.
/// </summary>
internal sealed class NcnDecoder : nn.Module
{
    private const int BlockScores = 1 << 18; // most scores of a block of words: 1 MiB, which stays in cache from the product to its logarithm

    private readonly EmbeddingTable words; // row 0 stands for the start of a title
    private readonly Dense? mixed; // of [x; c]
    private readonly ModuleList<GruCell> cells;
    private readonly Dense query; // W_a
    private readonly Dense keys; // U_a
    private readonly Parameter weights; // v
    private readonly Dense output; // V, over words from index 1 on
    private readonly double dropout;
    private readonly bool isAfter;
    private readonly int units;
    private readonly int unknown; // the index of unknown words
    private readonly double logUnknown; // of how many words share it

    /// <summary>A decoder with random weights.</summary>
    /// <param name="options">Sizes.</param>
    /// <param name="titles">The titles, with unknown words kept.</param>
    public NcnDecoder(NcnOptions options, EntityTexts titles)
        : base(nameof(NcnDecoder))
    {
        var dimension = titles.VectorDimension ?? options.WordDimension;
        (dropout, isAfter, units) = (options.Dropout, options.Query is AttentionQuery.After, options.Units);
        (unknown, logUnknown) = (titles.UnknownIndex ?? -1, Math.Log(Math.Max(1, titles.UnknownCount)));
        words = new EmbeddingTable(titles.Size, dimension, Initializers.OfWords(titles.Vectors, titles.UnknownIndex));
        mixed = isAfter ? new Dense(dimension + options.FilterCount, units, Initializers.GlorotUniform) : null;
        var first = isAfter ? units : dimension + options.FilterCount;
        cells = nn.ModuleList([.. Enumerable.Range(0, options.Layers).Select(layer => new GruCell(layer == 0 ? first : units, units, ResetGate.BeforeProduct, Initializers.GlorotUniform))]);
        (query, keys) = (new Dense(units, units, Initializers.GlorotUniform), new Dense(options.FilterCount, units, Initializers.GlorotUniform));
        weights = nn.Parameter(empty(1, units));
        output = new Dense(isAfter ? units + options.FilterCount : units, titles.Size - 1, Initializers.GlorotUniform);
        using (no_grad())
        {
            Initializers.GlorotUniform(weights);
        }

        RegisterComponents();
    }

    /// <summary>What tells each word of the titles, given the words before it [B, L, width].</summary>
    /// <param name="memory">Slots [B, S, F].</param>
    /// <param name="titles">The titles.</param>
    public Tensor Outputs(Tensor memory, PaddedTexts titles)
    {
        var count = (long)titles.Count;
        var before = cat([zeros([count, 1], titles.Words.dtype, device: memory.device), titles.Words.narrow(1, 0, titles.Length - 1)], 1); // [B, L]
        var (x, k) = (words.forward(before).unbind(1), keys.forward(memory)); // [B, d] for each place, [B, S, units]
        var states = cells.Select(_ => zeros(count, units, device: memory.device)).ToArray();
        var c = zeros(count, memory.shape[2], device: memory.device);
        var outputs = new Tensor[titles.Length];
        for (var place = 0; place < outputs.Length; place++)
        {
            c = isAfter ? c : Attend(states[^1], k, memory);
            var read = cat([x[place], c], 1);
            read = mixed is null ? read : mixed.forward(read);
            for (var layer = 0; layer < states.Length; layer++)
            {
                read = states[layer] = cells[layer].Step(nn.functional.dropout(read, dropout, training), states[layer]);
            }

            c = isAfter ? Attend(read, k, memory) : c;
            outputs[place] = isAfter ? cat([read, c], 1) : read;
        }

        return stack(outputs, 1);
    }

    /// <summary>a: how much each slot counts [B, S]; the sum over slots is 1.</summary>
    /// <param name="state">The state that asks [B, units].</param>
    /// <param name="memory">Slots [B, S, F].</param>
    public Tensor Attention(Tensor state, Tensor memory) => Weigh(state, keys.forward(memory));

    /// <summary>The cross-entropy of the words of titles, mean over words.</summary>
    public Tensor Loss(Tensor memory, PaddedTexts titles)
    {
        var (told, targets) = Words(memory, titles);
        return MultinomialOutput.Loss(told, output.Weight, targets.to(int32), output.Bias);
    }

    /// <summary>log P(title | memory): the sum over its words [B]; 0 for a title without words. Some MiB of scores are in memory at once.</summary>
    public Tensor LogLikelihood(Tensor memory, PaddedTexts titles)
    {
        var (told, targets) = Words(memory, titles);
        var found = new List<Tensor>();
        var most = Math.Max(1, BlockScores / output.Weight.shape[0]);
        for (var first = 0L; first < told.shape[0]; first += most)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(most, told.shape[0] - first);
            var scores = output.forward(told.narrow(0, first, count)); // [n, words]
            found.Add((scores.gather(1, targets.narrow(0, first, count).unsqueeze(1)).squeeze(1) - scores.logsumexp(1)).MoveToOuterDisposeScope());
        }

        var ofWords = found.Count == 0 ? zeros(0, device: memory.device) : cat(found);
        ofWords = ofWords - (targets.eq(unknown - 1).to(float32) * logUnknown);
        return zeros(titles.Count * titles.Length, device: memory.device).index_copy(0, Places(titles), ofWords).view(titles.Count, titles.Length).sum(1);
    }

    /// <summary>P of each word after what tells it [..., width], by its index less one [..., words]; an unknown word has what all of these have together.</summary>
    public Tensor Probabilities(Tensor told) => nn.functional.softmax(output.forward(told), -1);

    private static Tensor Places(PaddedTexts titles) => titles.IsPadding.logical_not().flatten().nonzero().squeeze(1);

    // What tells each word of the titles [N, width], and its index less one [N]; padding is left out.
    private (Tensor Told, Tensor Targets) Words(Tensor memory, PaddedTexts titles)
    {
        var places = Places(titles);
        return (Outputs(memory, titles).flatten(0, 1).index_select(0, places), titles.Words.flatten().index_select(0, places).to(int64) - 1);
    }

    private Tensor Attend(Tensor state, Tensor k, Tensor memory) => Weigh(state, k).unsqueeze(1).bmm(memory).squeeze(1);

    private Tensor Weigh(Tensor state, Tensor k) => nn.functional.softmax((query.forward(state).unsqueeze(1) + k).tanh().matmul(weights.t()).squeeze(2), 1);
}
