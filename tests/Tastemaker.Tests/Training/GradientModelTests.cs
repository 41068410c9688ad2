using Tastemaker.Options;
using Tastemaker.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Training;

public sealed class GradientModelTests
{
    [Theory]
    [InlineData(OptimizerKind.Sgd, 1.0, RowUpdates.Whole)]
    [InlineData(OptimizerKind.Adagrad, 0.05, RowUpdates.Touched)]
    [InlineData(OptimizerKind.Adam, 0.02, RowUpdates.Whole)]
    [InlineData(OptimizerKind.AdamW, 0.02, RowUpdates.Touched)]
    public void Loss_falls(OptimizerKind optimizer, double rate, RowUpdates rows)
    {
        using var model = Toy.Model(new ToyOptions { Epochs = 30, BatchSize = 64, LearningRate = rate, Optimizer = optimizer, Momentum = 0.5 });

        var losses = Losses(model, 30, new TrainingOptions { RowUpdates = rows });

        losses[0].ShouldBeGreaterThan(0.5);
        losses[^1].ShouldBeLessThan(0.3);
    }

    [Fact]
    public void A_loss_that_is_not_a_number_names_system_epoch_step_and_remedy()
    {
        manual_seed(1);
        var steps = 0;
        using var model = new ToyModel(ToyOptions.Quick, new ModelShape(50, 50)) { Tamper = loss => ++steps == 3 ? loss * float.NaN : loss };

        var error = Should.Throw<InputException>(() => Losses(model, 1));

        error.Message.ShouldContain("'toy'");
        error.Message.ShouldContain("epoch 1, step 3");
        error.Message.ShouldContain("learning rate");
    }

    internal static double[] Losses(Model model, int epochs, TrainingOptions? options = null)
    {
        var train = Toy.Checkerboard().Train;
        options ??= new TrainingOptions();
        model.BeginTraining(train, options);
        return [.. Enumerable.Range(0, epochs).Select(epoch =>
            model.TrainEpoch(new EpochContext(train, epoch, options, (_, _, _, _) => { }, CancellationToken.None))!.Value)];
    }
}
