using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models.Baselines;

namespace Tastemaker.Tests.Models.Baselines;

public sealed class ItemKnnTests
{
    private static readonly ItemKnnOptions All = new() { Neighbors = 1000, Shrink = 0 };

    [Fact]
    public void Untruncated_similarities_are_symmetric_and_lie_in_0_to_1()
    {
        var similarities = Similarities(Sample.Random(), All);

        for (var i = 0; i < similarities.Length; i++)
        {
            similarities[i][i].ShouldBe(0);
            for (var j = 0; j < similarities.Length; j++)
            {
                similarities[i][j].ShouldBe(similarities[j][i]);
                similarities[i][j].ShouldBeInRange(0, 1);
            }
        }
    }

    [Theory]
    [InlineData(Similarity.Cosine)]
    [InlineData(Similarity.AsymmetricCosine)]
    [InlineData(Similarity.Jaccard)]
    [InlineData(Similarity.Dice)]
    [InlineData(Similarity.Tversky)]
    public void Every_similarity_is_its_formula(Similarity kind)
    {
        var train = Sample.Random();
        var gram = Sample.Gram(Sample.Binary(train));
        var actual = Similarities(train, All with { Similarity = kind, Shrink = 3, Alpha = 0.3, Beta = 0.9 });

        for (var target = 0; target < gram.Length; target++)
        {
            for (var other = 0; other < gram.Length; other++)
            {
                var (n, a, b) = (gram[target][other], gram[target][target], gram[other][other]);
                var expected = target == other ? 0 : kind switch
                {
                    Similarity.Cosine => n / (Math.Sqrt(a * b) + 3),
                    Similarity.AsymmetricCosine => n / ((Math.Pow(a, 0.3) * Math.Pow(b, 0.7)) + 3),
                    Similarity.Jaccard => n / (a + b - n + 3),
                    Similarity.Dice => 2 * n / (a + b + 3),
                    _ => n / (n + (0.3 * (a - n)) + (0.9 * (b - n)) + 3),
                };
                ((double)actual[other][target]).ShouldBe(expected, 1e-6);
            }
        }
    }

    [Theory]
    [InlineData(0.02)] // a query reaches few items
    [InlineData(0.5)] // a query reaches most
    public void Neighbors_are_the_same_whether_few_or_many_items_are_reached(double density)
    {
        var train = Sample.Random(users: 60, items: 150, density: density);
        var gram = Sample.Gram(Sample.Binary(train));
        var actual = Similarities(train, All);

        for (var target = 0; target < gram.Length; target++)
        {
            for (var other = 0; other < gram.Length; other++)
            {
                var (n, a, b) = (gram[target][other], gram[target][target], gram[other][other]);
                ((double)actual[other][target]).ShouldBe(target == other || n == 0 ? 0 : n / Math.Sqrt(a * b), 1e-6);
            }
        }
    }

    [Fact]
    public void All_neighbors_give_the_matrix_product()
    {
        var train = Sample.Random();
        var (binary, similarities) = (Sample.Binary(train), Similarities(train, All));
        var scores = Fit(train, All).Scores(Sample.KnownUsers(train));

        for (var user = 0; user < binary.Length; user++)
        {
            Sample.ShouldBeClose(scores[user], [.. Enumerable.Range(0, train.ItemCount).Select(item =>
                Enumerable.Range(0, train.ItemCount).Sum(other => binary[user][other] * similarities[other][item]))]);
        }
    }

    [Fact]
    public void Truncation_keeps_the_k_best_of_each_recommended_item()
    {
        var train = Sample.Random();
        var (full, cut) = (Similarities(train, All), Similarities(train, All with { Neighbors = 3 }));

        for (var target = 0; target < full.Length; target++)
        {
            var kept = Enumerable.Range(0, full.Length).Where(other => full[other][target] > 0)
                .OrderByDescending(other => full[other][target]).ThenBy(other => other).Take(3).ToHashSet();
            for (var other = 0; other < full.Length; other++)
            {
                cut[other][target].ShouldBe(kept.Contains(other) ? full[other][target] : 0);
            }
        }
    }

    [Fact]
    public void Of_equally_similar_items_at_the_kth_place_the_lower_index_stays()
    {
        // Items 1 to 4 are alike; each goes with item 0 once.
        var train = Sample.Of(4, 5, [.. Enumerable.Range(0, 4).SelectMany(user => new[] { (user, 0, 1f, 0L), (user, 4 - user, 1f, 0L) })]);

        var similarities = Similarities(train, All with { Neighbors = 2 });

        Enumerable.Range(0, 5).Where(other => similarities[other][0] > 0).ShouldBe([1, 2]);
    }

