using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models.Baselines;
using Tastemaker.Training;

namespace Tastemaker.Tests.Models.Baselines;

public sealed class RatingNeighborhoodTests
{
    private static readonly UserKnnOptions ByUsers = new() { PredictRatings = true, Neighbors = 1000 };
    private static readonly ItemKnnOptions ByItems = new() { PredictRatings = true, Neighbors = 1000, Shrink = 0 };

    // The table of Resnick et al. 1994: Ken, Lee, Meg and Nan on six articles, Ken's prediction for the sixth wanted.
    private static TrainingSet GroupLens => Sample.Of(
        4, 6,
        [
            .. Row(0, (0, 1), (1, 5), (3, 2), (4, 4)),
            .. Row(1, (0, 4), (1, 2), (3, 5), (4, 1), (5, 2)),
            .. Row(2, (0, 2), (1, 4), (2, 3), (5, 5)),
            .. Row(3, (0, 2), (1, 4), (3, 5), (4, 1)),
        ]);

    [Fact]
    public void Deviations_from_the_means_of_neighbors_are_weighted_by_correlation()
    {
        // Ken 1 5 2 4 (mean 3), Lee 4 2 5 1 over the same articles: r = -0.8. Meg and Ken: 1 5 and 2 4, r = 1.
        // Lee's mean is 14 / 5 and the sixth article's rating 2; Meg's mean is 14 / 4 and the rating 5.
        var expected = 3 + (((-0.8 * (2 - 2.8)) + (1 * (5 - 3.5))) / (0.8 + 1));

        var predicted = Predict(new RatingUserKnn(ModelShape.Of(GroupLens), ByUsers).Fit(GroupLens), (0, 5), (0, -1), (-1, 5));

        predicted[0].ShouldBe((float)expected, 1e-5f);
        predicted[1].ShouldBe(3); // the user's mean
        predicted[2].ShouldBe(GroupLens.Interactions.Values.ToArray().Average(), 1e-5f);
    }

    [Fact]
    public void Only_the_k_most_correlated_count_whatever_the_sign()
    {
        var model = new RatingUserKnn(ModelShape.Of(GroupLens), ByUsers with { Neighbors = 1 }).Fit(GroupLens);

        Predict(model, (0, 5))[0].ShouldBe(3 + (5 - 3.5f), 1e-5f); // Meg
    }

    [Fact]
    public void Ratings_of_similar_items_are_weighted_by_adjusted_cosine()
    {
        var train = Sample.Random(users: 25, items: 8, density: 0.7);
        var table = Table(train);
        var predicted = Predict(new RatingItemKnn(ModelShape.Of(train), ByItems).Fit(train), [.. Pairs(train)]);
        var means = table.Select(row => row.Where(rating => rating > 0).DefaultIfEmpty(0).Average()).ToArray();

        double Similarity(int one, int other)
        {
            var both = Enumerable.Range(0, table.Length).Where(user => table[user][one] > 0 && table[user][other] > 0).ToArray();
            double Sum(Func<int, double> of) => both.Sum(of);
            double Deviation(int user, int item) => table[user][item] - means[user];
            var product = Sum(user => Deviation(user, one) * Deviation(user, other));
            return product <= 0 ? 0 : product / Math.Sqrt(Sum(user => Math.Pow(Deviation(user, one), 2)) * Sum(user => Math.Pow(Deviation(user, other), 2)));
        }

        foreach (var ((user, item), rating) in Pairs(train).Zip(predicted))
        {
            var weights = Enumerable.Range(0, train.ItemCount).Where(other => other != item && table[user][other] > 0).ToDictionary(other => other, other => Similarity(item, other));
            var expected = table[user].Sum() == 0 ? train.Interactions.Values.ToArray().Average()
                : weights.Values.Sum() > 0 ? weights.Sum(pair => pair.Value * table[user][pair.Key]) / weights.Values.Sum() : means[user];
            rating.ShouldBe((float)expected, 1e-3f, $"{user} {item}");
        }
    }

