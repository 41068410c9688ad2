using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Options;
using Tastemaker.Recommending;

namespace Tastemaker.Tests.Models.Features;

/// <summary>A saved model reads what it is told as it read the columns it was trained on.</summary>
public sealed class ServingTests : IDisposable
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), $"tastemaker-{Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("fm")]
    [InlineData("wide-deep")]
    public void A_loaded_model_predicts_the_bits_of_the_trained_one(string system)
    {
        var (split, trained) = Train(system);
        Recommender.Save(trained, folder);
        using var loaded = Recommender.Load(folder);

        Clicks(loaded, split.Test.Impressions!).ShouldBe(Clicks(trained, split.Test.Impressions!));
        trained.Dispose();
    }

    [Fact]
    public void Words_in_a_request_count_as_the_columns_did()
    {
        var (split, recommender) = Train("wide-deep");
        using var owned = recommender;
        var rows = split.Test.Impressions!;
        var probabilities = Clicks(recommender, rows);
        var prices = (Data.Features.NumericColumn)rows.InteractionFeatures!.Find("price")!;
        var hours = (Data.Features.CategoricalColumn)rows.InteractionFeatures.Find("hour")!;
        for (var row = 0; row < 10; row++)
        {
            var said = new Dictionary<string, string> { ["price"] = $"{prices.Values[row]}", ["hour"] = hours.Categories[hours.Values[row]] };
            var user = rows.Users[rows.Interactions.Users[row]];
            var list = recommender.Recommend(new Request { User = user, Features = said }, rows.Items.Count, new CandidateFilter { IncludeSeen = true });

            var score = list.Items.Single(item => item.Item == rows.Items[rows.Interactions.Items[row]]).Score;
            (1 / (1 + MathF.Exp(-score))).ShouldBe(probabilities[row], 1e-5f);
            list.Strategy.ShouldBe(AnswerSource.Model);
        }
    }

    [Fact]
    public void Strangers_are_answered_by_their_features_and_unread_ones_are_named()
    {
        using var recommender = Train("fm").Recommender;

        var odd = recommender.Recommend(new Request { Features = new Dictionary<string, string> { ["parity"] = "odd" } }, 5);
        var even = recommender.Recommend(new Request { Features = new Dictionary<string, string> { ["user.parity"] = "even" } }, 5);
        var unread = recommender.Recommend(new Request { Features = new Dictionary<string, string> { ["color"] = "red" } }, 5);

        odd.Strategy.ShouldBe(AnswerSource.Content);
        var together = recommender.RecommendAll([new Request { Features = new Dictionary<string, string> { ["parity"] = "odd" } }, new Request { Features = new Dictionary<string, string> { ["parity"] = "even" } }], 5);
        together.Select(list => list.Items.Select(item => item.Item)).ShouldBe([odd.Items.Select(item => item.Item), even.Items.Select(item => item.Item)]);
        together.ShouldAllBe(list => list.Strategy == AnswerSource.Content);
        odd.Items.Select(item => item.Item).ShouldNotBe(even.Items.Select(item => item.Item));
        unread.Strategy.ShouldBe(AnswerSource.Popularity);
        unread.Notes.ShouldContain(note => note.Contains("color", StringComparison.Ordinal) && note.Contains("parity", StringComparison.Ordinal));
    }

    private static (Split Split, IRecommender Recommender) Train(string system)
    {
        var split = SplitterSyntax.Parse("random(test=0.2,validation=0.1)").Apply(Rows.Data(), 1);
        ModelOptions options = system == "fm"
            ? new Tastemaker.Models.Baselines.FactorizationMachineOptions { Dimension = 4, Epochs = 3, Fields = ["user", "parity", "tags", "price", "hour", "history(last=5)"] }
            : new Tastemaker.Models.Mlp.WideAndDeepOptions { Dimension = 4, Hidden = [8], Epochs = 3, Crosses = ["cross(parity,tags)", "cross(hour,item,hash=30)"] };
        return (split, Recommender.Train(system, split, options, new TrainingOptions { Threads = 1, Metric = "auc" }, cancellation: TestContext.Current.CancellationToken));
    }

    private static float[] Clicks(IRecommender recommender, Dataset rows)
    {
        var probabilities = new float[rows.Interactions.Count];
        recommender.As<IClickPredictor>()!.PredictClicks(rows, probabilities);
        return probabilities;
    }
}
