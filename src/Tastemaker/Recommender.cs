using Tastemaker.Options;
using Tastemaker.Data.Splits;
using Tastemaker.Recommending;
using Tastemaker.Training;

namespace Tastemaker;

/// <summary>Trains, saves and loads recommenders: the front door of the library.</summary>
public static class Recommender
{
    /// <summary>Trains a system on a split.</summary>
    /// <param name="system">Id of a system, such as "multi-vae".</param>
    /// <param name="split">What to learn from, and what chooses the best epoch.</param>
    /// <param name="options">Hyper-parameters; null for the system's defaults.</param>
    /// <param name="training">How to run; null for the defaults.</param>
    /// <param name="observers">Watch the run.</param>
    /// <param name="checkpoints">Folder for checkpoints; a run found there is resumed.</param>
    /// <param name="cancellation">Stops training after the running step.</param>
    /// <exception cref="InputException">The system is unknown, an option is out of range, or the data lacks what the system needs: all problems at once.</exception>
    public static IRecommender Train(
        string system,
        Split split,
        ModelOptions? options = null,
        TrainingOptions? training = null,
        IReadOnlyList<ITrainingObserver>? observers = null,
        string? checkpoints = null,
        CancellationToken cancellation = default) => throw new NotSupportedException($"{system}{split}{options}{training}{observers}{checkpoints}{cancellation}");

    /// <summary>Writes a recommender to a folder: weights as safetensors, the rest as JSON. Atomic: a crash leaves no half-written model.</summary>
    public static void Save(IRecommender recommender, string folder) => throw new NotSupportedException($"{recommender}{folder}");

    /// <summary>Reads a recommender from a folder. It needs no training set and gives the scores it gave when saved.</summary>
    /// <exception cref="InputException">The folder holds no model, or one that is corrupt or of a newer version.</exception>
    public static IRecommender Load(string folder) => throw new NotSupportedException(folder);
}
