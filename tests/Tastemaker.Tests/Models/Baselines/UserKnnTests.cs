using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models.Baselines;

namespace Tastemaker.Tests.Models.Baselines;

public sealed class UserKnnTests
{
    private static readonly UserKnnOptions All = new() { Neighbors = 1000, Shrink = 0 };

    [Fact]
    public void Identical_users_have_similarity_1()
    {
        var train = Sample.Of(2, 4, (0, 0, 1, 0), (0, 2, 1, 0), (0, 3, 1, 0), (1, 0, 1, 0), (1, 2, 1, 0), (1, 3, 1, 0));

        Fit(train, All).Scores(Sample.KnownUsers(train))[0].ShouldBe([1, 0, 1, 1]);
    }

    [Fact]
    public void A_history_nobody_shares_scores_0_everywhere()
    {
        var train = Sample.Random();

        // The last item of the sample has no users.
        Fit(train, All).Scores(Sample.ColdStartUsers([train.ItemCount - 1]))[0].ShouldAllBe(score => score == 0);
    }

    [Fact]
    public void Scores_are_similarities_times_rows_without_the_user_itself()
    {
        var train = Sample.Random();
        var binary = Sample.Binary(train);
        var scores = Fit(train, All with { Shrink = 2 }).Scores(Sample.KnownUsers(train));

        for (var user = 0; user < train.UserCount; user++)
        {
            double Similar(int other) => other == user ? 0 : Dot(binary[user], binary[other]) / (Math.Sqrt(binary[user].Sum() * binary[other].Sum()) + 2);
            Sample.ShouldBeClose(scores[user], [.. Enumerable.Range(0, train.ItemCount).Select(item =>
                Enumerable.Range(0, train.UserCount).Sum(other => Similar(other) * binary[other][item]))]);
        }
    }

    [Fact]
    public void Folding_in_a_training_row_gives_the_users_scores_once_it_is_not_its_own_neighbor()
    {
        var train = Sample.Random();
        var (model, binary) = (Fit(train, All), Sample.Binary(train));
        var (known, folded) = (model.Scores(Sample.KnownUsers(train)), model.Scores(Sample.ColdStartUsers(train)));

        for (var user = 0; user < train.UserCount; user++)
        {
            // The stranger's only extra neighbor is its twin, with similarity 1.
            Sample.ShouldBeClose(folded[user], [.. known[user].Select((score, item) => score + binary[user][item])]);
        }
    }

    [Fact]
    public void Only_the_k_nearest_count()
    {
        // User 0 shares two items with user 1 and one with user 2.
        var train = Sample.Of(3, 5, (0, 0, 1, 0), (0, 1, 1, 0), (1, 0, 1, 0), (1, 1, 1, 0), (1, 3, 1, 0), (2, 0, 1, 0), (2, 4, 1, 0));

        var scores = Fit(train, All with { Neighbors = 1 }).Scores(Sample.KnownUsers(train))[0];

        scores[3].ShouldBeGreaterThan(0);
        scores[4].ShouldBe(0);
    }

    [Fact]
    public void The_saved_model_answers_as_before_without_the_training_set()
    {
        var train = Sample.Random();
        var options = All with { Weighting = TermWeighting.Bm25, UseValues = true };
        var model = Fit(train, options);
        var loaded = new UserKnn(ModelShape.Of(train), options);
        loaded.Restore(model.State());

        loaded.Scores(Sample.ColdStartUsers([0, 4])).ShouldBe(model.Scores(Sample.ColdStartUsers([0, 4])));
    }

    private static UserKnn Fit(TrainingSet train, UserKnnOptions options) => new UserKnn(ModelShape.Of(train), options).Fit(train);

    private static double Dot(double[] left, double[] right) => left.Zip(right, (a, b) => a * b).Sum();
}
