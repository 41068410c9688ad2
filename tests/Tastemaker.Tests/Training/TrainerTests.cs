using Tastemaker.Data.Splits;
using Tastemaker.Options;
using Tastemaker.Training;
using Tastemaker.Training.Observers;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Training;

[Collection(nameof(SerialTorch))]
public sealed class TrainerTests : IDisposable
{
    private static readonly TrainingOptions Options = new() { Threads = 1, Metric = "score", Patience = 0, CheckpointSeconds = 0 };
    private readonly string folder = Path.Combine(Path.GetTempPath(), $"tastemaker-{Guid.NewGuid():N}");
    private readonly Split split = Toy.Checkerboard();

    public void Dispose()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Same_seed_same_weights_other_seed_other_weights()
    {
        var first = Train(Toy.Model());

        Train(Toy.Model()).ShouldBe(first);
        Train(Toy.Model(), Options with { Seed = 7 }).ShouldNotBe(first);
    }

    [Theory]
    [InlineData(1, OptimizerKind.Adam, RowUpdates.Whole)]
    [InlineData(2, OptimizerKind.Adam, RowUpdates.Touched)]
    [InlineData(1, OptimizerKind.Adagrad, RowUpdates.Touched)]
    [InlineData(3, OptimizerKind.Sgd, RowUpdates.Whole)]
    public void An_interrupted_and_resumed_run_equals_an_uninterrupted_one_bit_for_bit(int checkpointEvery, OptimizerKind optimizer, RowUpdates rows)
    {
        var options = Options with { CheckpointEvery = checkpointEvery, RowUpdates = rows };
        var system = ToyOptions.Quick with { Optimizer = optimizer, Momentum = 0.5, Schedule = LearningRateSchedule.Cosine, WarmupSteps = 5, WeightDecay = 1e-4 };
        var whole = Train(Toy.Model(system), options);

        var (interrupted, end) = TrainUntil(Toy.Model(system), options, epoch: 3, step: 2);
        end.Reason.ShouldBe(TrainingEnd.Interrupted);
        interrupted.ShouldNotBe(whole);

        CurveRecorder curves = new();
        Train(Toy.Model(system, seed: 99), options, folder, curves).ShouldBe(whole);
        curves.Epochs.Select(epoch => epoch.Epoch).ShouldBe([0, 1, 2, 3, 4, 5]);
    }

    [Fact]
    public void Short_epochs_are_saved_by_time_and_none_that_was_finished_is_lost()
    {
        var options = Options with { CheckpointSeconds = 3600 };
        var whole = Train(Toy.Model(), options);
        var saved = new List<int>();
        var (_, end) = TrainUntil(Toy.Model(), options, epoch: 3, step: 2);
        end.Reason.ShouldBe(TrainingEnd.Interrupted);
        Checkpoints().ShouldHaveSingleItem().ShouldContain("epoch-000003");

        Train(Toy.Model(seed: 99), options, folder, new Listener(e => saved.AddRange(e is TrainingEvent.CheckpointSaved one ? [one.Epoch] : []))).ShouldBe(whole);
        saved.ShouldBe([5]);
    }

    [Fact]
    public void Early_stopping_ends_after_patience_and_restores_the_best_epoch()
    {
        double[] script = [0.1, 0.5, 0.3, 0.2, 0.9, 0.9];
        float[]? atBest = null;
        var model = Toy.Model();
        var observer = new Listener(trainingEvent =>
        {
            if (trainingEvent is TrainingEvent.EpochCompleted { IsBest: true })
            {
                atBest = Weights(model);
            }
        });

        var end = Run(model, Options with { Patience = 2 }, script, null, CancellationToken.None, observer);

        (end.BestEpoch, end.BestMetric, end.Reason).ShouldBe((1, 0.5, TrainingEnd.StoppedEarly));
        Weights(model).ShouldBe(atBest);
        model.training.ShouldBeFalse();
    }

    [Theory]
    [InlineData(2, 1, 90)] // level for 12 epochs, which patience alone would not survive, then it learns
    [InlineData(2, 5, 90)] // measured every fifth epoch, it is the same number of epochs that counts
    public void A_plateau_at_the_start_does_not_end_a_run(int patience, int every, int planned)
    {
        double[] script = [.. Enumerable.Range(0, planned).Select(epoch => epoch < 12 ? 0.1 : 0.1 + (0.01 * Math.Min(epoch, 60)))];

        var end = Run(Toy.Model(ToyOptions.Quick with { Epochs = planned }), Options with { Patience = patience, ValidateEvery = every }, script, null, CancellationToken.None);

        end.BestEpoch.ShouldBeInRange(60, 64);
        end.Reason.ShouldBe(TrainingEnd.StoppedEarly); // a tenth of the epochs without improvement is enough once the best is known
    }

