using System.Globalization;
using Tastemaker.Bench.Reports;
using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation.Metrics;
using Tastemaker.Inputs;
using Tastemaker.Models.Mlp;
using Tastemaker.Native;
using Tastemaker.Options;
using Tastemaker.Recommending;

namespace Tastemaker.Bench.Studies;

/// <summary>What the wide and the deep part of Wide &amp; Deep are each good for: AUC on a rule, on its exceptions, and on both.</summary>
/// <param name="seeds">Number of data sets and trainings.</param>
/// <param name="rows">Training rows.</param>
/// <param name="log">Progress.</param>
internal sealed class WideAndDeepStudy(int seeds, int rows, TextWriter log)
{
    private static readonly WideAndDeepOptions Both = new()
    {
        Crosses = ["cross(user,item)"], WideReadsFields = false, Dimension = 8, Hidden = [64, 32], Epochs = 10, BatchSize = 1024, LearningRate = 0.1,
        WideLearningRate = 0.5, WideL1 = 0.015, WideBeta = 0.01,
    };

    private static readonly (string Name, WideAndDeepOptions Options)[] Systems =
    [
        ("wide only", Both with { Hidden = [] }),
        ("deep only", Both with { Crosses = [] }),
        ("wide & deep", Both),
    ];

    /// <summary>Trains and measures all.</summary>
    public PerformanceTable Measure(MachineFacts machine, string command)
    {
        var figures = Systems.ToDictionary(system => system.Name, _ => new List<double[]>());
        var zeros = new List<(double Ordinary, double Exceptions)>();
        for (var seed = 1; seed <= seeds; seed++)
        {
            var world = new RulesAndExceptions((ulong)seed);
            var split = world.Split(rows);
            foreach (var (name, options) in Systems)
            {
                using var recommender = Recommender.Train("wide-deep", split, options, new TrainingOptions { Seed = (ulong)seed, Metric = "auc", Patience = 3 });
                figures[name].Add(Aucs(recommender, split));
                log.WriteLine($"seed {seed}, {name}: {string.Join(", ", figures[name][^1].Select(Text))}");
                if (options == Both)
                {
                    zeros.Add(Zeros((TrainedRecommender)recommender, world));
                }
            }
        }

        return new PerformanceTable
        {
            Title = "Wide & Deep: a rule and its exceptions",
            Text = $"{rows:N0} generated impressions of 1,000 users and 1,000 items; clicks follow products of taste vectors, except on 1 % of the pairs, each of which training holds at least 20 times. Half of the other pairs are never seen. AUC on 50,000 rows of each kind, mean of {seeds} seeds (least to largest).",
            Columns = ["system", "all test rows", "exceptions", "unseen pairs"],
            Rows = [.. Systems.Select(system => (IReadOnlyList<string>)[system.Name, .. Enumerable.Range(0, 3).Select(column => Range(figures[system.Name].Select(row => row[column])))])],
            Findings =
            [
                $"L1 makes {Percent(zeros.Average(pair => pair.Ordinary))} of the weights of ordinary pairs exactly 0 and leaves {Percent(1 - zeros.Average(pair => pair.Exceptions))} of those of exceptions.",
            ],
            Command = command,
            Machine = machine,
        };
    }

    private static double[] Aucs(IRecommender recommender, Split split)
    {
        var test = split.Test.Impressions!;
        return [Auc(recommender, test), Auc(recommender, RulesAndExceptions.Only(test, exceptions: true)), Auc(recommender, RulesAndExceptions.Only(test, exceptions: false))];
    }

    private static double Auc(IRecommender recommender, Dataset rows)
    {
        var clicks = new float[rows.Interactions.Count];
        recommender.As<IClickPredictor>()!.PredictClicks(rows, clicks);
        return PairMetrics.Auc([.. rows.Interactions.Values.ToArray().Select(label => label > 0)], clicks);
    }

    // The share of weights that are exactly 0, of ordinary pairs seen in training and of exceptions.
    private static (double Ordinary, double Exceptions) Zeros(TrainedRecommender recommender, RulesAndExceptions world)
    {
        var space = recommender.Model.Shape.Features!;
        var cross = space.Schema.Fields.Single(field => field.Cross is not null).Cross!;
        var weights = recommender.Model.State()["wide.table.weight"].ToValues<float>();
        double Share(int[] pairs)
        {
            var indexes = pairs.Select(pair => cross.IndexOf([space.Users.CategoriesOf(pair / 1000)[0], space.Items.CategoriesOf(pair % 1000)[0]])).Where(index => index > 0).ToList();
            return indexes.Average(index => weights[index] == 0 ? 1.0 : 0.0);
        }

        return (Share(world.Seen), Share(world.Exceptions));
    }

    private static string Range(IEnumerable<double> values)
    {
        var all = values.ToList();
        return $"{Text(all.Average())} ({Text(all.Min())} to {Text(all.Max())})";
    }

    private static string Text(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Percent(double share) => share.ToString("0.0 %", CultureInfo.InvariantCulture);
}
