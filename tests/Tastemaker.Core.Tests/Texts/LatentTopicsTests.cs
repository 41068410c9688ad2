using Tastemaker.Data;
using Tastemaker.Texts;

namespace Tastemaker.Core.Tests.Texts;

public class LatentTopicsTests
{
    private const int Topics = 4;
    private const int Words = 40;

    [Fact]
    public void Topics_that_made_a_corpus_are_found_again()
    {
        var (texts, _) = Corpus(400);
        var found = LatentTopics.Fit(texts, Topics, 0.1, 0.01, 100, new SeededRandom(5));

        // Topic t of the corpus has the words 10 t to 10 t + 9, each equally often.
        for (var topic = 0; topic < Topics; topic++)
        {
            Enumerable.Range(0, Topics).Max(other => Cosine(word => word / 10 == topic ? 1 : 0, word => found.Likelihoods[(word * Topics) + other], Words)).ShouldBeGreaterThan(0.9);
        }
    }

    [Fact]
    public void The_mixture_of_a_text_sums_to_one_and_follows_its_words()
    {
        var (texts, mixtures) = Corpus(400);
        var found = LatentTopics.Fit(texts, Topics, 0.1, 0.01, 100, new SeededRandom(5));
        float[][] fitted = [.. Enumerable.Range(0, texts.RowCount).Select(text => Mixture(found, texts[text].ToArray()))];
        int[] map = [.. Enumerable.Range(0, Topics).Select(topic => Enumerable.Range(0, Topics).MaxBy(other => Cosine(word => word / 10 == topic ? 1 : 0, word => found.Likelihoods[(word * Topics) + other], Words)))];

        foreach (var theta in fitted)
        {
            theta.Sum().ShouldBe(1, 1e-5f);
            theta.ShouldAllBe(share => share >= 0);
        }

        Enumerable.Range(0, fitted.Length).Average(text => Cosine(topic => mixtures[text][topic], topic => fitted[text][map[topic]], Topics)).ShouldBeGreaterThan(0.95);
        Mixture(found, []).ShouldAllBe(share => Math.Abs(share - (1f / Topics)) < 1e-6f);
    }

    [Fact]
    public void The_same_stream_gives_the_same_topics()
    {
        var (texts, _) = Corpus(50);

        LatentTopics.Fit(texts, Topics, 0.1, 0.01, 10, new SeededRandom(5)).Counts.ShouldBe(LatentTopics.Fit(texts, Topics, 0.1, 0.01, 10, new SeededRandom(5)).Counts);
        LatentTopics.Fit(texts, Topics, 0.1, 0.01, 10, new SeededRandom(5)).Counts.Sum().ShouldBe(texts.EntryCount);
    }

    // Texts of 30 words, each from one or two topics.
    private static (SparseRows Texts, double[][] Mixtures) Corpus(int count)
    {
        var random = new SeededRandom(1);
        var (texts, mixtures) = (new int[count][], new double[count][]);
        for (var text = 0; text < count; text++)
        {
            var (one, other) = (random.Next(Topics), random.Next(Topics));
            mixtures[text] = new double[Topics];
            texts[text] = new int[30];
            for (var place = 0; place < 30; place++)
            {
                var topic = place % 3 == 0 ? other : one;
                mixtures[text][topic] += 1.0 / 30;
                texts[text][place] = (10 * topic) + random.Next(10);
            }
        }

        return (SparseRows.FromRows(texts, Words), mixtures);
    }

    private static float[] Mixture(LatentTopics topics, int[] text)
    {
        var theta = new float[Topics];
        topics.Mixture(text, theta);
        return theta;
    }

    private static double Cosine(Func<int, double> one, Func<int, double> other, int length)
    {
        double Sum(Func<int, double> of) => Enumerable.Range(0, length).Sum(of);
        return Sum(index => one(index) * other(index)) / Math.Sqrt(Sum(index => one(index) * one(index)) * Sum(index => other(index) * other(index)));
    }
}
