using System.Diagnostics;
using Tastemaker.Batches;
using Tastemaker.Bench.Measuring.Plain;
using Tastemaker.Data;
using Tastemaker.Options;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Bench.Measuring;

/// <summary>Takes the training step of one system apart.</summary>
internal static class StepRun
{
    private const int Prepared = 32; // batches made beforehand, enough that one's rows have left the cache before it comes again

    /// <summary>Measures a system.</summary>
    /// <param name="system">The system.</param>
    /// <param name="options">Its hyper-parameters, batch size and optimizer among them.</param>
    /// <param name="train">What it learns from.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="seconds">About how long to measure each part.</param>
    /// <exception cref="InputException">The system is not trained by gradient steps.</exception>
    public static StepMeasurement Measure(SystemInfo system, ModelOptions options, TrainingSet train, int threads, double seconds)
    {
        manual_seed(1);
        options = system.Resolve(options, train);
        using var model = system.Make(options, train);
        var run = new TrainingOptions { Threads = threads };
        using var training = model.Begin(train, run);
        return (training, options) switch
        {
            (GradientTraining<PointwiseBatch> pointwise, GradientModelOptions given) => Of(system.Id, model, pointwise, given, train, run, seconds),
            (GradientTraining<UserRowBatch> rows, GradientModelOptions given) => Of(system.Id, model, rows, given, train, run, seconds),
            (GradientTraining<PairwiseBatch> pairs, GradientModelOptions given) => Of(system.Id, model, pairs, given, train, run, seconds),
            (GradientTraining<SequenceBatch> sequences, GradientModelOptions given) => Of(system.Id, model, sequences, given, train, run, seconds),
            (GradientTraining<SessionBatch> sessions, GradientModelOptions given) => Of(system.Id, model, sessions, given, train, run, seconds),
            _ => throw new InputException($"{system.Name} is not trained by steps on batches; measure it with the command 'end-to-end'."),
        };
    }

    private static StepMeasurement Of<TBatch>(
        string system, Model model, GradientTraining<TBatch> training, GradientModelOptions options, TrainingSet train, TrainingOptions run, double seconds)
        where TBatch : Batch
    {
        PeakMemory.Reset();
        model.train();
        using var batches = training.Source.Epoch(new SeededRandom(1)).GetEnumerator();
        TBatch[] prepared = [.. Take(batches, Prepared)];
        var batch = prepared.OrderBy(Size).ElementAt(prepared.Length / 2); // batches of sequences differ in length
        var trainer = new TrainerSteps(training, train, run);
        using var bare = new BareSteps<TBatch>(model, training.Loss, options, [batch]);
        using var fresh = new BareSteps<TBatch>(model, training.Loss, options, prepared);
        using var plain = PlainLoops.Of(options, train, batch);
        const int rounds = 5;
        for (var round = 0; round <= rounds; round++)
        {
            if (round == 1)
            {
                trainer.Forget(); // the first round warmed everything up
                bare.Forget();
                fresh.Forget();
                plain?.Forget();
            }

            trainer.Run(seconds / rounds);
            bare.Run(seconds / rounds);
            fresh.Run(seconds / rounds);
            plain?.Run(seconds / rounds);
        }

        return new StepMeasurement
        {
            System = system,
            BatchSize = batch.Count,
            StepsAnEpoch = training.StepsPerEpoch,
            Trainer = trainer.Seconds,
            Bare = bare.Seconds,
            Fresh = fresh.Seconds,
            Forward = bare.Forward,
            Backward = bare.Backward,
            Update = bare.Update,
            Build = BuildSeconds(training.Source),
            Plain = plain?.Seconds,
            Operations = StepOperations.Of(model, batch),
            ManagedBytes = trainer.ManagedBytes,
            PeakBytes = PeakMemory.Bytes(),
        };
    }

    private static int Size(Batch batch) => batch is SequenceBatch sequences ? sequences.ItemBuffer.Count : 0;

    private static IEnumerable<TBatch> Take<TBatch>(IEnumerator<TBatch> batches, int count)
    {
        for (var taken = 0; taken < count && batches.MoveNext(); taken++)
        {
            yield return batches.Current;
        }
    }

    private static double BuildSeconds<TBatch>(IBatchSource<TBatch> source)
        where TBatch : Batch
    {
        var times = new Samples();
        for (ulong epoch = 0; epoch < 20 && times.Count < 200; epoch++)
        {
            using var batches = source.Epoch(new SeededRandom(2, epoch)).GetEnumerator();
            batches.MoveNext(); // the first also pays for the shuffle
            batches.Current.Dispose();
            for (var start = Stopwatch.GetTimestamp(); times.Count < 200 && batches.MoveNext(); start = Stopwatch.GetTimestamp())
            {
                batches.Current.Dispose();
                times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }

        return times.Median;
    }
}
