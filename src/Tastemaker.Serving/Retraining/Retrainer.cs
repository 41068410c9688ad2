using System.Globalization;
using Microsoft.Extensions.Options;
using Tastemaker.Catalog;
using Tastemaker.Configuration;
using Tastemaker.Data;
using Tastemaker.Data.Filters;
using Tastemaker.Data.Import;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation;
using Tastemaker.Onnx;
using Tastemaker.Recommending;
using Tastemaker.Runs;
using Tastemaker.Serving.Answering;
using Tastemaker.Serving.Events;
using Tastemaker.Serving.Models;
using Tastemaker.Training;

namespace Tastemaker.Serving.Retraining;

/// <summary>
/// Trains the served system again, as its run says, on what the store holds by now but its newest slice; measures old and new model on that slice; and serves the
/// new one if it is not worse.
/// </summary>
internal sealed class Retrainer(IOptions<TastemakerOptions> options, ServedModels models)
{
    private const string Metric = "ndcg@10";

    /// <summary>
    /// What the run that is served was made with, but for data and split, which become the store's. Where some interactions have values and others have none, and
    /// the run does not say what becomes of these, systems that predict ratings leave them out, and rankers count them as positives.
    /// </summary>
    /// <exception cref="InputException">There is no store, or the model is no run that was trained from it.</exception>
    public RunConfiguration Configuration()
    {
        var serving = options.Value;
        if (serving.Store.Length == 0)
        {
            throw new InputException("To train again there must be a store to train from: give one (--store events.db).");
        }

        var folder = RunOf(serving.Model);
        var problems = new List<string>();
        var binder = new RunConfigurationBinder(SystemCatalog.Find, problems);
        var source = ConfigurationSource.FromFile(RunFolder.Open(folder).ConfigurationFile);
        binder.Add(source, source.Root);
        var configuration = binder.Bind();
        if (configuration is null || problems.Count > 0)
        {
            throw new InputException(problems);
        }

        if (models.First.Card.StoreUntil is null)
        {
            throw new InputException(
                $"'{folder}' was trained on {string.Join(", ", configuration.Data.Paths)}, of which the store knows nothing: training again from the store alone would forget it. "
                + $"Bring the data into the store ('taste store import DATA --store {serving.Store}'), and train from there ('taste train --from-store {serving.Store} --system {configuration.System.Id}').");
        }

        var threads = serving.RetrainThreads > 0 ? serving.RetrainThreads : Math.Max(1, Environment.ProcessorCount / 2);
        var share = serving.RetrainSlice.ToString(CultureInfo.InvariantCulture);
        return configuration with
        {
            Data = configuration.Data with
            {
                Paths = [EventStores.DataPath(serving.Store)],
                Split = $"temporal(test={share},validation={share})",
                MissingValues = configuration.Data.MissingValues != MissingValues.Refuse ? configuration.Data.MissingValues
                    : configuration.System.PredictsRatings ? MissingValues.LeaveOut
                    : MissingValues.Positive,
            },
            Training = configuration.Training with { Threads = threads },
            Evaluation = new EvaluationOptions { Metrics = ["ndcg"], Cutoffs = [10], Threads = threads },
        };
    }

    /// <summary>Does it once. A model that was being made when the process ended is made anew.</summary>
    /// <exception cref="InputException">The store's data cannot be trained on.</exception>
    /// <exception cref="OperationCanceledException">It was given up; the old model goes on.</exception>
    public async Task<RetrainingOutcome> RetrainAsync(CancellationToken cancellation)
    {
        var configuration = Configuration();
        var swap = new RunSwap(RunOf(options.Value.Model));
        swap.Clear();
        var (before, result, notes) = await Task.Run(() => Train(configuration, swap.Next, cancellation), cancellation).ConfigureAwait(false);
        var after = result.Metrics[Metric];
        if (after < before)
        {
            swap.Clear();
            return new RetrainingOutcome(false, Metric, before, after, result.Requests, models.First.Card, notes);
        }

        swap.Take();
        try
        {
            return new RetrainingOutcome(true, Metric, before, after, result.Requests, await models.First.Host.ChangeAsync(null, cancellation).ConfigureAwait(false), notes);
        }
        catch
        {
            swap.GiveBack();
            throw;
        }
    }

    private (double Before, EvaluationResult After, IReadOnlyList<string> Notes) Train(RunConfiguration configuration, string folder, CancellationToken cancellation)
    {
        var (data, report) = DatasetImport.ImportWithReport(configuration.Data, null, cancellation);
        foreach (var filter in configuration.Data.Filters)
        {
            data = FilterSyntax.Parse(filter).Apply(data);
        }

        using var threads = Threads.Lend(configuration.Training.Threads);
        var notes = report.Warnings.ToList();
        var (splitter, split) = Divide(configuration, data, notes);
        configuration = configuration with { Data = configuration.Data with { Split = splitter } };
        // As it was measured: the one that is served was fit on all data of its time, perhaps on some of the newest slice.
        using var old = RecommenderFolder.Read(RunFolder.Open(RunOf(options.Value.Model)).Measured, SystemCatalog.Find);
        var before = new Evaluator(split.Train, configuration.Evaluation)
            .Evaluate(new TranslatedRecommender(old, split.Train.Data.Users, split.Train.Data.Items), split.Test, null, cancellation).Metrics;
        var run = Experiment.Run(configuration, split, folder, cancellation: cancellation);
        using var trained = run.Recommender;
        if (before.TryGetValue(Metric, out var value) && run.Test.Metrics.TryGetValue(Metric, out var now) && now >= value)
        {
            FinalFit.Run(run.Folder!, trained, split, [], cancellation);
        }

        return before.ContainsKey(Metric) && run.Test.Metrics.ContainsKey(Metric)
            ? (value, run.Test, notes)
            : throw new InputException($"The store's interactions have nothing to measure by in the split '{splitter}': no user with a history took something new. Training goes on at the next time, when there may be more.");
    }

    // The newest slice may hold new users alone, of whom neither model knows anything: then what is measured on is the newest of each user, or else anything.
    private static (string Splitter, Split Split) Divide(RunConfiguration configuration, Dataset data, List<string> notes)
    {
        var newest = configuration.Data.Split!;
        var shares = newest[newest.IndexOf('(', StringComparison.Ordinal)..];
        foreach (var splitter in new[] { newest, $"ratio-by-user({shares[1..^1]},by=time)", $"random{shares}" })
        {
            try
            {
                var split = (SplitterSyntax.Parse(splitter) with { IncludeSeen = configuration.Data.IncludeSeen }).Apply(data, configuration.SplitSeed);
                if (new[] { split.Validation, split.Test }.OfType<HoldOut>().All(part => part.Impressions is not null || part.Requests.Users.ContainsAnyExcept(-1)))
                {
                    notes.AddRange(splitter == newest ? [] : [$"The newest slice of the store's interactions holds no users whom training knows, so models are measured on the split {splitter} instead."]);
                    return (splitter, split);
                }
            }
            catch (InputException)
            {
                // A part would be empty: the next split may do.
            }
        }

        throw new InputException("The store holds too few interactions of users with a history to measure models by. Training goes on at the next time, when there may be more.");
    }

    // A run folder, or the "model" folder in one.
    private static string RunOf(string model) => RunFolder.Exists(model) ? model
        : Path.GetDirectoryName(Path.GetFullPath(Path.TrimEndingDirectorySeparator(model))) is { } parent && RunFolder.Exists(parent) && !OnnxRecommender.IsFile(model) ? parent
        : throw new InputException($"'{model}' is not the folder of a run, which says how the model was trained; to train it again, serve the run that 'taste train' made.");
}
