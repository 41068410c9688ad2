using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Retrieval;
using Tastemaker.Tests.Conformance;
using Tastemaker.Tests.Models.Features;

namespace Tastemaker.Tests.Recommending;

public sealed class TwoStageTests
{
    private const int Items = ConformanceData.Side + 1;

    private static readonly Split Checkerboard = ConformanceData.Split([]);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(500)]
    public void With_the_retriever_as_ranker_it_is_the_retriever(int candidates)
    {
        var retriever = SystemCases.Train("ials", Checkerboard);
        using var stages = Recommender.TwoStage(retriever, retriever, candidates);
        var batch = ConformanceData.MixedRequests();
        var (before, after) = (ConformanceData.Scores(retriever, batch), ConformanceData.Scores(stages, batch));
        for (var request = 0; request < batch.Count; request++)
        {
            Unseen(after, batch, request).ShouldBe(Unseen(before, batch, request));
        }

        foreach (var request in new[] { Request.ForUser("u3"), Request.ForUser("u50"), Request.ForHistory("i2", "i6") })
        {
            stages.Recommend(request, 12).Items.Select(item => item.Item).ShouldBe(retriever.Recommend(request, 12).Items.Select(item => item.Item));
        }
    }

    [Fact]
    public void Candidates_come_in_the_rankers_order_and_the_rest_in_the_retrievers()
    {
        var retriever = SystemCases.Train("ials", Checkerboard);
        var ranker = SystemCases.Train("fm", Checkerboard);
        using var stages = Recommender.TwoStage(retriever, ranker, 10);
        var filter = new CandidateFilter { Exclude = ["i1"] };
        var request = Request.ForUser("u5");

        var list = stages.Recommend(request, 100, filter).Items.Select(item => item.Item).ToArray();

        var retrieved = retriever.Recommend(request, 100, filter).Items.Select(item => item.Item).ToArray();
        var ranked = ranker.Recommend(request, 100, filter).Items.Select(item => item.Item).ToArray();
        list[..10].ShouldBe(ranked.Where(retrieved[..10].Contains));
        list[10..].ShouldBe(retrieved[10..]);
        stages.Recommend(request, 100, filter).Items.Zip(stages.Recommend(request, 100, filter).Items.Skip(1)).ShouldAllBe(pair => pair.First.Score >= pair.Second.Score);
    }

    [Theory]
    [InlineData("fm")]
    [InlineData("ease")]
    public void What_is_evaluated_is_what_is_recommended(string ranker)
    {
        using var stages = Recommender.TwoStage(SystemCases.Train("ials", Checkerboard), SystemCases.Train(ranker, Checkerboard), 8);
        var test = Checkerboard.Test;
        var scores = ConformanceData.Scores(stages, test.Requests);
        string[] users = [.. test.Requests.Users.ToArray().Select(user => $"u{user}")];
        var lists = stages.RecommendAll([.. users.Select(Request.ForUser)], 15);
        for (var request = 0; request < test.Count; request++)
        {
            string[] expected = [.. Unseen(scores, test.Requests, request).Take(15).Select(item => $"i{item}")];
            stages.Recommend(Request.ForUser(users[request]), 15).Items.Select(item => item.Item).ShouldBe(expected);
            lists[request].Items.Select(item => item.Item).ShouldBe(expected);
        }

        new Evaluator(Checkerboard.Train, new EvaluationOptions()).Evaluate(stages, test).Metrics["recall@10"].ShouldBeGreaterThan(0.5);
    }

    [Fact]
    public void With_an_index_it_answers_as_without()
    {
        var (retriever, ranker) = (SystemCases.Train("youtube-dnn", Checkerboard), SystemCases.Train("fm", Checkerboard));
        using var exact = Recommender.TwoStage(retriever, ranker, 5);
        using var indexed = Recommender.TwoStage(Recommender.WithIndex(retriever, ExactIndex.Of(retriever)), ranker, 5);

        foreach (var request in new[] { Request.ForUser("u3"), Request.ForHistory("i2", "i6") })
        {
            indexed.Recommend(request, 4).Items.Select(item => item.Item).ShouldBe(exact.Recommend(request, 4).Items.Select(item => item.Item));
        }
    }

    [Fact]
    public void Where_the_ranker_has_no_answer_the_retrievers_stands_and_says_so()
    {
        var (retriever, ranker) = (SystemCases.Train("ials", Checkerboard), SystemCases.Train("neumf", Checkerboard));
        using var stages = Recommender.TwoStage(retriever, ranker, 5);
        var stranger = Request.ForHistory("i2", "i6");

        var list = stages.Recommend(stranger, 10);

        list.Items.ShouldBe(retriever.Recommend(stranger, 10).Items);
        list.Notes.ShouldContain(note => note.Contains("neumf", StringComparison.Ordinal));
        stages.Recommend(Request.ForUser("u1"), 10).Notes.ShouldBeEmpty();
    }

    [Fact]
    public void Saved_and_loaded_it_is_the_same()
    {
        using var stages = Recommender.TwoStage(SystemCases.Train("ials", Checkerboard), SystemCases.Train("fm", Checkerboard), 8);
        var folder = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}");
        try
        {
            Recommender.Save(stages, folder);
            using var loaded = Recommender.Load(folder);
            loaded.System.ShouldBe("ials+fm");
            ConformanceData.Scores(loaded, ConformanceData.MixedRequests()).ShouldBe(ConformanceData.Scores(stages, ConformanceData.MixedRequests()));

            File.WriteAllText(Path.Combine(folder, "two-stage.json"), "{ \"format\": \"tastemaker-two-stage\", \"version\": 9, \"candidates\": 3 }");
            Should.Throw<InputException>(() => Recommender.Load(folder)).Message.ShouldContain("update");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Stages_of_other_data_do_not_fit_together()
    {
        using var retriever = SystemCases.Train("ials", Checkerboard);
        var train = new TrainingSet(Watches.Data());
        using var ranker = SystemCases.Train("ials", new Split
        {
            Description = "all",
            Train = train,
            Test = new HoldOut { Requests = new RequestBatch([1], train.ByUser.Gather([1])), Targets = SparseRows.FromRows([[0]], Watches.Items) },
        });

        Should.Throw<InputException>(() => Recommender.TwoStage(retriever, ranker)).Message.ShouldContain("51 and 9 items");
    }

    // Items that the request's history does not hold, best first.
    private static int[] Unseen(float[] scores, RequestBatch batch, int request)
    {
        int[] history = batch.History(request).IsEmpty && batch.Users[request] >= 0
            ? Checkerboard.Train.ByUser[batch.Users[request]].ToArray()
            : batch.History(request).ToArray();
        return [.. Enumerable.Range(0, Items).Except(history).OrderByDescending(item => scores[(request * Items) + item]).ThenBy(item => item)];
    }
}
