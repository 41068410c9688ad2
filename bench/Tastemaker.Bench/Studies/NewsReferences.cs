using System.Globalization;
using Tastemaker.Evaluation.Metrics;

namespace Tastemaker.Bench.Studies;

/// <summary>Articles as bags of words: the set of words of each, weighted by log(N / number of articles that have it) and of length 1. What is counted is counted over the articles of training.</summary>
internal sealed class WordOverlap
{
    private readonly (int Word, float Weight)[][] bags;
    private readonly int words;

    public WordOverlap(NewsWorld world)
    {
        var known = new Dictionary<string, int>();
        int[][] sets = Array.ConvertAll(world.Texts, text => text.Split(' ').Distinct().Select(word => known.TryGetValue(word, out var index) ? index : known[word] = known.Count).ToArray());
        words = known.Count;
        var counts = new int[words];
        foreach (var word in NewsWorld.OldArticles.SelectMany(article => sets[article]))
        {
            counts[word]++;
        }

        bags = Array.ConvertAll(sets, set =>
        {
            var weights = Array.ConvertAll(set, word => counts[word] == 0 ? 0 : (float)Math.Log((double)NewsWorld.OldArticles.Count() / counts[word]));
            var norm = MathF.Sqrt(weights.Sum(weight => weight * weight));
            return set.Zip(weights, (word, weight) => (word, weight / Math.Max(norm, 1e-12f))).ToArray();
        });
    }

    /// <summary>The similarity of each candidate to the mean of what was browsed, with weights beta^age.</summary>
    public float[] Scores(ShownList list, double beta)
    {
        var profile = new float[words];
        foreach (var (place, article) in list.History.Index())
        {
            var weight = (float)Math.Pow(beta, list.History.Length - 1 - place);
            foreach (var (word, value) in bags[article])
            {
                profile[word] += weight * value;
            }
        }

        return Array.ConvertAll(list.Articles, article => bags[article].Sum(entry => entry.Weight * profile[entry.Word]));
    }

    /// <summary>The cosine of two articles.</summary>
    public double Cosine(int one, int other)
    {
        var of = bags[one].ToDictionary(entry => entry.Word, entry => entry.Weight);
        return bags[other].Sum(entry => of.GetValueOrDefault(entry.Word) * entry.Weight);
    }

    /// <summary>How often two new articles are more alike by a similarity than two others: of one category than of two; of one story than of two; of one story than of two stories of one category.</summary>
    /// <param name="world">The articles.</param>
    /// <param name="similarity">What is measured.</param>
    public static double[] Likeness(NewsWorld world, Func<int, int, double> similarity)
    {
        int[] articles = [.. NewsWorld.NewArticles.Take(600)];
        var pairs = articles.SelectMany((one, place) => articles.Skip(place + 1).Select(other => (IsCategory: world.Category[one] == world.Category[other], IsStory: world.Story[one] == world.Story[other], Value: (float)similarity(one, other)))).ToArray();
        var within = pairs.Where(pair => pair.IsCategory).ToArray();
        var values = Array.ConvertAll(pairs, pair => pair.Value);
        return
        [
            PairMetrics.Auc(Array.ConvertAll(pairs, pair => pair.IsCategory), values),
            PairMetrics.Auc(Array.ConvertAll(pairs, pair => pair.IsStory), values),
            PairMetrics.Auc(Array.ConvertAll(within, pair => pair.IsStory), Array.ConvertAll(within, pair => pair.Value)),
        ];
    }

    /// <summary>The mean difference with twice its standard error, over lists that have both.</summary>
    public static string Difference(IEnumerable<double> one, IEnumerable<double> other)
    {
        var differences = one.Zip(other, (first, second) => first - second).Where(difference => !double.IsNaN(difference)).ToArray();
        var mean = differences.Average();
        var error = Math.Sqrt(differences.Sum(difference => (difference - mean) * (difference - mean)) / differences.Length / (differences.Length - 1));
        return string.Create(CultureInfo.InvariantCulture, $"{mean:0.0000} +- {2 * error:0.0000}");
    }
}
