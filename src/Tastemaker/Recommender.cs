using Tastemaker.Catalog;
using Tastemaker.Data.Splits;
using Tastemaker.Native;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Retrieval;
using Tastemaker.Runs;
using Tastemaker.Systems;
using Tastemaker.Training;

namespace Tastemaker;

/// <summary>Trains, saves and loads recommenders: the front door of the library.</summary>
public static class Recommender
{
    /// <summary>Trains a system on a split. The random numbers of libtorch belong to the process: where results must repeat, train one at a time.</summary>
    /// <param name="system">Id of a system, such as "multi-vae".</param>
    /// <param name="split">What to learn from, and what chooses the best epoch.</param>
    /// <param name="options">Hyper-parameters; null for the system's defaults.</param>
    /// <param name="training">How to run; null for the defaults.</param>
    /// <param name="observers">Watch the run.</param>
    /// <param name="checkpoints">Folder for checkpoints, of this process alone while it trains; a run found there is resumed.</param>
    /// <param name="cancellation">Stops training after the running step; what the finished epochs gave is returned.</param>
    /// <exception cref="OperationCanceledException">It was stopped before an epoch was finished.</exception>
    /// <exception cref="InputException">The system is unknown, an option is out of range, or the data lacks what the system needs: all problems at once; or another process trains in the folder for checkpoints.</exception>
    public static IRecommender Train(
        string system,
        Split split,
        ModelOptions? options = null,
        TrainingOptions? training = null,
        IReadOnlyList<ITrainingObserver>? observers = null,
        string? checkpoints = null,
        CancellationToken cancellation = default)
    {
        LibTorch.Demand();
        var info = SystemCatalog.Find(system);
        var run = Experiment.Origin(options ?? info.DefaultOptions, training ?? new TrainingOptions(), split);
        TrainingCheck.Demand(info, run.Options, run.Training, split, SystemCatalog.Systems);
        using var held = Held(checkpoints);
        var (recommender, end) = Fitting.Train(info, split, run, observers ?? [], checkpoints, cancellation);
        if (end is { Reason: TrainingEnd.Interrupted, BestEpoch: < 0 })
        {
            recommender.Dispose();
            throw new OperationCanceledException("Training was stopped before an epoch was finished.", cancellation);
        }

        return recommender;
    }

    /// <summary>
    /// Fits a trained system once more, on all interactions of its split, held out or not: with the same options, for as many epochs as were best. What it gives
    /// is to be served; it has seen the test part, so the metrics to quote are those of the first.
    /// </summary>
    /// <param name="trained">Made by <see cref="Train"/> on the split; stays as it is.</param>
    /// <param name="split">The split it was trained on.</param>
    /// <param name="observers">Watch the run.</param>
    /// <param name="checkpoints">Folder for checkpoints, of this process alone while it trains; a run found there is resumed.</param>
    /// <param name="cancellation">Stops training after the running step.</param>
    /// <exception cref="InputException">The split does not know all data.</exception>
    /// <exception cref="ArgumentException">The recommender was not made by <see cref="Train"/>.</exception>
    public static IRecommender FitOnAll(
        IRecommender trained,
        Split split,
        IReadOnlyList<ITrainingObserver>? observers = null,
        string? checkpoints = null,
        CancellationToken cancellation = default)
    {
        var first = trained as TrainedRecommender ?? throw new ArgumentException($"A {trained.GetType().Name} cannot be fit again; only trained systems can.", nameof(trained));
        using var held = Held(checkpoints);
        return Fitting.FitOnAll(first, split, observers ?? [], checkpoints, cancellation).Recommender;
    }

    /// <summary>Writes a recommender to a folder: weights as safetensors, the rest as JSON. Atomic: a crash leaves no half-written model.</summary>
    /// <exception cref="ArgumentException">The recommender was not made by this library's <see cref="Train"/>, <see cref="Load"/> or <see cref="TwoStage"/>.</exception>
    /// <exception cref="InputException">The folder holds something else than a saved recommender, which this would replace.</exception>
    public static void Save(IRecommender recommender, string folder)
    {
        if (Directory.Exists(folder) && !TwoStageFolder.IsOne(folder) && !RecommenderFolder.IsOne(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new InputException($"'{folder}' holds something that is no saved recommender, and would be deleted. Name another folder, or empty it.");
        }

        if (recommender is TwoStageRecommender stages)
        {
            TwoStageFolder.Write(stages, folder);
            return;
        }

        RecommenderFolder.Write(
            recommender as TrainedRecommender ?? throw new ArgumentException($"A {recommender.GetType().Name} cannot be saved; only trained systems can.", nameof(recommender)),
            folder);
    }

    /// <summary>Reads a recommender from a folder that <see cref="Save"/> or <c>taste train</c> wrote. It needs no training set and gives the scores it gave when saved.</summary>
    /// <exception cref="InputException">The folder holds no model, or one that is corrupt or of a newer version.</exception>
    public static IRecommender Load(string folder)
    {
        LibTorch.Demand();
        folder = RecommenderFolder.In(folder);
        return TwoStageFolder.IsOne(folder) ? TwoStageFolder.Read(folder, SystemCatalog.Find) : RecommenderFolder.Read(folder, SystemCatalog.Find);
    }

    /// <summary>
    /// Two stages as one recommender: the best candidates of a retriever in the order of a ranker, the rest of the catalog below them in the retriever's
    /// order. Lists come with what filters leave: with an index over the retriever's items (<see cref="WithIndex"/>) the catalog is not read. A ranker
    /// that reads features scores the candidates alone. Where the ranker cannot answer a request, the retriever's answer stands.
    /// </summary>
    /// <param name="retriever">Finds candidates: for large catalogs a system that gives vectors, such as "youtube-dnn". Belongs to the result from now on.</param>
    /// <param name="ranker">Orders them, such as "youtube-ranking". Belongs to the result from now on.</param>
    /// <param name="candidates">How many the ranker orders, besides what the user has seen.</param>
    /// <exception cref="InputException">The two do not know the same users and items.</exception>
    public static IRecommender TwoStage(IRecommender retriever, IRecommender ranker, int candidates = 200) => new TwoStageRecommender(retriever, ranker, candidates);

    /// <summary>
    /// The recommender, answering with what an index finds. Where the index cannot answer (popular items, a filter that names the only candidates, a
    /// list of more than a tenth of the catalog), the catalog is ranked as before. Scores are the same as without; an approximate index may
    /// miss items. Values are predicted by the recommender itself, not by the result.
    /// </summary>
    /// <param name="recommender">Made by <see cref="Train"/> or <see cref="Load"/>; belongs to the result from now on.</param>
    /// <param name="index">Over its items.</param>
    /// <exception cref="ArgumentException">The recommender was not made by this library, or the index is not over its items.</exception>
    /// <exception cref="InputException">The recommender does not score by inner products.</exception>
    public static IRecommender WithIndex(IRecommender recommender, IVectorIndex index)
    {
        var trained = recommender as TrainedRecommender ?? throw new ArgumentException($"A {recommender.GetType().Name} cannot be given an index; only trained systems can.", nameof(recommender));
        var length = VectorTable.Required(recommender).VectorLength;
        return index.Count == recommender.Items.Count && index.Dimension == length ? new IndexedRecommender(trained, index) : throw new ArgumentException(
            $"The index is over {index.Count} vectors of {index.Dimension} values, but the recommender has {recommender.Items.Count} of {length}.", nameof(index));
    }

    // Two trainings in one folder would each resume from the other's epochs.
    private static RunLock? Held(string? checkpoints) => checkpoints is null ? null : RunLock.Take(checkpoints, "training");
}
