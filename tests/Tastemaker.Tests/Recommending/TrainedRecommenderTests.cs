using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Inputs;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Systems;
using Tastemaker.Training;

namespace Tastemaker.Tests.Recommending;

public sealed class TrainedRecommenderTests
{
    // ann: apple, bread; bob: bread; cat: nothing. Popularity: apple 1, bread 2, cheese 0, dates 0.
    private static readonly TrainingSet Train = new(new Dataset
    {
        Name = "shop",
        Users = new Vocabulary(["ann", "bob", "cat"]),
        Items = new Vocabulary(["apple", "bread", "cheese", "dates"]),
        Interactions = new Interactions([0, 0, 1], [0, 1, 1], [5, 3, 4], [10, 20, 30]),
        ItemFeatures = new FeatureTable(4, [new TextColumn("title", ["Apple", "Bread", null, "Dates"])]),
    });

    private static readonly RecommenderOrigin Origin = new()
    {
        Options = new FixedOptions(), Training = new TrainingOptions(), Data = "shop", DataFingerprint = "1", Split = "none", SplitFingerprint = "2", Library = "0",
    };

    private static TrainedRecommender Make(Capabilities answers, out FixedModel model)
    {
        model = new FixedModel(ModelShape.Of(Train));
        return new TrainedRecommender(FixedModel.Info(answers), model, RecommenderSnapshot.Of(Train), Origin);
    }

    private static RequestBatch Batch(params (int User, int[] History)[] requests) =>
        new([.. requests.Select(request => request.User)], SparseRows.FromRows([.. requests.Select(request => (IReadOnlyList<int>)request.History)], 4));

