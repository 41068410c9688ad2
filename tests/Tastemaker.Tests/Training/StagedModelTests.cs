using Tastemaker.Data;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Training;
using Tastemaker.Training.Batches;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Training;

[Collection(nameof(SerialTorch))]
public sealed class StagedModelTests
{
    /// <summary>Trains the user vectors in epochs 0 and 1 with Adam, then the item vectors with SGD.</summary>
    private sealed class Staged : GradientModel<PairwiseBatch>
    {
        private readonly EmbeddingTable users = new(50, 4, weights => nn.init.normal_(weights, 0, 0.3));
        private readonly EmbeddingTable items = new(50, 4, weights => nn.init.normal_(weights, 0, 0.3));
        private int epoch;

        public Staged()
            : base("staged", new ModelShape(50, 50), new ToyOptions { Epochs = 4 }) => RegisterComponents();

        public float[] UserWeights => [.. users.Weight.data<float>()];

        public float[] ItemWeights => [.. items.Weight.data<float>()];

        public override Tensor Loss(PairwiseBatch batch)
        {
            var user = users.forward(batch.Users);
            var margin = (user * (items.forward(batch.Positives) - items.forward(batch.Negatives).squeeze(1))).sum(1);
            return nn.functional.softplus(-margin).mean();
        }

        protected override IBatchSource<PairwiseBatch> Batches(TrainingSet train) => new PairwiseSource(train, 100);

        protected override Tensor Score(RequestBatch requests) => users.Weight.matmul(items.Weight.t());

        protected override void OnEpochStarting(int epoch, SeededRandom random)
        {
            this.epoch = epoch;
            UseOptimizer(epoch < 2 ? OptimizerKind.Adam : OptimizerKind.Sgd, 0.1, epoch < 2 ? "users" : "items");
        }

        protected override IEnumerable<Parameter> Trainable() => [epoch < 2 ? users.Weight : items.Weight];
    }

    [Fact]
    public void Each_stage_changes_its_own_parameters_only()
    {
        var train = Toy.Checkerboard().Train;
        manual_seed(3);
        using var model = new Staged();
        model.BeginTraining(train, new TrainingOptions());
        var (users, items) = (model.UserWeights, model.ItemWeights);

        Run(model, train, 0, 1);
        model.ItemWeights.ShouldBe(items);
        model.UserWeights.ShouldNotBe(users);

        users = model.UserWeights;
        Run(model, train, 2, 3);
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
        one.BeginTraining(train, new TrainingOptions());
        Run(one, train, [.. Enumerable.Range(0, finished)]);

        two.BeginTraining(train, new TrainingOptions());
        two.Restore(one.State());
        two.RestoreTraining(one.TrainingState().ToDictionary(pair => pair.Key, pair => pair.Value.clone()));
        Run(one, train, [.. Enumerable.Range(finished, 4 - finished)]);
        Run(two, train, [.. Enumerable.Range(finished, 4 - finished)]);

        two.UserWeights.ShouldBe(one.UserWeights);
        two.ItemWeights.ShouldBe(one.ItemWeights);
    }

    private static void Run(Staged model, TrainingSet train, params int[] epochs)
    {
        foreach (var epoch in epochs)
        {
            model.TrainEpoch(new EpochContext(train, epoch, new TrainingOptions(), (_, _, _, _) => { }, CancellationToken.None));
        }
    }
}
