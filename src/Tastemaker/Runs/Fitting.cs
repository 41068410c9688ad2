using Tastemaker.Catalog;
using Tastemaker.Configuration;
using Tastemaker.Data.Splits;
using Tastemaker.Recommending;
using Tastemaker.Systems;
using Tastemaker.Training;
using TorchSharp;

namespace Tastemaker.Runs;

/// <summary>Makes a model for data and trains it.</summary>
internal static class Fitting
{
    /// <summary>Trains after all checks; also tells how training ended.</summary>
    public static (TrainedRecommender Recommender, TrainingEvent.Finished End) Train(
        SystemInfo info,
        Split split,
        RecommenderOrigin origin,
        IReadOnlyList<ITrainingObserver> observers,
        string? checkpoints,
        CancellationToken cancellation,
        int? epochs = null)
    {
        torch.random.manual_seed((long)origin.Training.Seed);
        var given = origin.Options;
        origin = origin with { Options = info.Resolve(given, split.Train) };
        var model = info.Make(origin.Options, split.Train);
        try
        {
            var recommender = new TrainedRecommender(info, model, RecommenderSnapshot.Of(split.Train, split.Whole), origin);
            var training = Validation.Resolve(origin.Training, recommender, split);
            var end = new Trainer(training, observers).Train(model, split, recommender, checkpoints, cancellation, epochs);
            end = OptionJson.Derived(given, origin.Options) is { } derived ? end with { Notes = [derived, .. end.Notes] } : end;
            return (new TrainedRecommender(info, model, recommender.Snapshot, origin with { Training = training, BestEpoch = end.BestEpoch }), end);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Fits a trained system once more on all data, for its best number of epochs; also tells how training ended.</summary>
    /// <exception cref="InputException">The split does not know all data.</exception>
    public static (TrainedRecommender Recommender, TrainingEvent.Finished End) FitOnAll(
        TrainedRecommender trained, Split split, IReadOnlyList<ITrainingObserver> observers, string? checkpoints, CancellationToken cancellation)
    {
        var whole = split.Whole ?? throw new InputException($"The split '{split.Description}' does not know all data. Make it by a splitter.");
        var everything = new NoHoldOut().Apply(whole, seed: 0);
        var origin = trained.Origin with
        {
            DataFingerprint = whole.Fingerprint,
            Split = everything.Description,
            SplitFingerprint = everything.Fingerprint,
        };
        TrainingCheck.Demand(trained.Info, origin.Options, origin.Training, everything, SystemCatalog.Systems);
        return Train(trained.Info, everything, origin, observers, checkpoints, cancellation, origin.BestEpoch + 1);
    }
}
