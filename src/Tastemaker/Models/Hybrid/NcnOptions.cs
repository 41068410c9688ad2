using System.ComponentModel.DataAnnotations;
using Tastemaker.Options;

namespace Tastemaker.Models.Hybrid;

/// <summary>The layer between the filters of <see cref="Ncn"/> and the slots that its decoder attends to.</summary>
public enum RegionLayer
{
    /// <summary>One layer over all regions side by side, taken apart again: the official code.</summary>
    Joint,

    /// <summary>The same layer for each region by itself: the paper's equation.</summary>
    PerRegion,

    /// <summary>None: the official code with its released settings.</summary>
    None,
}

/// <summary>Which state of the decoder of <see cref="Ncn"/> asks for attention.</summary>
public enum AttentionQuery
{
    /// <summary>The state after the step; what is attended to tells this word and enters the next step: the official code.</summary>
    After,

    /// <summary>The state before the step, which what is attended to enters: the paper's equations.</summary>
    Before,
}

/// <summary>The score that <see cref="Ncn"/> gives a title.</summary>
public enum TitleScore
{
    /// <summary>Its mean log-likelihood per word: the official code.</summary>
    Mean,

    /// <summary>Its log-likelihood, which long titles have less of: the paper's equation.</summary>
    Sum,
}

/// <summary>Hyper-parameters of <see cref="Ncn"/>.</summary>
public sealed record NcnOptions : TextOptions
{
    /// <summary>Adam at 0.001 with the gradient clipped at norm 5; batches of at most 64 pairs, fewer where an epoch would have less than 50 updates; the paper trains 5 epochs of four million pairs.</summary>
    public NcnOptions() => (Epochs, BatchSize, LearningRate, ClipNorm, WordDimension) = (20, null, 1e-3, 5, 64);

    /// <summary>The title of items. <value>the only text, or the one named text, content, abstract, title or similar</value></summary>
    public string ItemTextColumn { get; init; } = "";

    /// <summary>The column of users that names the authors who cite, separated by ; or |; empty for none.</summary>
    public string CitingAuthors { get; init; } = "";

    /// <summary>The column of items that names the authors who are cited; empty for none.</summary>
    public string CitedAuthors { get; init; } = "";

    /// <summary>Authors of a list at most, the first ones.</summary>
    [Range(1, 1000)]
    public int Authors { get; init; } = 5;

    /// <summary>Words of a context at most, the first ones.</summary>
    [Range(1, 10_000)]
    public int ContextWords { get; init; } = 32;

    /// <summary>Words of a title at most, the first ones.</summary>
    [Range(1, 1000)]
    public int TitleWords { get; init; } = 17;

    /// <summary>Training titles that must contain a word; rarer words share one index, and its probability. <value>2, so that training has unknown words to learn from; the paper keeps the 20,000 most frequent words</value></summary>
    [Range(1, 1_000_000)]
    public int TitleMinimumCount { get; init; } = 2;

    /// <summary>Region sizes of the filters over a context, in words.</summary>
    public IReadOnlyList<int> Windows { get; init; } = [4, 4, 5];

    /// <summary>Region sizes of the filters over authors.</summary>
    public IReadOnlyList<int> AuthorWindows { get; init; } = [1, 2];

    /// <summary>Filters of each region size: the length of what the decoder attends to.</summary>
    [Range(1, 4096)]
    [Search(32, 256, Log = true)]
    public int FilterCount { get; init; } = 64;

    /// <summary>Size of the author embeddings.</summary>
    [Range(1, 4096)]
    public int AuthorDimension { get; init; } = 64;

    /// <summary>Units of each layer of the decoder, and of its attention.</summary>
    [Range(1, 4096)]
    [Search(32, 256, Log = true)]
    public int Units { get; init; } = 64;

    /// <summary>Layers of the decoder. <value>2, as in the paper; the released settings have 1</value></summary>
    [Range(1, 8)]
    public int Layers { get; init; } = 2;

    /// <summary>The layer between filters and attention.</summary>
    public RegionLayer RegionLayer { get; init; } = RegionLayer.Joint;

    /// <summary>The state that asks for attention.</summary>
    public AttentionQuery Query { get; init; } = AttentionQuery.After;

    /// <summary>Dropout rate of the input of each layer of the decoder.</summary>
    [Range(0.0, 0.99)]
    [Search(0.0, 0.6)]
    public double Dropout { get; init; } = 0.2;

    /// <summary>The score of a title.</summary>
    public TitleScore Score { get; init; } = TitleScore.Mean;

    /// <summary>Titles that are read for a request, those with the best BM25 score; others rank below them by BM25. 0 for all titles.</summary>
    [Range(0, 100_000_000)]
    public int Candidates { get; init; } = 2048;
}