    [Theory]
    [InlineData(20, 3, 4)] // a fifth of 20 epochs
    [InlineData(20, 12, 13)] // patience, where it is longer
    [InlineData(6, 2, 3)]
    public void A_run_that_never_improves_ends_after_patience_and_a_fifth_of_the_planned_epochs(int planned, int patience, int expected)
    {
        var epochs = 0;
        var listener = new Listener(e => epochs += e is TrainingEvent.EpochCompleted ? 1 : 0);

        var end = Run(
            Toy.Model(ToyOptions.Quick with { Epochs = planned }), Options with { Patience = patience }, [.. Enumerable.Repeat(0.5, planned)], null, CancellationToken.None, listener);

        (end.Reason, epochs).ShouldBe((TrainingEnd.StoppedEarly, expected));
    }

    [Fact]
    public void The_end_of_a_run_says_what_its_course_tells_of_the_settings()
    {
        IReadOnlyList<string> Notes(int epochs, double[] script, int patience = 0) =>
            Run(Toy.Model(ToyOptions.Quick with { Epochs = epochs }), Options with { Patience = patience }, script, null, CancellationToken.None).Notes;
        double[] rising = [.. Enumerable.Range(1, 20).Select(epoch => (double)epoch)];
        double[] falling = [.. Enumerable.Range(1, 40).Select(epoch => 1.0 / epoch)];

        Notes(20, rising).ShouldContain(note => note.Contains("The best epoch is the last of 20", StringComparison.Ordinal));
        Notes(40, falling, patience: 3).ShouldContain(note => note.Contains("The best epoch is 1 of 40 planned, in the first tenth", StringComparison.Ordinal));
        Notes(1, [0.5]).ShouldHaveSingleItem().ShouldContain("updates, which is few");
        Notes(20, [.. rising.Select(value => Math.Min(value, 5))]).ShouldNotContain(note => note.Contains("best epoch", StringComparison.Ordinal));
    }

    [Fact]
    public void Errors_are_minimized_and_what_is_not_a_number_is_never_best()
    {
        Run(Toy.Model(), Options with { Metric = "rmse" }, [0.9, 0.7, double.NaN, 0.8, 0.71, 0.9], null, CancellationToken.None)
            .BestEpoch.ShouldBe(1);
        Run(Toy.Model(), Options, [double.NaN, 0.1, 0.2, 0.1, 0.1, 0.1], null, CancellationToken.None).BestEpoch.ShouldBe(2);
    }

    [Fact]
    public void Resuming_keeps_the_best_epoch_of_before()
    {
        double[] script = [0.1, 0.9, 0.3, 0.2, 0.4, 0.5];
        var model = Toy.Model();
        var whole = Run(model, Options, script, null, CancellationToken.None);
        var best = Weights(model);

        TrainUntil(Toy.Model(), Options, epoch: 4, step: 1, script);
        var resumed = Toy.Model(seed: 5);
        var end = Run(resumed, Options, script, folder, CancellationToken.None);

        (end.BestEpoch, end.BestMetric).ShouldBe((whole.BestEpoch, whole.BestMetric));
        Weights(resumed).ShouldBe(best);
    }

    [Fact]
    public void With_the_evaluator_the_checkerboard_is_learned_and_the_best_epoch_chosen()
    {
        var model = Toy.Model(ToyOptions.Quick with { Epochs = 25 });
        using var recommender = new ToyRecommender(model, split.Train);

        var end = new Trainer(Options with { Metric = "NDCG@5" }, []).Train(model, split, recommender, null, CancellationToken.None);

        end.BestMetric!.Value.ShouldBeGreaterThan(0.9); // by chance about 0.2: 5 targets among 30 candidates
    }

    [Theory]
    [InlineData("ndgc@10", "ndcg")]
    [InlineData("ndcg", "'ndcg@10'")]
    [InlineData("coverage@10", "describes")]
    public void A_metric_that_cannot_choose_is_refused_before_training(string metric, string remedy)
    {
        var started = false;
        var observer = new Listener(_ => started = true);

        Should.Throw<InputException>(() => new Trainer(Options with { Metric = metric }, [observer]).Train(Toy.Model(), split, null!, null, CancellationToken.None))
            .Message.ShouldContain(remedy);
        started.ShouldBeFalse();
    }

    [Fact]
    public void Without_validation_all_epochs_are_trained()
    {
        var end = new Trainer(Options with { Patience = 1 }, [])
            .Train(Toy.Model(), split with { Validation = null }, null!, null, CancellationToken.None);

        (end.BestEpoch, end.BestMetric, end.Reason).ShouldBe((5, null, TrainingEnd.Completed));
    }

    [Fact]
    public void A_finished_run_is_not_trained_again()
    {
        var first = Train(Toy.Model(), folder: folder);
        var epochs = 0;

        Train(Toy.Model(seed: 8), folder: folder, observer: new Listener(e => epochs += e is TrainingEvent.EpochCompleted ? 1 : 0)).ShouldBe(first);
        epochs.ShouldBe(0);
    }

