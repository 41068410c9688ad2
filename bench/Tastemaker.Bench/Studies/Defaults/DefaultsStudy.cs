using System.Globalization;
using Tastemaker.Catalog;
using Tastemaker.Configuration;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation;
using Tastemaker.Evaluation.Significance;
using Tastemaker.Runs;
using Tastemaker.Systems;
using Tastemaker.Tuning;

namespace Tastemaker.Bench.Studies.Defaults;

/// <summary>
/// What the defaults of every top-N system are worth on sets of unlike density: each is trained as it is and with the setting that a search with the same budget
/// for all chose on the validation part, and both are measured on the test part.
/// </summary>
/// <param name="root">The folder of data.</param>
/// <param name="runs">The folder of runs: a search that was interrupted there is gone on with.</param>
/// <param name="log">Progress.</param>
internal sealed class DefaultsStudy(string root, string runs, TextWriter log)
{
    private static readonly EvaluationOptions Evaluation = new() { Metrics = ["ndcg", "recall"], Cutoffs = [10, 20] };

    private readonly Dictionary<string, (Split Split, float[] Popularity)> loaded = [];

    /// <summary>Systems that rank items by the positives of users, without times, columns or ratings; the quick ones first.</summary>
    public static IReadOnlyList<string> Systems { get; } =
    [
        "popularity", "ials", "bpr-mf", "item-knn", "warp-mf", "multi-vae", "cml", "mf-logistic", "cdae", "multi-dae", "user-knn", "gmf", "two-tower", "youtube-dnn", "ease", "slim",
        "mlp", "neumf", "convncf", "lightgcn", "ultragcn",
    ];

    /// <summary>Systems that predict a user's next item from the order of what came before.</summary>
    public static IReadOnlyList<string> NextSystems { get; } = ["popularity", "item-knn", "sasrec", "caser", "gru4rec", "narm", "bert4rec", "drnn"];

    /// <summary>Measures what the results do not hold yet.</summary>
    /// <param name="results">What is known.</param>
    /// <param name="sets">The sets.</param>
    /// <param name="systems">The systems.</param>
    /// <param name="save">Called whenever there is more.</param>
    public void Run(DefaultsResults results, IReadOnlyList<DefaultsData> sets, IReadOnlyList<SystemInfo> systems, Action<DefaultsResults> save)
    {
        foreach (var set in sets)
        {
            results = Load(set, results);
            save(results);
        }

        foreach (var system in systems)
        {
            foreach (var set in sets)
            {
                var start = new RunConfiguration { System = system, Options = system.DefaultOptions, Data = set.Options(root, results.Interactions), Evaluation = Evaluation };
                var split = loaded[set.Name].Split;
                var identity = $"{(start with { Data = start.Data with { Paths = [set.Path] } }).Fingerprint}-{split.Fingerprint}-{results.Trials}";
                if (results.Entries.Any(known => (known.Set, known.System, known.Identity) == (set.Name, system.Id, identity)))
                {
                    continue;
                }

                log.WriteLine($"{DateTime.Now:HH:mm:ss} {system.Id} on {set.Name}");
                var entry = Measure(start, set, results) with { Identity = identity };
                log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  default {entry.Default?.Mean:0.0000}, tuned {entry.Tuned?.Mean:0.0000}, share {entry.Share:0.00} {entry.Failure}"));
                save(results = results.With(entry));
            }
        }
    }

    private DefaultsResults Load(DefaultsData set, DefaultsResults results)
    {
        var (whole, sample, split) = set.Load(root, results.Interactions);
        var start = new RunConfiguration { System = SystemCatalog.Find("popularity"), Options = SystemCatalog.Find("popularity").DefaultOptions, Evaluation = Evaluation };
        var popularity = Experiment.Run(start, split);
        popularity.Recommender.Dispose();
        loaded[set.Name] = (split, popularity.Test.PerRequest[DefaultsResults.Metric]);
        return results.With(new DefaultsResults.SetFacts(
            set.Name,
            set.Development,
            set.Options(root, results.Interactions).Filters[0],
            split.Description,
            sample.Interactions.Count,
            sample.Users.Count,
            sample.Items.Count,
            whole.Interactions.Count,
            whole.Users.Count,
            whole.Items.Count,
            popularity.Test.Metrics[DefaultsResults.Metric]));
    }

    private DefaultsResults.Entry Measure(RunConfiguration start, DefaultsData set, DefaultsResults results)
    {
        var (split, popularity) = loaded[set.Name];
        var entry = new DefaultsResults.Entry { Set = set.Name, System = start.System.Id, Identity = "" };
        var folder = Path.Combine(runs, set.Name, $"{start.System.Id}-{start.Fingerprint[..8]}");
        try
        {
            var first = Experiment.Run(start, split);
            first.Recommender.Dispose();
            entry = entry with { Default = Figure(first), Notes = [.. first.Test.Notes.Where(note => !split.Notes.Contains(note))] };
            var chosen = SettingSearch.Run(
                start,
                new TuningOptions { Trials = results.Trials, Startup = Math.Max(1, results.Trials / 2), Halving = true, FirstRung = 5, Time = results.Time },
                split,
                new TuningFolder(folder));
            var best = chosen.Changed.Count == 0 ? first : Experiment.Run(chosen.Configuration, split);
            best.Recommender.Dispose();
            if (Directory.Exists(Path.Combine(folder, "trials")))
            {
                Directory.Delete(Path.Combine(folder, "trials"), recursive: true); // checkpoints of paused trials; the journal says what they gave
            }

            var (difference, margin) = PopularityFloor.Difference(first.Test.PerRequest[DefaultsResults.Metric], popularity);
            var (tuned, tunedMargin) = PopularityFloor.Difference(best.Test.PerRequest[DefaultsResults.Metric], popularity);
            return entry with
            {
                Tuned = Figure(best),
                Changed = chosen.Changed,
                Trials = chosen.Trials,
                OverPopularity = difference,
                Margin = margin,
                TunedOverPopularity = tuned,
                TunedMargin = tunedMargin,
            };
        }
        catch (Exception error) when (error is InputException or OutOfMemoryException or System.Runtime.InteropServices.ExternalException)
        {
            return entry with { Failure = error.Message };
        }
    }

    private static DefaultsResults.Figure Figure(ExperimentResult run)
    {
        double[] column = [.. run.Test.PerRequest[DefaultsResults.Metric].Select(value => (double)value)];
        var interval = Bootstrap.MeanIntervals([column], seed: 42, resamples: 2000)[0];
        return new DefaultsResults.Figure(
            run.Test.Metrics[DefaultsResults.Metric], interval.Lower, interval.Upper, run.Recommender.Origin.BestEpoch + 1, Math.Round(run.End?.Seconds ?? 0, 1));
    }
}
