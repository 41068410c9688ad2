using System.ComponentModel.DataAnnotations;
using Tastemaker.Options;

namespace Tastemaker.Models.Recurrent;

/// <summary>How <see cref="YahooNews"/> makes a user of the articles browsed so far.</summary>
public enum NewsEncoder
{
    /// <summary>A gated recurrent layer and a fully connected one: the paper's best.</summary>
    Gru,

    /// <summary>The mean of the article vectors, each coordinate scaled by a learned weight.</summary>
    Average,

    /// <summary>The same with weights that fall with the age of an article.</summary>
    Decay,

    /// <summary>A plain recurrent layer.</summary>
    Rnn,

    /// <summary>A long short-term memory with peepholes and a fully connected layer.</summary>
    Lstm,
}

/// <summary>Hyper-parameters of <see cref="YahooNews"/>. The sizes suit a CPU; the paper's are named beside them.</summary>
public sealed record YahooNewsOptions : GradientModelOptions
{
    /// <summary>RMSprop at 0.005 over batches of 20 as in the paper, where a batch is of sessions and ours of users with all their sessions. The gradient is clipped at norm 5, which the paper needs for its plain and LSTM layers.</summary>
    public YahooNewsOptions() => (Epochs, BatchSize, Optimizer, LearningRate, ClipNorm) = (20, 20, OptimizerKind.RmsProp, 0.005, 5);

    /// <summary>The column of the text that is read. <value>the only text, or the one named text, content, post, abstract, title or similar</value></summary>
    public string TextColumn { get; init; } = "";

    /// <summary>Training articles that must contain a word; others are ignored.</summary>
    [Range(1, 1_000_000)]
    public int MinimumCount { get; init; } = 2;

    /// <summary>Most words of the vocabulary, those with the largest sum of tf-idf. <value>10,000</value></summary>
    [Range(1, 1_000_000)]
    public int Words { get; init; } = 10_000;

    /// <summary>The column of categories of items that articles are compared by, such as category or tags(minimum-count=10); empty for reconstruction alone.</summary>
    public string CategoryColumn { get; init; } = "";

    /// <summary>Length of the vectors of articles and users. <value>100; the paper has 500</value></summary>
    [Range(1, 4096)]
    [Search(50, 500, Log = true)]
    public int Dimension { get; init; } = 100;

    /// <summary>p: probability that a word of an article is masked in step 1. <value>0.3; the paper does not tell it</value></summary>
    [Symbol("p")]
    [Range(0.0, 0.99)]
    [Search(0.0, 0.6)]
    public double Noise { get; init; } = 0.3;

    /// <summary>alpha: weight of the comparison of categories beside the reconstruction, which sums over all words. Without a category column it has no effect. <value>10; the paper does not tell it</value></summary>
    [Symbol("alpha")]
    [Range(0.0, 10_000.0)]
    [Search(1.0, 100.0, Log = true)]
    public double TripletWeight { get; init; } = 10;

    /// <summary>Epochs of step 1, the article vectors.</summary>
    [Range(1, 100_000)]
    [Search(5, 50, Log = true)]
    public int ArticleEpochs { get; init; } = 20;

    /// <summary>Articles per update of step 1, three times as many where there are categories; at most 100 where none is given, fewer where an epoch would have less than 50 updates.</summary>
    [Range(1, 1 << 20)]
    public int? ArticleBatchSize { get; init; }

    /// <summary>Learning rate of step 1. <value>0.003; the paper does not tell it</value></summary>
    [Range(1e-8, 10.0)]
    [Search(1e-4, 1e-2, Log = true)]
    public double ArticleLearningRate { get; init; } = 3e-3;

    /// <summary>How a user is made of the articles browsed so far.</summary>
    [SearchChoices("gru", "average", "decay", "rnn", "lstm")]
    public NewsEncoder Encoder { get; init; } = NewsEncoder.Gru;

    /// <summary>Units of the recurrent layer. <value>64; the paper has 200</value></summary>
    [Range(1, 4096)]
    [Search(32, 200, Log = true)]
    public int Units { get; init; } = 64;

    /// <summary>beta: weight of an article over that of the article after it. <value>0.9; the paper does not tell it</value></summary>
    [OnlyWith("encoder", "decay")]
    [Symbol("beta")]
    [Range(0.01, 1.0)]
    [Search(0.7, 1.0)]
    public double Decay { get; init; } = 0.9;

    /// <summary>The column of interactions that tells which impressions were shown together; labels say which were clicked. Empty to learn from clicks alone, against sampled negatives.</summary>
    public string SessionColumn { get; init; } = "";

    /// <summary>The column of interactions that holds the position of an impression, 1 for the first; empty for no position bias. It needs a session column.</summary>
    public string PositionColumn { get; init; } = "";

    /// <summary>Positions with a bias of their own; those below share that of the last. <value>20, what the paper tests</value></summary>
    [Range(1, 10_000)]
    public int Positions { get; init; } = 20;

    /// <summary>Sampled negatives per click where there is no session column.</summary>
    [Range(1, 1000)]
    [Search(1, 20, Log = true)]
    public int Negatives { get; init; } = 4;

    /// <summary>Most browsed articles that are read; of longer histories the newest are read.</summary>
    [Range(1, 10_000)]
    public int MaxLength { get; init; } = 100;
}
