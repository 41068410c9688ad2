using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Recommending;

namespace Tastemaker.Tests.Recommending;

public sealed class WholeHistoriesTests : IDisposable
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}");

    // ann and bob are there from the start; eve comes in the test part alone.
    private static readonly Dataset Data = new()
    {
        Name = "shop",
        Users = new Vocabulary(["ann", "bob", "eve"]),
        Items = new Vocabulary(["a", "b", "c", "d", "e"]),
        Interactions = new Interactions([0, 0, 1, 1, 0, 2, 2], [0, 1, 0, 2, 3, 0, 1], null, [1, 2, 3, 4, 11_000_000, 12_000_000, 13_000_000]),
    };

    private static Split Split => new Temporal { TestFrom = 10 }.Apply(Data, 1);

    public void Dispose()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("ease")]
    [InlineData("ials")]
    [InlineData("bpr-mf")]
    public void What_was_held_out_is_history_and_no_candidate_also_after_saving(string system)
    {
        using var trained = Recommender.Train(system, Split);
        Recommender.Save(trained, folder);
        using var loaded = Recommender.Load(folder);
        foreach (var recommender in new[] { trained, loaded })
        {
            recommender.HistoryOf("ann").ShouldBe(["a", "b", "d"]);
            var list = recommender.Recommend(Request.ForUser("ann"), 5);
            list.Items.Select(item => item.Item).Order().ShouldBe(["c", "e"]);
            recommender.RecommendAll([Request.ForUser("ann")], 5)[0].Items.Select(item => item.Item).ShouldBe(list.Items.Select(item => item.Item));
        }
    }

    [Fact]
    public void A_user_who_came_after_training_is_folded_in()
    {
        using var recommender = Recommender.Train("ease", Split);
        var list = recommender.Recommend(Request.ForUser("eve"), 5);
        list.Strategy.ShouldBe(AnswerSource.FoldIn);
        list.Items.Select(item => item.Item).ShouldNotContain(item => item == "a" || item == "b");
    }

    [Fact]
    public void A_final_fit_learns_from_all_for_as_many_epochs_as_were_best()
    {
        using var trained = (TrainedRecommender)Recommender.Train("bpr-mf", Split);
        using var everything = (TrainedRecommender)Recommender.FitOnAll(trained, Split);
        everything.Snapshot.Histories[2].ToArray().ShouldBe([0, 1]);
        everything.Snapshot.WholeHistories.ShouldBeNull();
        everything.Recommend(Request.ForUser("eve"), 1).Strategy.ShouldBe(AnswerSource.Model);
        everything.Origin.Split.ShouldBe("none");
        everything.Origin.BestEpoch.ShouldBe(trained.Origin.BestEpoch);
        everything.Origin.Options.ShouldBe(trained.Origin.Options);
    }

    [Fact]
    public void Users_of_other_vocabularies_are_found_by_name()
    {
        // Strong generalization learns from some users only, so that the numbers of the rest mean others.
        var random = new SeededRandom(3);
        int[] users = [.. Enumerable.Range(0, 400).Select(row => row % 20)], items = [.. Enumerable.Range(0, 400).Select(_ => random.Next(30))];
        var data = Data with { Users = new Vocabulary(Enumerable.Range(0, 20).Select(user => $"u{user}")), Items = new Vocabulary(Enumerable.Range(0, 30).Select(item => $"i{item}")), Interactions = new Interactions(users, items) };
        var split = new StrongGeneralization(5, 5).Apply(data, 1);
        using var recommender = Recommender.Train("ease", split);
        var user = split.Train.Data.Users[0];
        recommender.HistoryOf(user).Order().ShouldBe(Enumerable.Range(0, 400).Where(row => $"u{users[row]}" == user).Select(row => $"i{items[row]}").Order());
    }
}
