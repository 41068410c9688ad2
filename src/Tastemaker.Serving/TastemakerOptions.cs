using System.ComponentModel.DataAnnotations;
using Tastemaker.Serving.Events;

namespace Tastemaker.Serving;

/// <summary>How a recommender is served in an application.</summary>
public sealed class TastemakerOptions
{
    /// <summary>The model: a folder that <see cref="Recommender.Save"/> wrote, a run folder of <c>taste train</c>, or an .onnx file of <c>taste export</c>.</summary>
    [Required]
    public string Model { get; set; } = "";

    /// <summary>Further models, to be asked by name and compared with the first: folders as for <see cref="Model"/>. They share its events and its records of items.</summary>
    public IReadOnlyList<string> CompareWith { get; set; } = [];

    /// <summary>
    /// Where interactions are kept: a SQLite file, such as "events.db", or a connection string that begins with "postgres://". Empty for memory alone: what
    /// is appended is then lost with the process.
    /// </summary>
    public string Store { get; set; } = "";

    /// <summary>
    /// How often to look for what other processes have appended to the store. Null: every two seconds where <see cref="Store"/> names one, else never; zero for never.
    /// </summary>
    public TimeSpan? FollowStore { get; set; }

    /// <summary>A store made by the application; stronger than <see cref="Store"/>.</summary>
    public Func<IServiceProvider, IEventStore>? MakeStore { get; set; }

    /// <summary>
    /// Stored interactions with numbers up to this are not read at the start, because the model has learned from them. 0: all are read, and what the model knows
    /// is told from its own histories and from how far its data reached (<see cref="ModelCard.StoreUntil"/>).
    /// </summary>
    [Range(0, long.MaxValue)]
    public long TrainedUntil { get; set; }

    /// <summary>
    /// When to train again from <see cref="Store"/>: a cron expression in the machine's time, such as "30 3 * * *"; empty for never. The new model is measured beside the
    /// running one on the newest slice of the interactions, and takes over if it is not worse.
    /// </summary>
    public string Retrain { get; set; } = "";

    /// <summary>The share of the interactions, the newest ones, that both models are measured on; as large a share before it chooses the new model's best epoch.</summary>
    [Range(0.001, 0.4)]
    public double RetrainSlice { get; set; } = 0.1;

    /// <summary>Threads for training while the service answers; 0 for half of the processors.</summary>
    [Range(0, 1024)]
    public int RetrainThreads { get; set; }

    /// <summary>Most queries that are answered together.</summary>
    [Range(1, 4096)]
    public int BatchSize { get; set; } = 64;

    /// <summary>How long a batch that is not full waits for more. Zero: a batch is what gathered while the one before was computed.</summary>
    public TimeSpan BatchWait { get; set; } = TimeSpan.Zero;

    /// <summary>Batches at a time.</summary>
    [Range(1, 64)]
    public int Workers { get; set; } = 1;

    /// <summary>Most queries that may wait; further callers wait to be taken in.</summary>
    [Range(1, 1_000_000)]
    public int QueueLength { get; set; } = 4096;

    /// <summary>Most items since training that are kept for a user, and most items of a history that is given.</summary>
    [Range(1, 1_000_000)]
    public int HistoryLength { get; set; } = 10_000;

    /// <summary>Most users whose events are kept in memory; those of other users are read from the store when they ask.</summary>
    [Range(1, int.MaxValue)]
    public int UsersInMemory { get; set; } = 100_000;

    /// <summary>Most items of a list.</summary>
    [Range(1, 1_000_000)]
    public int MostItems { get; set; } = 1000;
}
