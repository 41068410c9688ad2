using Tastemaker.Data.Splits;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Systems;
using Tastemaker.Training;

namespace Tastemaker.Testing;

/// <summary>
/// What every system must do, whatever it is: learn, answer in batches as alone, be saved, be resumed to the bit, leave no tensors behind. A system is trained on a
/// small checkerboard: users like the items of their own parity. Each check runs by itself, so that a test framework shows them one by one.
/// </summary>
/// <example>
/// <code>
/// using var suite = new SystemConformance(SoftmaxMf.Info, new SoftmaxMfOptions { Epochs = 40, LearningRate = 0.05 });
/// foreach (var check in SystemConformance.Checks)
/// {
///     suite.Check(check); // throws a ConformanceException that says what is wrong
/// }
/// </code>
/// </example>
public sealed class SystemConformance : IDisposable
{
    private static readonly (string Name, Action<SystemConformance> Run)[] All =
    [
        ("the loss falls and a checkerboard is learned", LearningChecks.Learns),
        ("the same seed gives the same result whatever is held out", LearningChecks.IsRepeatable),
        ("a resumed run equals an uninterrupted one", LearningChecks.Resumes),
        ("training holds no more tensors at its end than after its second epoch", LearningChecks.KeepsNoTensors),
        ("a catalog of one item is learned and answered", LearningChecks.LearnsOneItem),
        ("a batch gives what its requests give one by one", AnswerChecks.ScoresBatches),
        ("many requests are recommended what each is alone", AnswerChecks.RecommendsBatches),
        ("parts of the catalog are scored as the whole to the bit", AnswerChecks.ScoresParts),
        ("unseen users, items and empty histories get finite scores", AnswerChecks.ScoresAreFinite),
        ("a list holds exactly n or all that remain", AnswerChecks.ListsAreWhole),
        ("a history moves the list of a cold-start user", AnswerChecks.ReadsHistories),
        ("similar items are given or refused", AnswerChecks.FindsSimilar),
        ("saved and loaded it gives the same scores to the bit", AnswerChecks.IsSaved),
        ("a thousand requests leave no tensors behind", AnswerChecks.LeavesNoTensors),
    ];

    private readonly ModelOptions options;
    private readonly CancellationToken cancellation;
    private (IRecommender Recommender, Curve Curve)? trained;

    /// <summary>A suite for a system.</summary>
    /// <param name="system">In the catalog: <see cref="Catalog.SystemCatalog.Register"/> comes first.</param>
    /// <param name="options">Options with which it learns 50 users with 20 of 50 items each; null for the defaults, which are often too slow or too large for that.</param>
    /// <param name="cancellation">Stops training.</param>
    public SystemConformance(SystemInfo system, ModelOptions? options = null, CancellationToken cancellation = default) =>
        (System, this.options, this.cancellation) = (system, options ?? system.DefaultOptions, cancellation);

    /// <summary>The names of all checks.</summary>
    public static IReadOnlyList<string> Checks { get; } = [.. All.Select(check => check.Name)];

    /// <summary>The system.</summary>
    public SystemInfo System { get; }

    /// <summary>Whether different users get different lists. A system that does not personalize, such as popularity, cannot learn the checkerboard.</summary>
    public bool IsPersonalized { get; init; } = true;

    /// <summary>Runs a check.</summary>
    /// <param name="name">One of <see cref="Checks"/>.</param>
    /// <exception cref="ConformanceException">The system fails it: says what was expected, and what was found.</exception>
    /// <exception cref="ArgumentException">There is no such check.</exception>
    public void Check(string name) => (Array.Find(All, check => check.Name == name).Run ?? throw new ArgumentException($"There is no check '{name}'.", nameof(name)))(this);

    /// <inheritdoc/>
    public void Dispose() => trained?.Recommender.Dispose();

    /// <summary>The system trained on the checkerboard, once for all checks, with the course of its training.</summary>
    internal (IRecommender Recommender, Curve Curve) Trained
    {
        get
        {
            if (trained is null)
            {
                var curve = new Curve();
                trained = (Train(ConformanceData.Split(System.Needs), curve), curve);
            }

            return trained.Value;
        }
    }

    /// <summary>Trains the system without early stopping.</summary>
    internal IRecommender Train(Split split, ITrainingObserver? observer = null, string? checkpoints = null, CancellationToken stop = default)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stop);
        return Recommender.Train(System.Id, split, options, new TrainingOptions { Threads = 1, Patience = 0, Seed = 5 }, observer is null ? [] : [observer], checkpoints, both.Token);
    }
}

/// <summary>A system does not do what every system must.</summary>
/// <param name="message">What was expected, and what was found.</param>
public sealed class ConformanceException(string message) : Exception(message)
{
    /// <summary>Throws where something does not hold.</summary>
    internal static void Demand(bool holds, FormattableString message)
    {
        if (!holds)
        {
            throw new ConformanceException(message.ToString(global::System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