    [Fact]
    public void A_batch_the_model_can_answer_reaches_it_uncopied_in_one_call()
    {
        using var recommender = Make(Capabilities.Everyone, out var model);
        var batch = Batch((0, [0, 1]), (1, [1]));
        recommender.Score(batch, new float[8]);
        model.Calls.ShouldBe(1);
        model.Last.ShouldBeSameAs(batch);
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, true)]
    [InlineData(false, null, false)]
    [InlineData(true, null, true)]
    public void Seen_items_are_candidates_as_they_were_when_measured_and_as_the_system_has_it_where_that_is_unknown(bool system, bool? measured, bool expected)
    {
        using var recommender = new TrainedRecommender(
            FixedModel.Info(Capabilities.Everyone) with { RecommendsSeen = system }, new FixedModel(ModelShape.Of(Train)), RecommenderSnapshot.Of(Train), Origin with { RecommendsSeen = measured });

        recommender.RecommendsSeen.ShouldBe(expected);
        recommender.Recommend(Request.ForUser("ann"), 4).Items.Any(item => item.Item == "apple").ShouldBe(expected);
        recommender.RecommendAll([Request.ForUser("ann")], 4)[0].Items.Any(item => item.Item == "apple").ShouldBe(expected);
        (RecommenderCard.Of(recommender, "f", 1)["recommends-seen"] is { } written ? (bool?)written : null).ShouldBe(measured);
    }

    [Fact]
    public void Items_are_found_by_the_names_people_use_ready_for_a_request()
    {
        using var recommender = Make(Capabilities.Everyone, out _);
        recommender.FindItems("bread", "DATES", "cheese", "appl").ShouldBe(["bread", "dates", "cheese", "apple"]);
        recommender.Recommend(Request.ForHistory(recommender.FindItems("Bread")), 4).Items.Select(item => item.Item).ShouldNotContain("bread");
        Should.Throw<InputException>(() => recommender.FindItems("bread", "bananas", "olives")).Problems.Count.ShouldBe(2);
    }

    [Fact]
    public void Rows_are_answered_by_whoever_can_and_as_they_would_be_alone()
    {
        using var recommender = Make(Capabilities.KnownUsers, out _);
        (int, int[])[] requests = [(0, [0, 1]), (-1, [2]), (2, []), (1, [1])];
        var scores = new float[16];
        recommender.Score(Batch(requests), scores);

        scores.ShouldBe([20, 21, 22, 23, 1, 2, 0, 0, 1, 2, 0, 0, 1010, 1011, 1012, 1013]);
        for (var request = 0; request < requests.Length; request++)
        {
            var alone = new float[4];
            recommender.Score(Batch(requests[request]), alone);
            alone.ShouldBe(scores[(4 * request)..(4 * (request + 1))]);
        }
    }

    [Fact]
    public void A_known_user_without_a_history_in_the_request_is_given_the_stored_one_with_values_and_times()
    {
        using var recommender = Make(Capabilities.Histories, out var model);
        recommender.Score(Batch((0, [])), new float[4]);
        model.Last!.History(0).ToArray().ShouldBe([0, 1]);
        model.Last.HistoryValues(0).ToArray().ShouldBe([5, 3]);
        model.Last.HistoryTimes(0).ToArray().ShouldBe([10, 20]);
    }

    [Fact]
    public void A_user_without_training_history_is_folded_in_as_a_stranger()
    {
        using var recommender = Make(Capabilities.Everyone, out var model);
        recommender.Score(Batch((2, [3])), new float[4]);
        model.Last!.Users[0].ShouldBe(-1);
    }

    [Fact]
    public void Strategies_are_named()
    {
        using var users = Make(Capabilities.KnownUsers, out _);
        using var histories = Make(Capabilities.Histories, out _);
        users.Recommend(Request.ForUser("ann"), 1).Strategy.ShouldBe(AnswerSource.Model);
        users.Recommend(Request.ForUser("cat"), 1).Strategy.ShouldBe(AnswerSource.Popularity);
        users.Recommend(Request.ForHistory("apple"), 1).Strategy.ShouldBe(AnswerSource.Popularity);
        histories.Recommend(Request.ForUser("bob"), 1).Strategy.ShouldBe(AnswerSource.Model);
        histories.Recommend(Request.ForHistory("apple"), 1).Strategy.ShouldBe(AnswerSource.FoldIn);
    }

    [Fact]
    public void A_list_has_exactly_n_items_or_all_that_remain()
    {
        using var recommender = Make(Capabilities.Everyone, out _);
        recommender.Recommend(Request.ForUser("ann"), 1).Items.Select(item => item.Item).ShouldBe(["dates"]);
        recommender.Recommend(Request.ForUser("ann"), 99).Items.Select(item => item.Item).ShouldBe(["dates", "cheese"]);
        recommender.Recommend(Request.ForUser("ann"), 99, new CandidateFilter { IncludeSeen = true }).Items.Count.ShouldBe(4);
        recommender.Recommend(Request.ForUser("ann"), 99, new CandidateFilter { Exclude = ["dates", "unheard of"] }).Items.Select(item => item.Item).ShouldBe(["cheese"]);
        recommender.Recommend(Request.ForUser("bob"), 99, new CandidateFilter { Candidates = ["apple", "bread", "unheard of"] }).Items.Select(item => item.Item).ShouldBe(["apple"]);
        recommender.Recommend(Request.ForUser("ann"), 3, new CandidateFilter { Candidates = [] }).Items.ShouldBeEmpty();
    }

    [Fact]
    public void Titles_come_along_where_known()
    {
        using var recommender = Make(Capabilities.Everyone, out _);
        recommender.Recommend(Request.ForUser("ann"), 2).Items.Select(item => item.Title).ShouldBe(["Dates", null]);
    }

    [Fact]
    public void A_given_history_replaces_the_stored_one()
    {
        using var recommender = Make(Capabilities.Everyone, out var model);
        var list = recommender.Recommend(new Request { User = "ann", History = ["dates"] }, 9);
        list.Strategy.ShouldBe(AnswerSource.FoldIn);
        list.Items.Select(item => item.Item).ShouldBe(["cheese", "bread", "apple"]);
        model.Last!.Users[0].ShouldBe(-1);
    }

    [Fact]
    public void What_the_system_cannot_use_is_noted()
    {
        using var recommender = Make(Capabilities.Everyone, out _);
        var list = recommender.Recommend(
            new Request { User = "zoe", History = ["aple", "bread"], Features = new Dictionary<string, string> { ["city"] = "x" }, Content = "a text" }, 1);
        list.Notes.Count.ShouldBe(4);
        list.Notes[0].ShouldContain("'zoe'");
        list.Notes[1].ShouldContain("Did you mean 'Apple' (id apple)");
        list.Notes[2].ShouldContain("city");
        list.Notes[3].ShouldContain("content");
    }

    [Fact]
    public void An_unknown_user_without_history_gets_popular_items_and_a_note()
    {
        using var recommender = Make(Capabilities.Everyone, out _);
        var list = recommender.Recommend(Request.ForUser("zoe"), 2);
        list.Items.Select(item => item.Item).ShouldBe(["bread", "apple"]);
        list.Notes.ShouldContain(note => note.Contains("most popular"));
    }

    [Fact]
    public void An_empty_request_is_refused()
    {
        using var recommender = Make(Capabilities.Everyone, out _);
        Should.Throw<InputException>(() => recommender.Recommend(new Request(), 1)).Message.ShouldContain("empty");
    }

    [Fact]
    public void Empty_requests_among_many_are_refused_all_at_once()
    {
        using var recommender = Make(Capabilities.Everyone, out _);
        var problems = Should.Throw<InputException>(() => recommender.RecommendAll([new Request(), Request.ForUser("ann"), new Request()], 1)).Problems;
        problems.Count.ShouldBe(2);
        problems[1].ShouldContain("Request 3 of 3");
        recommender.RecommendAll([], 1).ShouldBeEmpty();
    }

    [Fact]
    public void A_request_allocates_no_memory_of_the_size_of_the_catalog()
    {
        const int items = 300_000;
        var snapshot = RecommenderSnapshot.Of(Train) with
        {
            Items = new Vocabulary(Enumerable.Range(0, items).Select(item => $"i{item}")), Titles = null, Popularity = new int[items],
        };
        using var recommender = new TrainedRecommender(FixedModel.Info(Capabilities.KnownUsers), new FixedModel(new ModelShape(3, items)), snapshot, Origin);
        var filter = new CandidateFilter { Candidates = ["i7", "i9"] };
        recommender.Recommend(Request.ForUser("ann"), 10, filter);
        recommender.Recommend(Request.ForUser("ann"), 10);
        var before = GC.GetAllocatedBytesForCurrentThread();

        recommender.Recommend(Request.ForUser("ann"), 10, filter);
        recommender.Recommend(Request.ForUser("ann"), 10);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(items / 10);
    }

    [Fact]
    public void Indexes_and_lengths_out_of_range_are_refused_before_they_reach_the_model()
    {
        using var recommender = Make(Capabilities.Everyone, out var model);
        Should.Throw<ArgumentException>(() => recommender.Score(Batch((0, [4])), new float[4]));
        Should.Throw<ArgumentException>(() => recommender.Score(Batch((3, [1])), new float[4]));
        Should.Throw<ArgumentException>(() => recommender.Score(Batch((0, [1])), new float[5]));
        model.Calls.ShouldBe(0);
    }

    [Fact]
    public void Similar_items_come_from_a_history_of_the_item_where_there_are_no_vectors()
    {
        using var recommender = Make(Capabilities.Histories, out _);
        recommender.Similar("cheese", 9).Items.Select(item => item.Item).ShouldBe(["dates", "bread", "apple"]);
        Should.Throw<InputException>(() => recommender.Similar("Chese", 1)).Message.ShouldContain("cheese");
        using var knowsUsersOnly = Make(Capabilities.KnownUsers, out _);
        Should.Throw<InputException>(() => knowsUsersOnly.Similar("cheese", 1));
    }

    [Fact]
    public void Predictions_are_clipped_and_the_untrained_count_as_unknown()
    {
        using var recommender = new TrainedRecommender(
            FixedModel.Info(Capabilities.KnownUsers), new FixedRatingModel(new ModelShape(3, 4, -150, 5)), RecommenderSnapshot.Of(Train), Origin);
        var predictor = recommender.As<IRatingPredictor>().ShouldNotBeNull()!;
        var ratings = new float[4];
        predictor.Predict([0, 1, 2, -1], [1, 1, 0, 2], ratings);
        ratings.ShouldBe([1, 5, -100, -101]);
    }

    [Fact]
    public void Scores_that_are_no_numbers_are_told_from_numbers()
    {
        for (var position = 0; position < 40; position++)
        {
            var scores = Enumerable.Repeat(float.MaxValue, 40).ToArray();
            FiniteScores.Are(scores).ShouldBeTrue();
            scores[position] = position % 2 == 0 ? float.NaN : float.NegativeInfinity;
            FiniteScores.Are(scores).ShouldBeFalse();
        }
    }
}