    [Fact]
    public void A_damaged_checkpoint_is_passed_over_with_a_warning()
    {
        var whole = Train(Toy.Model());
        TrainUntil(Toy.Model(), Options, epoch: 4, step: 1);
        Damage(Checkpoints()[^1]);
        var warnings = new List<string>();

        Train(Toy.Model(), Options, folder, new Listener(e => warnings.AddRange(e is TrainingEvent.Warned warned ? [warned.Message] : []))).ShouldBe(whole);
        warnings.ShouldHaveSingleItem().ShouldContain("epoch-000004");
    }

    [Fact]
    public void When_all_checkpoints_are_damaged_the_error_says_what_to_do()
    {
        TrainUntil(Toy.Model(), Options, epoch: 4, step: 1);
        Checkpoints().Count.ShouldBe(2); // the newest two are kept
        Checkpoints().ForEach(Damage);

        Should.Throw<InputException>(() => Train(Toy.Model(), folder: folder)).Message.ShouldContain("Delete the folder");
    }

    [Fact]
    public void Checkpoints_of_other_options_or_data_are_refused_by_name()
    {
        TrainUntil(Toy.Model(), Options, epoch: 2, step: 1);

        var error = Should.Throw<InputException>(() => Train(Toy.Model(ToyOptions.Quick with { LearningRate = 0.5 }), Options with { Seed = 9 }, folder));
        error.Message.ShouldContain("model.LearningRate was 0.02 and is 0.5");
        error.Message.ShouldContain("training.Seed was 42 and is 9");

        Train(Toy.Model(), Options with { Threads = 2 }, folder).ShouldNotBeEmpty(); // speed is free to change
    }

    [Fact]
    public void Progress_comes_a_few_times_a_second_and_events_in_order()
    {
        var events = new List<TrainingEvent>();
        Train(Toy.Model(), folder: folder, observer: new Listener(events.Add));

        events[0].ShouldBeOfType<TrainingEvent.Started>().Parameters.ShouldBe((2 * 50 * 8) + 72);
        events.OfType<TrainingEvent.EpochCompleted>().Count().ShouldBe(6);
        events.OfType<TrainingEvent.CheckpointSaved>().Count().ShouldBe(6);
        events[^1].ShouldBeOfType<TrainingEvent.Finished>();
        var seconds = events.OfType<TrainingEvent.EpochCompleted>().Sum(epoch => epoch.Seconds);
        events.OfType<TrainingEvent.Progressed>().Count().ShouldBeLessThanOrEqualTo((int)(seconds * 5) + 1);
    }

    [Theory]
    [InlineData("tpu")]
    [InlineData("cuda:x")]
    [InlineData("cuda:99")]
    public void A_device_that_is_not_there_is_named(string device) =>
        Should.Throw<InputException>(() => Train(Toy.Model(), Options with { Device = device })).Message.ShouldContain($"'{device}'");

    private static void Damage(string checkpoint)
    {
        using var file = new FileStream(Path.Combine(checkpoint, "state.safetensors"), FileMode.Open);
        file.SetLength(file.Length / 2);
    }

    private static float[] Weights(Model model) => [.. model.State().OrderBy(pair => pair.Key).SelectMany(pair => pair.Value.data<float>().ToArray())];

    private List<string> Checkpoints() => [.. Directory.GetDirectories(folder).Order()];

    private float[] Train(ToyModel model, TrainingOptions? options = null, string? folder = null, ITrainingObserver? observer = null)
    {
        Run(model, options ?? Options, [1, 2, 3, 4, 5, 6], folder, CancellationToken.None, observer is null ? [] : [observer]);
        return Weights(model);
    }

    /// <summary>Cancels at a step of an epoch (from 0), with checkpoints.</summary>
    private (float[] Weights, TrainingEvent.Finished End) TrainUntil(ToyModel model, TrainingOptions options, int epoch, int step, double[]? script = null)
    {
        using var source = new CancellationTokenSource();
        var steps = 0;
        model.StepDone = _ =>
        {
            if (++steps == (epoch * model.StepsPerEpoch) + step)
            {
                source.Cancel();
            }
        };
        var end = Run(model, options, script ?? [1, 2, 3, 4, 5, 6], folder, source.Token);
        return (Weights(model), end);
    }

    private TrainingEvent.Finished Run(
        ToyModel model, TrainingOptions options, double[] script, string? folder, CancellationToken cancellation, params ITrainingObserver[] observers)
    {
        var epoch = 0;
        var listener = new Listener(e => epoch = e switch
        {
            TrainingEvent.Started started => started.FirstEpoch,
            TrainingEvent.EpochCompleted completed => completed.Epoch + 1,
            _ => epoch,
        });
        EvaluateModel measure = (_, _, _) => new Dictionary<string, double> { [options.Metric] = script[epoch] };
        using var recommender = new ToyRecommender(model, split.Train);
        return new Trainer(options, [listener, .. observers], measure).Train(model, split, recommender, folder, cancellation);
    }
}
