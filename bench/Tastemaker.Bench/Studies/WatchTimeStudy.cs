using System.Globalization;
using Tastemaker.Bench.Reports;
using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation.Ranking;
using Tastemaker.Models.Mlp;
using Tastemaker.Options;
using Tastemaker.Recommending;

namespace Tastemaker.Bench.Studies;

/// <summary>What weighing clicks with minutes watched does to ranking, and what the second stage adds to the first.</summary>
/// <param name="seeds">Number of worlds and trainings.</param>
/// <param name="users">Users of a world.</param>
/// <param name="pages">Pages of ten impressions to train on; a quarter as many to test.</param>
/// <param name="log">Progress.</param>
internal sealed class WatchTimeStudy(int seeds, int users, int pages, TextWriter log)
{
    private const int PageItems = 10;

    private static readonly YouTubeRankingOptions Weighted = new()
    {
        Weight = "minutes", Fields = [.. Enumerable.Range(0, 3).Select(rank => $"cross(user.topic{rank},item.topic)"), "item.bait"], EmbeddingDimension = 8, Hidden = [64, 32], Epochs = 3, LearningRate = 0.001,
    };

    private static readonly (string Name, YouTubeRankingOptions Options)[] Rankers =
    [
        ("weighted", Weighted),
        ("weighted, no hidden layer", Weighted with { Hidden = [] }),
        ("clicks alone", Weighted with { Weight = null }),
    ];

    /// <summary>Trains and measures all.</summary>
    public PerformanceTable Measure(MachineFacts machine, string command)
    {
        var figures = Rankers.ToDictionary(ranker => ranker.Name, _ => new List<double[]>());
        var (first, both, calibration) = (new List<double>(), new List<double>(), new List<double>());
        for (var seed = 1; seed <= seeds; seed++)
        {
            var world = new WatchWorld((ulong)seed, users);
            var next = world.NextWatches();
            var (shown, test) = (world.Impressions(pages), world.Impressions(pages / 4));
            var split = new Split { Description = "pages", Train = new TrainingSet(shown), Test = next.Test };
            var training = new TrainingOptions { Seed = (ulong)seed, Patience = 0 };
            foreach (var (name, options) in Rankers)
            {
                var ranker = Recommender.Train("youtube-ranking", split, options, training);
                var worth = new float[test.Interactions.Count];
                ranker.As<IExpectedValuePredictor>()!.PredictWorth(test, worth);
                figures[name].Add([Lost(test, worth), Spearman(worth, Truth(world, test))]);
                log.WriteLine($"seed {seed}, {name}: {string.Join(", ", figures[name][^1].Select(CandidateStudy.Text))}");
                if (options != Weighted)
                {
                    ranker.Dispose();
                    continue;
                }

                calibration.Add(WorstDecile(test, worth));
                using var stages = Recommender.TwoStage(Recommender.Train("youtube-dnn", next, CandidateStudy.Options with { Epochs = 5 }, training), ranker);
                var asked = next.Test.Requests.Slice(0, Math.Min(2000, next.Test.Count));
                first.Add(Gain(world, ((TwoStageRecommender)stages).Retriever, asked));
                both.Add(Gain(world, stages, asked));
                log.WriteLine($"seed {seed}: decile {CandidateStudy.Text(calibration[^1])}, first stage {CandidateStudy.Text(first[^1])}, both {CandidateStudy.Text(both[^1])}");
            }
        }

        return new PerformanceTable
        {
            Title = "YouTube DNN: ranking by watch time",
            Text = $"{pages:N0} generated pages of 10 impressions of {users:N0} users to train on, a quarter as many to test. Clicks rise with taste and with bait; minutes rise with taste and fall with bait. Loss: of all pairs of one clicked and one unclicked impression on a page, the share of minutes whose clicked one is ranked below. Rank correlation is with the true mean of minutes an impression. Mean of {seeds} seeds (least to largest).",
            Columns = ["ranker", "watch-time weighted pairwise loss", "rank correlation with expected minutes"],
            Rows = [.. Rankers.Select(ranker => (IReadOnlyList<string>)[ranker.Name, .. Enumerable.Range(0, 2).Select(column => CandidateStudy.Range(figures[ranker.Name].Select(row => row[column])))])],
            Findings =
            [
                $"In the decile of predictions that is furthest off, their mean differs from minutes over unclicked impressions by {calibration.Average().ToString("0.0 %", CultureInfo.InvariantCulture)}.",
                $"NDCG@10 with expected minutes as gain: the first stage alone {CandidateStudy.Text(first.Average())}, both stages (200 candidates) {CandidateStudy.Text(both.Average())}.",
            ],
            Command = command,
            Machine = machine,
        };
    }

