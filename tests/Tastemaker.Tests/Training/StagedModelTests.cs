using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Training;

[Collection(nameof(SerialTorch))]
public sealed class StagedModelTests
{
    /// <summary>Trains the user vectors in epochs 0 and 1 with Adam, then the item vectors with SGD.</summary>
    private sealed class Staged : Model
    {
        private readonly EmbeddingTable users = new(50, 4, weights => nn.init.normal_(weights, 0, 0.3));
        private readonly EmbeddingTable items = new(50, 4, weights => nn.init.normal_(weights, 0, 0.3));

        public Staged()
            : base("staged", new ModelShape(50, 50), new ToyOptions { Epochs = 4 }) => RegisterComponents();

        public override EpochPlan Plan => new(4);

        public override Scorer Scorer => field ??= new CatalogScorer(_ => users.Weight.matmul(items.Weight.t()));

        public override GradientTraining<PairwiseBatch> Begin(TrainingSet train, TrainingOptions run)
        {
            var second = false;
            return new(this, (ToyOptions)HyperParameters, run, new PairwiseSource(train, 100), Loss)
            {
                Trainable = () => [second ? items.Weight : users.Weight],
                StageOf = epoch => (second = epoch >= 2)
                    ? new GradientStage<PairwiseBatch>("items", OptimizerKind.Sgd, 0.1, 0)
                    : new GradientStage<PairwiseBatch>("users", OptimizerKind.Adam, 0.1, 0),
            };
        }

        public float[] UserWeights => [.. users.Weight.data<float>()];

        public float[] ItemWeights => [.. items.Weight.data<float>()];

        private Tensor Loss(PairwiseBatch batch)
        {
            var user = users.forward(batch.Users);
            var margin = (user * (items.forward(batch.Positives) - items.forward(batch.Negatives).squeeze(1))).sum(1);
            return nn.functional.softplus(-margin).mean();
        }
    }

    [Fact]
    public void Each_stage_changes_its_own_parameters_only()
    {
        var train = Toy.Checkerboard().Train;
        manual_seed(3);
        using var model = new Staged();
        using var modelTraining = model.Begin(train, new TrainingOptions());
        var (users, items) = (model.UserWeights, model.ItemWeights);

        Run(modelTraining, train, 0, 1);
        model.ItemWeights.ShouldBe(items);
        model.UserWeights.ShouldNotBe(users);

        users = model.UserWeights;
        Run(modelTraining, train, 2, 3);
        model.UserWeights.ShouldBe(users);
        model.ItemWeights.ShouldNotBe(items);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)] // the saved moments are of the stage before, and must not be taken
    [InlineData(3)]
    public void Resuming_inside_or_between_stages_equals_going_on(int finished)
    {
        var train = Toy.Checkerboard().Train;
        manual_seed(3);
        using var one = new Staged();
        using var two = new Staged();
        using var oneTraining = one.Begin(train, new TrainingOptions());
        Run(oneTraining, train, [.. Enumerable.Range(0, finished)]);

        using var twoTraining = two.Begin(train, new TrainingOptions());
        two.Restore(one.State());
        twoTraining.Restore(oneTraining.State().ToDictionary(pair => pair.Key, pair => pair.Value.clone()));
        Run(oneTraining, train, [.. Enumerable.Range(finished, 4 - finished)]);
        Run(twoTraining, train, [.. Enumerable.Range(finished, 4 - finished)]);

        two.UserWeights.ShouldBe(one.UserWeights);
        two.ItemWeights.ShouldBe(one.ItemWeights);
    }

    private static void Run(GradientTraining<PairwiseBatch> training, TrainingSet train, params int[] epochs)
    {
        foreach (var epoch in epochs)
        {
            training.RunEpoch(new EpochContext(train, epoch, new TrainingOptions(), (_, _, _, _) => { }, CancellationToken.None));
        }
    }
}
