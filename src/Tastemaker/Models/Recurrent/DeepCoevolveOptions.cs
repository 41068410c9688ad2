using System.ComponentModel.DataAnnotations;
using Tastemaker.Options;

namespace Tastemaker.Models.Recurrent;

/// <summary>How a state follows from the one before.</summary>
public enum CoevolutionCell
{
    /// <summary>A gated recurrent unit, as in code that descends from the authors'.</summary>
    Gru,

    /// <summary>tanh of a sum of drift, own past, the other's state and the event: the form of the paper.</summary>
    Tanh,
}

/// <summary>By what items are ranked for a user at a time.</summary>
public enum CoevolutionRank
{
    /// <summary>The intensity c (t - t'): in proportion to the probability that the item is the one, given that the user acts at that time.</summary>
    Intensity,

    /// <summary>The density of the pair's waiting time, as if the pair were alone: that of known code.</summary>
    Density,
}

/// <summary>Hyper-parameters of <see cref="DeepCoevolve"/>; the paper's are not known to us.</summary>
public sealed record DeepCoevolveOptions : GradientModelOptions
{
    /// <summary>Adam at 0.01 with weight decay, norms of gradients clipped at 5. A window is an update, so that small data has few per epoch and needs many epochs.</summary>
    public DeepCoevolveOptions() => (Epochs, BatchSize, LearningRate, WeightDecay, ClipNorm) = (100, null, 0.01, 1e-4, 5);

    /// <summary>K: length of the vectors of users and items.</summary>
    [Symbol("K")]
    [Range(1, 1024)]
    [Search(8, 64, Log = true)]
    public int Dimension { get; init; } = 32;

    /// <summary>Successive events of everyone per update, through which gradients flow; states go on from window to window. <value>four times the median number of events between two of a user, from 100 to 5000: a state is taught by the next event of its user, which has to lie in the window</value></summary>
    [Range(1, 100_000)]
    public int? Window { get; init; }

    /// <summary>Other users drawn per event, whose waiting for the item ends with it.</summary>
    [Range(1, 10_000)]
    public int UserNegatives { get; init; } = 10;

    /// <summary>Other items drawn per event, for which the user's waiting ends.</summary>
    [Range(1, 10_000)]
    public int ItemNegatives { get; init; } = 10;

    /// <summary>Whether drawn pairs are weighted to stand for all, so that the loss is that of the full sum on average; the known code does not.</summary>
    public bool Rescale { get; init; } = true;

    /// <summary>How a state follows from the one before. <value>gru; the paper has tanh</value></summary>
    [SearchChoices("gru", "tanh")]
    public CoevolutionCell Cell { get; init; } = CoevolutionCell.Gru;

    /// <summary>Whether users and items change with each other's states; without it each changes by itself.</summary>
    public bool Coevolution { get; init; } = true;

    /// <summary>Whether states change at all; without it vectors are the learned ones.</summary>
    public bool Evolution { get; init; } = true;

    /// <summary>By what items are ranked. <value>intensity; known code has density</value></summary>
    [SearchChoices("intensity", "density")]
    public CoevolutionRank RankBy { get; init; } = CoevolutionRank.Intensity;

    /// <summary>Numeric columns of interactions that describe an event.</summary>
    public IReadOnlyList<string> EventColumns { get; init; } = [];

    /// <summary>The window of a model that is trained.</summary>
    internal int EventsPerWindow => Window ?? throw new InvalidOperationException("The window has not been derived from the data.");

    /// <summary>Longest learned vector of a user or an item, to which what evolves is added; 0 for no limit.</summary>
    [Range(0.0, 1000.0)]
    public double MaximumNorm { get; init; } = 5;
}
