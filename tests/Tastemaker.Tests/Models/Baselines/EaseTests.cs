using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models.Baselines;

namespace Tastemaker.Tests.Models.Baselines;

public sealed class EaseTests
{
    [Fact]
    public void No_item_speaks_for_itself()
    {
        var weights = Weights(Sample.Random(), 10);

        for (var item = 0; item < weights.Length; item++)
        {
            weights[item][item].ShouldBe(0);
        }
    }

    [Fact]
    public void The_gradient_vanishes_off_the_diagonal()
    {
        var train = Sample.Random();
        var gram = Sample.Gram(Sample.Binary(train));
        var weights = Weights(train, 10);
        var largest = gram.Max(row => row.Max());

        for (var row = 0; row < gram.Length; row++)
        {
            for (var column = 0; column < gram.Length; column++)
            {
                var gradient = Enumerable.Range(0, gram.Length).Sum(k => gram[row][k] * weights[k][column]) + (10 * weights[row][column]) - gram[row][column];
                (row == column ? 0 : gradient / largest).ShouldBe(0, 1e-6);
            }
        }
    }

    [Fact]
    public void Items_with_the_same_users_get_the_same_weights_elsewhere()
    {
        var random = Sample.Random();
        var rows = random.Interactions;
        var twins = Sample.Of(random.UserCount, random.ItemCount, [.. Enumerable.Range(0, rows.Count)
            .SelectMany(row => rows.Items[row] == 0 ? [0, random.ItemCount - 1] : new[] { rows.Items[row] }, (row, item) => (rows.Users[row], item, 1f, 0L))]);

        var weights = Weights(twins, 5);

        for (var item = 1; item < random.ItemCount - 1; item++)
        {
            weights[0][item].ShouldBe(weights[^1][item], 1e-6f);
            weights[item][0].ShouldBe(weights[item][^1], 1e-6f);
        }
    }

    [Fact]
    public void Renaming_items_renames_the_weights()
    {
        var train = Sample.Random();
        int[] newItem = [.. Enumerable.Range(0, train.ItemCount)];
        new SeededRandom(5).Shuffle(newItem.AsSpan());
        var (before, after) = (Weights(train, 10), Weights(Sample.Permuted(train, newItem), 10));

        for (var i = 0; i < newItem.Length; i++)
        {
            for (var j = 0; j < newItem.Length; j++)
            {
                after[newItem[i]][newItem[j]].ShouldBe(before[i][j], 1e-6f);
            }
        }
    }

    [Fact]
    public void Great_regularization_ranks_by_co_occurrence()
    {
        var train = Sample.Random();
        var gram = Sample.Gram(Sample.Binary(train));
        var weights = Weights(train, 1e6);

        for (var item = 0; item < gram.Length; item++)
        {
            Sample.ShouldBeClose([.. weights[item].Select(weight => weight * 1e6f)], [.. gram[item].Select((n, other) => other == item ? 0 : n)], 1e-3);
        }
    }

    [Fact]
    public void Scores_are_the_history_times_the_weights()
    {
        var train = Sample.Random();
        var options = new EaseOptions { Regularization = 10, UseValues = true };
        var model = new Ease(ModelShape.Of(train), options).Fit(train);
        float[][] weights = [.. model.Saved("weights").Chunk(train.ItemCount)];
        var scores = model.Scores(Sample.KnownUsers(train));

        for (var user = 0; user < train.UserCount; user++)
        {
            Sample.ShouldBeClose(scores[user], [.. Enumerable.Range(0, train.ItemCount).Select(item =>
                Enumerable.Range(0, train.ByUser.Length(user)).Sum(k => (double)train.ByUser.RowValues(user)[k] * weights[train.ByUser[user][k]][item]))]);
        }
    }

    [Fact]
    public void A_catalog_that_does_not_fit_is_refused_with_the_figure_and_a_way_out()
    {
        var thrown = Should.Throw<InputException>(() => Ease.RequireMemory(60_000, 24L << 30));

        thrown.Message.ShouldContain("40.2 GiB");
        thrown.Message.ShouldContain("24.0 GiB");
        thrown.Message.ShouldContain("k-core");
        Should.NotThrow(() => Ease.RequireMemory(20_000, 24L << 30));
    }

    private static float[][] Weights(TrainingSet train, double regularization)
    {
        using var model = new Ease(ModelShape.Of(train), new EaseOptions { Regularization = regularization });
        return [.. model.Fit(train).Saved("weights").Chunk(train.ItemCount)];
    }
}
