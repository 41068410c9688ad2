using OwnSystem;
using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation;
using Tastemaker.Inputs;
using Tastemaker.Models.Baselines;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Runs;
using Tastemaker.Systems;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Documentation;

/// <summary>The systems of docs/adding-a-system.md and docs/adding-a-solver.md work: with the real trainer, recommender and evaluator.</summary>
public sealed class ExampleSystemTests
{
    /// <summary>Even users like even items and odd users odd ones, all items equally often: popularity can know nothing.</summary>
    private static Split Checkerboard()
    {
        const int users = 40, items = 40;
        var (userColumn, itemColumn) = (new List<int>(), new List<int>());
        for (var user = 0; user < users; user++)
        {
            for (var item = user % 2; item < items; item += 2)
            {
                userColumn.Add(user);
                itemColumn.Add(item);
            }
        }

        var data = new Dataset
        {
            Name = "checkerboard",
            Users = new Vocabulary(Enumerable.Range(0, users).Select(user => $"u{user}")),
            Items = new Vocabulary(Enumerable.Range(0, items).Select(item => $"i{item}")),
            Interactions = new Interactions([.. userColumn], [.. itemColumn]),
        };
        return SplitterSyntax.Parse("ratio-by-user(test=0.3,validation=0)").Apply(data, 1);
    }

    [Fact]
    public void It_learns_a_checkerboard_that_popularity_cannot()
    {
        var split = Checkerboard();
        using var example = Train(SoftmaxMf.Info, split, new SoftmaxMfOptions { Epochs = 15, BatchSize = 64, LearningRate = 0.02, Factors = 2, Negatives = 8 });
        using var popularity = Train(Popularity.Info, split, Popularity.Info.DefaultOptions);

        var evaluator = new Evaluator(split.Train, new EvaluationOptions { Metrics = ["recall"], Cutoffs = [6] });
        evaluator.Evaluate(example, split.Test, cancellation: TestContext.Current.CancellationToken).Metrics["recall@6"].ShouldBeGreaterThan(0.95);
        evaluator.Evaluate(popularity, split.Test, cancellation: TestContext.Current.CancellationToken).Metrics["recall@6"].ShouldBeLessThan(0.6);
    }

    [Fact]
    public void The_solver_finds_the_singular_vectors()
    {
        // Two groups of 20 users with 20 items each, all of the other parity: two singular values, and the scores are the matrix itself.
        var data = Checkerboard().Whole!;
        var split = new NoHoldOut().Apply(data, 1);
        using var solved = Train(PureSvd.Info, split, new PureSvdOptions { Factors = 2, Sweeps = 30 });

        var scores = new float[2 * 40];
        solved.Score(new RequestBatch([0, -1], SparseRows.FromRows([split.Train.Seen[0].ToArray(), [1]], 40)), scores);
        for (var item = 0; item < 40; item++)
        {
            scores[item].ShouldBe(1 - (item % 2), 1e-4f);
            scores[40 + item].ShouldBe(item % 2 / 20f, 1e-5f); // e_1 V V^T
        }
    }

    [Fact]
    public void It_recommends_by_name_and_says_who_answered()
    {
        using var example = Train(SoftmaxMf.Info, Checkerboard(), new SoftmaxMfOptions { Epochs = 1 });

        example.Recommend(Request.ForUser("u3"), 5).Strategy.ShouldBe(AnswerSource.Model);
        example.Recommend(Request.ForHistory("i2", "i4"), 5).Strategy.ShouldBe(AnswerSource.Popularity);
    }

    [Fact]
    public void Its_loss_is_that_of_a_coin_with_a_side_for_each_candidate_while_all_scores_are_equal()
    {
        var split = Checkerboard();
        using var scope = NewDisposeScope();
        using var model = new SoftmaxMf(new SoftmaxMfOptions { Negatives = 3 }, new ModelShape(40, 40));
        using (no_grad())
        {
            model.parameters().ToList().ForEach(weights => weights.zero_());
        }

        using var batch = new Tastemaker.Batches.PairwiseBatch(2, 3) { Count = 2 };
        batch.Load(CPU);
        model.Loss(batch).item<float>().ShouldBe(MathF.Log(4), 1e-5f);
    }

    private static TrainedRecommender Train(SystemInfo info, Split split, ModelOptions options)
    {
        var origin = new RecommenderOrigin
        {
            Options = options, Training = new TrainingOptions { Seed = 3, Threads = 1 }, Data = split.Train.Data.Name, DataFingerprint = "", Split = split.Description, SplitFingerprint = "", Library = "test",
        };
        return Fitting.Train(info, split, origin, [], null, CancellationToken.None).Recommender;
    }
}
