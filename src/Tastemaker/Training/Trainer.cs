using Tastemaker.Data.Splits;
using Tastemaker.Options;
using Tastemaker.Recommending;

namespace Tastemaker.Training;

/// <summary>
/// The training loop: the epochs of any <see cref="Model"/>, validated, early-stopped, checkpointed, resumable, observed. Knows no concrete
/// system.
/// </summary>
internal sealed class Trainer(TrainingOptions options, IReadOnlyList<ITrainingObserver> observers)
{
    /// <summary>Trains a model in place and leaves the best epoch's weights in it.</summary>
    /// <param name="model">Untrained; or the same model again to resume from <paramref name="checkpoints"/>.</param>
    /// <param name="split">Training part, and the validation part that chooses the epoch.</param>
    /// <param name="recommender">The model as a recommender, for validation.</param>
    /// <param name="checkpoints">Folder for checkpoints; null to keep none. If it holds one, training resumes after it.</param>
    /// <param name="cancellation">Ends training after the running step; finished epochs stay saved.</param>
    public TrainingEvent.Finished Train(
        Model model, Split split, IRecommender recommender, string? checkpoints, CancellationToken cancellation) =>
        throw new NotSupportedException($"{options} {observers.Count} {model} {split} {recommender} {checkpoints} {cancellation}");
}
