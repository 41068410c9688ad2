using Tastemaker.Data.Splits;
using Tastemaker.Recommending;
using Tastemaker.Training;

namespace Tastemaker.Runs;

/// <summary>
/// The last step of a run whose model is to be served: the chosen setting is fit once more, on all data and for the best number of epochs. The metrics of the run stay those of
/// the held-out model, which moves to <see cref="RunFolder.HeldOut"/>.
/// </summary>
internal static class FinalFit
{
    /// <summary>Fits a completed run on all data, or resumes that; does nothing where it is done, or where nothing was held out.</summary>
    /// <param name="folder">A completed run.</param>
    /// <param name="trained">Its model.</param>
    /// <param name="split">Its split.</param>
    /// <param name="observers">Watch the training.</param>
    /// <param name="cancellation">Stops; the run stays as it was measured, and the same call goes on.</param>
    /// <returns>Whether the run has a final fit now.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static bool Run(RunFolder folder, TrainedRecommender trained, Split split, IReadOnlyList<ITrainingObserver> observers, CancellationToken cancellation)
    {
        if (folder.HasFinalFit || split.Whole is null || !split.HasTest)
        {
            return folder.HasFinalFit;
        }

        using var held = RunLock.Take(folder.FullPath);
        if (folder.HasFinalFit)
        {
            return true; // another process did it meanwhile
        }

        using var threads = Threads.Lend(trained.Origin.Training.Threads);
        var (recommender, end) = Fitting.FitOnAll(trained, split, observers, folder.FinalCheckpoints, cancellation);
        using (recommender)
        {
            if (end.Reason == TrainingEnd.Interrupted)
            {
                throw new OperationCanceledException("The final fit was stopped.", cancellation);
            }

            // A crash between the two steps leaves the held-out model alone; the next run then fits again.
            if (!Directory.Exists(folder.HeldOut))
            {
                Directory.Move(folder.Model, folder.HeldOut);
            }

            RecommenderFolder.Write(recommender, folder.Model);
        }

        if (Directory.Exists(folder.FinalCheckpoints))
        {
            Directory.Delete(folder.FinalCheckpoints, recursive: true);
        }

        return true;
    }
}
