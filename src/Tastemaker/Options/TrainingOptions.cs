using System.ComponentModel.DataAnnotations;

namespace Tastemaker.Options;

/// <summary>The number format of matrix products in training. Weights, sums, losses and optimizers are float32 in all cases.</summary>
public enum Precision
{
    /// <summary>float32: 24 significant bits.</summary>
    Full,

    /// <summary>8 significant bits in products of fully connected layers: faster where the processor or GPU has instructions for it.</summary>
    Bfloat16,
}

/// <summary>How optimizers treat embedding tables.</summary>
public enum RowUpdates
{
    /// <summary>Row by row for tables so large that whole passes would dominate a step; otherwise whole.</summary>
    Auto,

    /// <summary>Every step updates whole tables: the optimizers as published.</summary>
    Whole,

    /// <summary>Every step updates only the rows of its batch; moments of other rows rest ("lazy").</summary>
    Touched,
}

/// <summary>How a run is carried out: what may change speed or when training ends, but not what is being trained.</summary>
public sealed record TrainingOptions
{
    /// <summary>Seed of initial weights, samples and dropout.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>"cpu", "cuda", "cuda:N", or "auto": CUDA where there is one.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Threads for libtorch and our own work; 0 for the process's number, which is all cores unless it was set.</summary>
    [Range(0, 1024)]
    public int Threads { get; init; }

    /// <summary>
    /// Metric that chooses the best epoch on the validation part, e.g. "ndcg@10"; those of which less is better, such as "rmse" and "logloss", are
    /// minimized. "auto" is "auc" for systems that predict clicks on labelled rows, and "ndcg@10" else.
    /// </summary>
    public string Metric { get; init; } = "auto";

    /// <summary>
    /// Validations without improvement after which training stops, once a fifth of the planned epochs is done and a tenth of them lies behind the best one;
    /// 0 to run all epochs.
    /// </summary>
    [Range(0, 100_000)]
    public int Patience { get; init; } = 10;

    /// <summary>Epochs between validations.</summary>
    [Range(1, 100_000)]
    public int ValidateEvery { get; init; } = 1;

    /// <summary>Epochs between checkpoints in the run folder; the last finished one is always saved, also when the run is interrupted.</summary>
    [Range(1, 100_000)]
    public int CheckpointEvery { get; init; } = 1;

    /// <summary>Least seconds between checkpoints, so that short epochs do not spend their time on writing: a process that is killed loses no more than this. 0 for no such limit.</summary>
    [Range(0.0, 86_400.0)]
    public double CheckpointSeconds { get; init; } = 10;

    /// <summary>Whether embedding tables are updated row by row (only rows of the batch) rather than as a whole.</summary>
    public RowUpdates RowUpdates { get; init; } = RowUpdates.Auto;

    /// <summary>
    /// The number format of products of fully connected layers while training; scores are always computed in float32. Systems without such
    /// layers refuse Bfloat16.
    /// </summary>
    public Precision Precision { get; init; }
}
