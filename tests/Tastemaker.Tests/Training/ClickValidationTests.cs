using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Training;

namespace Tastemaker.Tests.Training;

[Collection(nameof(SerialTorch))]
public sealed class ClickValidationTests
{
    private static readonly Split Labelled = Label(Toy.Checkerboard(), item => item % 2);

    /// <summary>Predicts one probability for odd items and an even chance for the others.</summary>
    private sealed class Clicker(Model model, TrainingSet train, Func<float> odd) : ToyRecommender(model, train), IClickPredictor
    {
        public void PredictClicks(Dataset impressions, Span<float> probabilities)
        {
            for (var row = 0; row < probabilities.Length; row++)
            {
                probabilities[row] = impressions.Interactions.Items[row] % 2 == 1 ? odd() : 0.5f;
            }
        }
    }

    private sealed class Counter : ITrainingObserver
    {
        public int Epochs { get; private set; }

        public void On(TrainingEvent trainingEvent) => Epochs += trainingEvent is TrainingEvent.EpochCompleted ? 1 : 0;
    }

    [Fact]
    public void Auto_is_auc_for_click_predictors_on_labelled_rows_and_ndcg_else()
    {
        using var ranker = new ToyRecommender(Toy.Model(), Labelled.Train);
        using var clicker = new Clicker(Toy.Model(), Labelled.Train, () => 0.5f);
        var options = new TrainingOptions();

        Validation.Resolve(options, clicker, Labelled).Metric.ShouldBe("auc");
        Validation.Resolve(options, ranker, Labelled).Metric.ShouldBe("ndcg@10");
        Validation.Resolve(options, clicker, Toy.Checkerboard()).Metric.ShouldBe("ndcg@10");
        Validation.Resolve(options with { Metric = "logloss" }, clicker, Labelled).Metric.ShouldBe("logloss");
    }

    [Theory]
    [InlineData("auc")]
    [InlineData("logloss")]
    public void Epochs_are_chosen_by_click_metrics_and_training_stops_early(string metric)
    {
        // Odd items are the positives: epoch 2 is best, and patience ends before a still better one would come.
        float[] script = [0.5f, 0.3f, 0.9f, 0.4f, 0.3f, 0.99f];
        var counter = new Counter();
        var model = Toy.Model(ToyOptions.Quick with { Epochs = 6 });
        using var clicker = new Clicker(model, Labelled.Train, () => script[counter.Epochs]);

        var end = new Trainer(new TrainingOptions { Threads = 1, Metric = metric, Patience = 2 }, [counter])
            .Train(model, Labelled, clicker, null, TestContext.Current.CancellationToken);

        (end.BestEpoch, end.Reason).ShouldBe((2, TrainingEnd.StoppedEarly));
    }

    [Fact]
    public void A_validation_part_of_one_class_cannot_choose_by_auc()
    {
        var split = Label(Toy.Checkerboard(), _ => 1);
        var model = Toy.Model();
        using var clicker = new Clicker(model, split.Train, () => 0.5f);

        Should.Throw<InputException>(() => new Trainer(new TrainingOptions { Threads = 1, Metric = "auc" }, []).Train(model, split, clicker, null, CancellationToken.None))
            .Message.ShouldContain("no row has label 0");
    }

    private static Split Label(Split split, Func<int, float> label)
    {
        int[] items = [.. Enumerable.Range(0, 50)];
        var rows = split.Train.Data.Restrict([], "held out", shrink: false) with { IsLabelled = true };
        var impressions = rows with { Interactions = new Interactions(items, items, [.. items.Select(label)]) };
        return split with { Validation = split.Validation! with { Impressions = impressions }, Test = split.Test with { Impressions = impressions } };
    }
}