    [Fact]
    public void Adding_a_constant_to_all_ratings_of_a_neighbor_changes_nothing()
    {
        var train = Sample.Random(users: 12, items: 8, density: 0.8);
        var rows = train.Interactions;
        var harsh = new TrainingSet(train.Data with
        {
            Interactions = new Interactions([.. rows.Users], [.. rows.Items], [.. rows.Values.ToArray().Select((value, row) => rows.Users[row] == 3 ? value + 2 : value)], [.. rows.Times]),
        });

        float[] Of(TrainingSet of) => Predict(new RatingUserKnn(ModelShape.Of(of), ByUsers).Fit(of), [.. Pairs(of).Where(pair => pair.User != 3 && of.ByUser.Length(pair.User) > 0)]);

        var (before, after) = (Of(train), Of(harsh));
        for (var pair = 0; pair < before.Length; pair++)
        {
            after[pair].ShouldBe(before[pair], 1e-4f);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_catalog_is_ranked_by_the_predictions_also_of_strangers_and_after_loading(bool byUsers)
    {
        var train = Sample.Random();
        Model Make() => byUsers ? new RatingUserKnn(ModelShape.Of(train), ByUsers) : new RatingItemKnn(ModelShape.Of(train), ByItems);
        var model = Make().Fit(train);
        var scores = model.Scores(Sample.KnownUsers(train));
        var predicted = Predict(model, [.. Pairs(train)]);

        scores.SelectMany(row => row).ShouldBe(predicted);
        var loaded = Make();
        loaded.Restore(model.State());
        loaded.Scores(Sample.ColdStartUsers(train)).ShouldBe(model.Scores(Sample.ColdStartUsers(train)));
        Predict(loaded, [.. Pairs(train)]).ShouldBe(predicted);
    }

    [Fact]
    public void Data_without_ratings_is_refused()
    {
        var train = Sample.WithoutValuesAndTimes(Sample.Random());

        Should.Throw<InputException>(() => new RatingUserKnn(ModelShape.Of(train), ByUsers).Fit(train)).Message.ShouldContain("UserKNN predicts values");
    }

    [Fact]
    public void The_catalog_gives_the_form_that_the_option_asks_for()
    {
        UserKnn.Info.Create(ByUsers, new ModelShape(2, 2)).ShouldBeAssignableTo<IRatingModel>();
        ItemKnn.Info.Create(ByItems, new ModelShape(2, 2)).ShouldBeAssignableTo<IRatingModel>();
        UserKnn.Info.Create(new UserKnnOptions(), new ModelShape(2, 2)).ShouldBeOfType<UserKnn>();
        ItemKnn.Info.Create(new ItemKnnOptions(), new ModelShape(2, 2)).ShouldBeOfType<ItemKnn>();
    }

    private static IEnumerable<(int User, int Item, float Value, long Time)> Row(int user, params (int Item, float Value)[] ratings) =>
        ratings.Select(rating => (user, rating.Item, rating.Value, 0L));

    private static IEnumerable<(int User, int Item)> Pairs(TrainingSet train) =>
        Enumerable.Range(0, train.UserCount).SelectMany(user => Enumerable.Range(0, train.ItemCount).Select(item => (user, item)));

    private static double[][] Table(TrainingSet train)
    {
        double[][] table = [.. Enumerable.Range(0, train.UserCount).Select(_ => new double[train.ItemCount])];
        for (var row = 0; row < train.Interactions.Count; row++)
        {
            table[train.Interactions.Users[row]][train.Interactions.Items[row]] = train.Interactions.Values[row];
        }

        return table;
    }

    private static float[] Predict(Model model, params (int User, int Item)[] pairs)
    {
        var values = new float[pairs.Length];
        ((IRatingModel)model).Predict([.. pairs.Select(pair => pair.User)], [.. pairs.Select(pair => pair.Item)], values);
        return values;
    }
}
