using System.ComponentModel.DataAnnotations;

namespace Tastemaker.Options;

/// <summary>The hyper-parameters of systems that learn word embeddings from a text of each user or item.</summary>
public abstract record TextOptions : GradientModelOptions
{
    /// <summary>The column of the text that is read. <value>the only text, or the one named text, content, post, abstract, title or similar</value></summary>
    public string TextColumn { get; init; } = "";

    /// <summary>A file of pre-trained word vectors (word2vec or GloVe) that initialize the word embeddings; empty for random initialization.</summary>
    public string WordVectors { get; init; } = "";

    /// <summary>d: size of the word embeddings; a file of word vectors overrides it.</summary>
    [Symbol("d")]
    [Range(1, 4096)]
    [Search(32, 300, Log = true)]
    public int WordDimension { get; init; } = 100;

    /// <summary>Training texts that must contain a word; rarer words share one embedding.</summary>
    [Range(1, 1_000_000)]
    public int MinimumCount { get; init; } = 1;
}
