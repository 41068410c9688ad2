using System.Globalization;
using Tastemaker.Bench.Reports;
using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Models.Convolutional;
using Tastemaker.Native;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Bench.Studies;

/// <summary>
/// Ratings by sparse vectors: users and items have 3 of 12 factors each, N(0, 1) of users and 1 + 0.3 |N(0, 1)| of items; a rating is their product and noise. The text of an item has 60 words of its factors and 40 of no meaning. The last fifth
/// of the items is cold: its ratings are not in training.
/// </summary>
/// <param name="Train">The training ratings.</param>
/// <param name="Warm">Number of warm items.</param>
/// <param name="Factors">The factors of items [items x 12].</param>
/// <param name="WarmTest">Ratings of warm items that are not in training.</param>
/// <param name="ColdTest">Ratings of cold items.</param>
/// <param name="UserMeans">The mean training rating of each user.</param>
internal sealed record FactorWorld(TrainingSet Train, int Warm, float[] Factors, (int User, int Item, float Value)[] WarmTest, (int User, int Item, float Value)[] ColdTest, float[] UserMeans)
{
    /// <summary>Number of factors.</summary>
    public const int K = 12;

    private const int Active = 3;
    private const double Observed = 0.06, Noise = 0.3;

    /// <summary>A world of as many users as items.</summary>
    public static FactorWorld Of(ulong seed, int size, bool shuffled)
    {
        var random = new SeededRandom(seed, 41);
        var (users, items) = (Sparse(size, random, () => random.NextGaussian()), Sparse(size, random, () => 1 + (0.3 * Math.Abs(random.NextGaussian()))));
        string[] texts = [.. Enumerable.Range(0, size).Select(item => Text(items.AsSpan(item * K, K), random))];
        if (shuffled)
        {
            random.Shuffle(texts.AsSpan());
        }

        var warm = size * 4 / 5;
        List<(int User, int Item, float Value)> train = [], warmTest = [], coldTest = [];
        for (var user = 0; user < size; user++)
        {
            for (var item = 0; item < size; item++)
            {
                if (random.NextDouble() < Observed)
                {
                    var value = (float)(Enumerable.Range(0, K).Sum(index => users[(user * K) + index] * items[(item * K) + index]) + (Noise * random.NextGaussian()));
                    (item >= warm ? coldTest : random.Next(10) == 0 ? warmTest : train).Add((user, item, value));
                }
            }
        }

        var means = train.GroupBy(row => row.User).ToDictionary(rows => rows.Key, rows => rows.Average(row => row.Value));
        return new FactorWorld(
            new TrainingSet(new Dataset
            {
                Name = "planted-factors",
                Users = new Vocabulary(Enumerable.Range(0, size).Select(user => $"u{user}")),
                Items = new Vocabulary(Enumerable.Range(0, size).Select(item => $"i{item}")),
                Interactions = new Interactions([.. train.Select(row => row.User)], [.. train.Select(row => row.Item)], [.. train.Select(row => row.Value)]),
                ItemFeatures = new FeatureTable(size, [new TextColumn("text", texts)]),
            }),
            warm, items, [.. warmTest], [.. coldTest], [.. Enumerable.Range(0, size).Select(user => means.GetValueOrDefault(user))]);
    }

    /// <summary>The root mean squared error of predicted ratings.</summary>
    public static double Error((int User, int Item, float Value)[] rows, Func<int, int, double> predict) => Math.Sqrt(rows.Average(row => Math.Pow(row.Value - predict(row.User, row.Item), 2)));

    /// <summary>F1 of which factors of warm items are not 0, after the matching of factors whose absolute correlations have the largest sum.</summary>
    /// <param name="found">Vectors of items [items x 12].</param>
    public double Support(float[] found)
    {
        var correlation = new double[K, K];
        for (var own = 0; own < K; own++)
        {
            for (var other = 0; other < K; other++)
            {
                correlation[own, other] = Math.Abs(MathNet.Numerics.Statistics.Correlation.Pearson(Column(Factors, own), Column(found, other)));
            }
        }

        var match = Assign(correlation);
        int hits = 0, claimed = 0, there = 0;
        for (var own = 0; own < K; own++)
        {
            foreach (var (truth, value) in Column(Factors, own).Zip(Column(found, match[own])))
            {
                hits += truth != 0 && value != 0 ? 1 : 0;
                claimed += value != 0 ? 1 : 0;
                there += truth != 0 ? 1 : 0;
            }
        }

        return 2.0 * hits / (claimed + there);
    }

    private double[] Column(float[] vectors, int index) => [.. Enumerable.Range(0, Warm).Select(item => (double)vectors[(item * K) + index])];