    [Fact]
    public void Great_shrink_ranks_by_co_occurrence()
    {
        var train = Sample.Random();
        var gram = Sample.Gram(Sample.Binary(train));
        var similarities = Similarities(train, All with { Shrink = 1e6 });

        for (var item = 0; item < gram.Length; item++)
        {
            Sample.ShouldBeClose([.. similarities[item].Select(value => value * 1e6f)], [.. gram[item].Select((n, other) => other == item ? 0 : n)], 1e-3);
        }
    }

    [Fact]
    public void Without_normalization_the_numerator_is_left_and_a_positive_shrink_divides_it()
    {
        var train = Sample.Random();
        var gram = Sample.Gram(Sample.Binary(train));

        Sample.ShouldBeClose(Similarities(train, All with { Normalize = false })[0], [.. gram[0].Select((n, other) => other == 0 ? 0 : n)]);
        Sample.ShouldBeClose(Similarities(train, All with { Normalize = false, Shrink = 4 })[0], [.. gram[0].Select((n, other) => other == 0 ? 0 : n / 4)]);
    }

    [Theory]
    [InlineData(TermWeighting.TfIdf)]
    [InlineData(TermWeighting.Bm25)]
    public void Weights_are_those_of_retrieval_with_items_as_documents(TermWeighting weighting)
    {
        var train = Sample.Random();
        var binary = Sample.Binary(train);
        var (users, items) = (train.UserCount, train.ItemCount);
        double MeanLength() => binary.Sum(row => row.Sum()) / items;
        double Weight(int user, int item)
        {
            var idf = binary[user].Sum() is > 0 and var terms ? Math.Log(items / terms) : 0;
            var length = binary.Sum(row => row[item]);
            return binary[user][item] * idf * (weighting == TermWeighting.TfIdf ? 1 : 2.2 / (1 + (1.2 * (0.25 + (0.75 * length / MeanLength())))));
        }

        double[][] weighted = [.. Enumerable.Range(0, users).Select(user => Enumerable.Range(0, items).Select(item => Weight(user, item)).ToArray())];
        var gram = Sample.Gram(weighted);
        var actual = Similarities(train, All with { Weighting = weighting });

        for (var item = 0; item < items - 1; item++)
        {
            Sample.ShouldBeClose(actual[item][..^1], [.. gram[item][..^1].Select((dot, other) =>
                other == item ? 0 : dot / Math.Sqrt(gram[item][item] * gram[other][other]))]);
        }
    }

    [Fact]
    public void Values_count_only_if_asked_to()
    {
        var train = Sample.Of(3, 2, (0, 0, 2, 0), (0, 1, 3, 0), (1, 0, 1, 0), (2, 1, 1, 0));

        Similarities(train, All)[0][1].ShouldBe(0.5f);
        ((double)Similarities(train, All with { UseValues = true })[0][1]).ShouldBe(6 / Math.Sqrt(5 * 10), 1e-6);
    }

    [Fact]
    public void Renaming_items_renames_the_similarities()
    {
        var train = Sample.Random();
        int[] newItem = [.. Enumerable.Range(0, train.ItemCount)];
        new SeededRandom(5).Shuffle(newItem.AsSpan());
        var (before, after) = (Similarities(train, All), Similarities(Sample.Permuted(train, newItem), All));

        for (var i = 0; i < newItem.Length; i++)
        {
            for (var j = 0; j < newItem.Length; j++)
            {
                after[newItem[i]][newItem[j]].ShouldBe(before[i][j], 1e-6f);
            }
        }
    }

    [Fact]
    public void Order_and_repeats_of_a_history_do_not_matter()
    {
        var scores = Fit(Sample.Random(), All).Scores(Sample.ColdStartUsers([0, 3, 5], [5, 0, 3, 5, 5]));

        scores[1].ShouldBe(scores[0]);
    }

    [Fact]
    public void Last_items_are_all_that_is_scored_from_if_so_set()
    {
        var train = Sample.Random();
        var last = Fit(train, All with { LastItems = 2 }).Scores(Sample.ColdStartUsers([0, 3, 5, 1]));

        last[0].ShouldBe(Fit(train, All).Scores(Sample.ColdStartUsers([5, 1]))[0]);
    }

    private static ItemKnn Fit(TrainingSet train, ItemKnnOptions options) => new ItemKnn(ModelShape.Of(train), options).Fit(train);

    // A history of one item is answered with that item's similarities: row i holds s_ji for all targets j.
    private static float[][] Similarities(TrainingSet train, ItemKnnOptions options) =>
        Fit(train, options).Scores(Sample.ColdStartUsers([.. Enumerable.Range(0, train.ItemCount).Select(item => new[] { item })]));
}
