using System.ComponentModel.DataAnnotations;

namespace Tastemaker.Tuning;

/// <summary>How a hyper-parameter search is carried out.</summary>
public sealed record TuningOptions
{
    /// <summary>Heading of the study in report and page; empty for the system and the data.</summary>
    public string Title { get; init; } = "";

    /// <summary>What is studied and why, for report and page.</summary>
    public string Description { get; init; } = "";

    /// <summary>Settings to try, the default one first. <value>30</value> A finished study goes on when the number is raised.</summary>
    [Range(1, 100_000)]
    public int Trials { get; init; } = 30;

    /// <summary>How the next setting is chosen. <value>tpe</value></summary>
    public SamplerKind Sampler { get; init; } = SamplerKind.Tpe;

    /// <summary>Settings drawn at random before TPE learns from them. <value>10</value></summary>
    [Range(1, 100_000)]
    public int Startup { get; init; } = 10;

    /// <summary>
    /// Successive halving: every setting is trained for a few epochs, and only the best third goes on to three times as many, and so forth.
    /// </summary>
    public bool Halving { get; init; }

    /// <summary>Epochs of the first rung of halving; 0 for the fewest from which three or four rungs lead up to the system's epochs.</summary>
    [Range(0, 100_000)]
    public int FirstRung { get; init; }

    /// <summary>
    /// A range or values for an option, stronger than the system's own: "learning-rate=1e-4..1e-1:log", "dimension=32,64,128", "loss=bpr,top1"; a name
    /// alone searches the range that the system declares.
    /// </summary>
    public IReadOnlyList<string> Search { get; init; } = [];

    /// <summary>Search only what <see cref="Search"/> names, not all for which the system declares a range.</summary>
    public bool Only { get; init; }

    /// <summary>A value that the search leaves alone: "dropout=0.5". Options that are set in any other way are left alone too.</summary>
    public IReadOnlyList<string> Fix { get; init; } = [];

    /// <summary>Time after which no further trial begins, such as "90s", "30m" or "2h"; empty for none.</summary>
    public string Time { get; init; } = "";

    /// <summary>Seed of the search; training has its own, which all trials share.</summary>
    public ulong SearchSeed { get; init; } = 42;

    /// <summary>Trials at a time, each in a process of its own with its share of the threads. <value>1</value></summary>
    [Range(1, 256)]
    public int Parallel { get; init; } = 1;

    /// <summary>Whether the tuned and the default setting are trained for the test on training and validation part together, where the split can.</summary>
    public bool Retrain { get; init; }
}

/// <summary>How a search chooses the next setting.</summary>
public enum SamplerKind
{
    /// <summary>Tree-structured Parzen estimator (Bergstra, Bardenet, Bengio and Kegl, NIPS 2011): where good settings are denser than bad ones.</summary>
    Tpe,

    /// <summary>Uniformly at random in every range (Bergstra and Bengio, JMLR 2012).</summary>
    Random,

    /// <summary>All combinations in order; every searched option must have values, not a range.</summary>
    Grid,
}