    // The best assignment of columns to rows, over all sets of columns that the first rows may have.
    private static int[] Assign(double[,] worth)
    {
        var (best, last) = (new double[1 << K], new int[1 << K]);
        for (var set = 1; set < best.Length; set++)
        {
            var row = int.PopCount(set) - 1;
            best[set] = double.NegativeInfinity;
            for (var column = 0; column < K; column++)
            {
                if ((set & (1 << column)) != 0 && best[set ^ (1 << column)] + (double.IsNaN(worth[row, column]) ? 0 : worth[row, column]) is var sum && sum > best[set])
                {
                    (best[set], last[set]) = (sum, column);
                }
            }
        }

        var (match, left) = (new int[K], best.Length - 1);
        for (var row = K - 1; row >= 0; row--)
        {
            match[row] = last[left];
            left ^= 1 << last[left];
        }

        return match;
    }

    private static float[] Sparse(int rows, SeededRandom random, Func<double> value)
    {
        var vectors = new float[rows * K];
        for (var row = 0; row < rows; row++)
        {
            int[] order = [.. Enumerable.Range(0, K)];
            random.Shuffle(order.AsSpan());
            foreach (var index in order.Take(Active))
            {
                vectors[(row * K) + index] = (float)value();
            }
        }

        return vectors;
    }

    private static string Text(ReadOnlySpan<float> factors, SeededRandom random)
    {
        var active = new List<int>();
        for (var index = 0; index < K; index++)
        {
            if (factors[index] != 0)
            {
                active.Add(index);
            }
        }

        return string.Join(' ', Enumerable.Range(0, 100).Select(_ => random.NextDouble() < 0.6 ? $"t{active[random.Next(active.Count)]}x{random.Next(40)}" : $"w{random.Next(500)}"));
    }
}

/// <summary>Whether sparse factors are found again, and told from texts.</summary>
/// <param name="seeds">Worlds and trainings.</param>
/// <param name="size">Users and items of a world.</param>
/// <param name="log">Progress.</param>
internal sealed class FactorStudy(int seeds, int size, TextWriter log)
{
    private static readonly LrcnnOptions Options = new()
    {
        Feedback = FactorizedFeedback.Ratings, Dimension = FactorWorld.K, UserPenalty = 3, ItemPenalty = 3, Sweeps = 40, Epochs = 40, Biases = false, WordDimension = 50, FilterCount = 50, Windows = [1], WeightDecay = 0,
    };

    /// <summary>Trains and measures all.</summary>
    public PerformanceTable Measure(MachineFacts machine, string command)
    {
        var figures = new StudyFigures(log);
        for (var seed = 1UL; seed <= (ulong)seeds; seed++)
        {
            var (world, shuffled) = (FactorWorld.Of(seed, size, shuffled: false), FactorWorld.Of(seed, size, shuffled: true));
            figures.Add(seed, "the mean of the user", double.NaN, FactorWorld.Error(world.WarmTest, (user, _) => world.UserMeans[user]), FactorWorld.Error(world.ColdTest, (user, _) => world.UserMeans[user]));
            Add("LRCNN", world, Options);
            Add("LRCNN, a third of the penalty", world, Options with { UserPenalty = 1, ItemPenalty = 1 });
            Add("LRCNN, hardly sparse", world, Options with { UserPenalty = 0.1, ItemPenalty = 0.1 });
            Add("LRCNN, biases first", world, Options with { Biases = true });
            Add("LRCNN, filters of 3 to 5 words", world, Options with { Windows = [3, 4, 5] });
            Add("LRCNN, texts dealt out anew", shuffled, Options);

            void Add(string name, FactorWorld of, LrcnnOptions options) => figures.Add(seed, name, StudyTraining.Last(seed, of.Train, () => Lrcnn.Info.Make(Lrcnn.Info.Resolve(options, of.Train), of.Train), null, model => Figures(of, model)));
        }

        return new PerformanceTable
        {
            Title = "LRCNN: sparse factors, found again and told from texts",
            Text = string.Create(CultureInfo.InvariantCulture, $"{size:N0} users and as many items have 3 of 12 factors each; 6 % of the products of their vectors are known as ratings, with a noise of 0.3. The last fifth of the items is cold, and its texts name its factors, in three words of five. F1 of which factors the warm items have, after the best matching of factors; root mean squared errors of ratings that training lacks, of warm and of cold items. Nothing was tuned. Mean of {seeds} seeds (least to largest)."),
            Columns = ["system", "F1 of factors", "error, warm items", "error, cold items"],
            Rows = figures.Rows(),
            Findings = [],
            Command = command,
            Machine = machine,
        };
    }

    private static double[] Figures(FactorWorld world, Model model)
    {
        using var scope = NewDisposeScope();
        var scores = new float[world.Train.UserCount * world.Train.ItemCount];
        model.Score(new RequestBatch([.. Enumerable.Range(0, world.Train.UserCount)], world.Train.ByUser), scores);
        double Predict(int user, int item) => scores[(user * world.Train.ItemCount) + item];
        return [world.Support(model.State()["items"].ToValues<float>()), FactorWorld.Error(world.WarmTest, Predict), FactorWorld.Error(world.ColdTest, Predict)];
    }
}
