using System.ComponentModel.DataAnnotations;
using Tastemaker.Options;

namespace Tastemaker.Models.Recurrent;

/// <summary>How a new state is computed from the state before.</summary>
public enum CoevolutionCell
{
    /// <summary>A gated recurrent unit, as in public code derived from the authors' code.</summary>
    Gru,

    /// <summary>tanh of a weighted sum of the elapsed time, the own state, the state of the other side and the features of the event, as in the paper.</summary>
    Tanh,
}

/// <summary>The score that ranks items for a user at a time.</summary>
public enum CoevolutionRank
{
    /// <summary>The intensity c (t - t'). It is proportional to the probability that the user chooses the item, given that the user has an event at that time.</summary>
    Intensity,

    /// <summary>The density of the waiting time of the pair, as if there were no other pairs; as in public code.</summary>
    Density,
}

/// <summary>Hyper-parameters of <see cref="DeepCoevolve"/>. We do not know the values of the paper.</summary>
public sealed record DeepCoevolveOptions : GradientModelOptions
{
    /// <summary>Adam at 0.01 with weight decay; the gradient is clipped at norm 5. A window is an update, so small data has few updates per epoch and needs many epochs. There is no batch size: set the window.</summary>
    public DeepCoevolveOptions() => (Epochs, BatchSize, LearningRate, WeightDecay, ClipNorm) = (100, null, 0.01, 1e-4, 5);

    /// <summary>K: length of the vectors of users and items.</summary>
    [Symbol("K")]
    [Range(1, 1024)]
    [Search(8, 64, Log = true)]
    public int Dimension { get; init; } = 32;

    /// <summary>Number of successive events per update, over all users. Gradients flow within a window; states continue from window to window. <value>four times the median number of events between two events of a user, from 100 to 5000: a state learns only from later events of its user in the same window</value></summary>
    [Range(1, 100_000)]
    public int? Window { get; init; }

    /// <summary>Other users sampled per event: the event ends the waiting interval of each of them with the item.</summary>
    [Range(1, 10_000)]
    public int UserNegatives { get; init; } = 10;

    /// <summary>Other items sampled per event: the event ends the waiting interval of the user with each of them.</summary>
    [Range(1, 10_000)]
    public int ItemNegatives { get; init; } = 10;

    /// <summary>Whether sampled pairs are weighted so that the loss is an unbiased estimate of the sum over all pairs. Public code does not weight them.</summary>
    public bool Rescale { get; init; } = true;

    /// <summary>How a new state is computed from the state before. <value>gru; the paper has tanh</value></summary>
    [SearchChoices("gru", "tanh")]
    public CoevolutionCell Cell { get; init; } = CoevolutionCell.Gru;

    /// <summary>Whether a new state reads the state of the other side (co-evolution).</summary>
    public bool Coevolution { get; init; } = true;

    /// <summary>Whether events change states; if not, the vectors of users and items are constant.</summary>
    public bool Evolution { get; init; } = true;

    /// <summary>The score that ranks items. <value>intensity; public code has density</value></summary>
    [SearchChoices("intensity", "density")]
    public CoevolutionRank RankBy { get; init; } = CoevolutionRank.Intensity;

    /// <summary>Numeric columns of interactions that describe an event.</summary>
    public IReadOnlyList<string> EventColumns { get; init; } = [];

    /// <summary>The window, once it is derived from the data.</summary>
    internal int EventsPerWindow => Window ?? throw new InvalidOperationException("The window has not been derived from the data.");

    /// <summary>Largest norm of the learned vector of a user or an item, to which the evolving state is added; 0 for no limit.</summary>
    [Range(0.0, 1000.0)]
    public double MaximumNorm { get; init; } = 5;
}
