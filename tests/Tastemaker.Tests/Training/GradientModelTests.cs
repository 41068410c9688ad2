using Tastemaker.Inputs;
using Tastemaker.Options;
using Tastemaker.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Training;

[Collection(nameof(SerialTorch))]
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

    [Theory]
    [InlineData(RowUpdates.Whole)]
    [InlineData(RowUpdates.Touched)]
    public void Steps_leave_no_tensors_and_little_garbage_behind(RowUpdates rows)
    {
        manual_seed(1);
        var (tensors, bytes) = (new List<long>(), new List<long>());
        using var model = new ToyModel(ToyOptions.Quick with { BatchSize = 2, ClipNorm = 1 }, new ModelShape(50, 50))
        {
            StepDone = _ =>
            {
                tensors.Add(Tensor.TotalCount);
                bytes.Add(GC.GetAllocatedBytesForCurrentThread());
            },
        };

        Losses(model, 2, new TrainingOptions { RowUpdates = rows });

        tensors.Count.ShouldBe(2000);
        tensors[^1].ShouldBeLessThanOrEqualTo(tensors[99]); // fewer where a finalizer freed what another test left
        ((bytes[^1] - bytes[^201]) / 200).ShouldBeLessThan(20_000); // small wrappers of tensors; a batch's numbers are not copied to the heap
    }

    [Fact]
    public void The_step_size_rises_then_follows_the_schedule()
    {
        var size = new LearningRates(LearningRateSchedule.Linear, 4, 12);

        size.At(0).ShouldBe(0.25);
        size.At(3).ShouldBe(1);
        size.At(4).ShouldBe(1);
        size.At(8).ShouldBe(0.5);
        size.At(12).ShouldBe(0);
        size.At(99).ShouldBe(0);
        new LearningRates(LearningRateSchedule.Cosine, 0, 10).At(5).ShouldBe(0.5, 1e-12);
        new LearningRates(LearningRateSchedule.Constant, 0, 10).At(9).ShouldBe(1);
    }

    internal static double[] Losses(Model model, int epochs, TrainingOptions? options = null)
    {
        var train = Toy.Checkerboard().Train;
        options ??= new TrainingOptions();
        using var modelTraining = model.Begin(train, options);
        return [.. Enumerable.Range(0, epochs).Select(epoch =>
            modelTraining.RunEpoch(new EpochContext(train, epoch, options, (_, _, _, _) => { }, CancellationToken.None))!.Value)];
    }
}