    private static float[] Minutes(Dataset rows) => ((NumericColumn)rows.InteractionFeatures!.Find("minutes")!).Values;

    private static double[] Truth(WatchWorld world, Dataset rows) => [.. rows.AllRows().Select(row => world.ExpectedMinutes(rows.Interactions.Users[row], rows.Interactions.Items[row]))];

    private static double Lost(Dataset rows, float[] worth)
    {
        var (labels, minutes) = (rows.Interactions.Values.ToArray(), Minutes(rows));
        double lost = 0, all = 0;
        for (var clicked = 0; clicked < labels.Length; clicked++)
        {
            var first = clicked / PageItems * PageItems;
            for (var other = first; other < first + PageItems && labels[clicked] > 0; other++)
            {
                if (labels[other] == 0)
                {
                    all += minutes[clicked];
                    lost += worth[clicked] < worth[other] ? minutes[clicked] : 0;
                }
            }
        }

        return lost / all;
    }

    /// <summary>The rank correlation of two lists of values.</summary>
    internal static double Spearman(float[] one, double[] other)
    {
        var (a, b) = (Ranks([.. one.Select(value => (double)value)]), Ranks(other));
        var mean = (one.Length - 1) / 2.0;
        double product = 0, left = 0, right = 0;
        for (var row = 0; row < one.Length; row++)
        {
            product += (a[row] - mean) * (b[row] - mean);
            left += (a[row] - mean) * (a[row] - mean);
            right += (b[row] - mean) * (b[row] - mean);
        }

        return product / Math.Sqrt(left * right);
    }

    // Rows that are equal have the mean of their ranks.
    private static double[] Ranks(double[] values)
    {
        int[] order = [.. Enumerable.Range(0, values.Length).OrderBy(row => values[row])];
        var ranks = new double[values.Length];
        for (int from = 0, to; from < order.Length; from = to)
        {
            for (to = from + 1; to < order.Length && values[order[to]] == values[order[from]]; to++)
            {
            }

            foreach (var row in order[from..to])
            {
                ranks[row] = (from + to - 1) / 2.0;
            }
        }

        return ranks;
    }

    private static double WorstDecile(Dataset rows, float[] worth)
    {
        var (labels, minutes) = (rows.Interactions.Values.ToArray(), Minutes(rows));
        return rows.AllRows().OrderBy(row => worth[row]).Chunk((worth.Length + 9) / 10).Max(decile =>
        {
            var odds = decile.Sum(row => labels[row] > 0 ? minutes[row] : 0.0) / decile.Count(row => labels[row] == 0);
            return Math.Abs(decile.Average(row => (double)worth[row]) - odds) / odds;
        });
    }

    // NDCG@10 of what users have not seen, of items there are at the end of training.
    private static double Gain(WatchWorld world, IRecommender recommender, RequestBatch asked)
    {
        var sum = 0.0;
        var scores = new float[recommender.Items.Count];
        for (var request = 0; request < asked.Count; request++)
        {
            var user = asked.Users[request];
            recommender.Score(asked.Slice(request, 1), scores);
            var gains = new float[scores.Length];
            var seen = asked.History(request).ToArray().ToHashSet();
            for (var item = 0; item < scores.Length; item++)
            {
                var isCandidate = world.IsUploaded(item) && !seen.Contains(item);
                scores[item] = isCandidate ? scores[item] : float.NegativeInfinity;
                gains[item] = isCandidate ? (float)world.ExpectedMinutes(user, item) : 0;
            }

            var (best, values) = (new int[10], new float[10]);
            TopK.Select(scores, best, values);
            var reached = best.Select((item, rank) => gains[item] / Math.Log2(rank + 2)).Sum();
            TopK.Select(gains, best, values);
            sum += reached / values.Select((gain, rank) => gain / Math.Log2(rank + 2)).Sum();
        }

        return sum / asked.Count;
    }
}
