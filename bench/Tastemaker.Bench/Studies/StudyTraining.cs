using System.Globalization;
using Tastemaker.Data;
using Tastemaker.Options;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Bench.Studies;

/// <summary>Trains a model on generated data and measures it.</summary>
internal static class StudyTraining
{
    /// <summary>The figures after the best epoch.</summary>
    /// <param name="seed">Seed of weights and batches.</param>
    /// <param name="train">The data.</param>
    /// <param name="make">Makes the model.</param>
    /// <param name="begin">Begins its training; null for the model's own.</param>
    /// <param name="validate">An error on the validation part.</param>
    /// <param name="measure">What is measured where that is the least so far.</param>
    public static T Best<T>(ulong seed, TrainingSet train, Func<Model> make, Func<Model, TrainingOptions, ITraining>? begin, Func<Model, double> validate, Func<Model, T> measure)
    {
        var best = (Error: double.PositiveInfinity, Found: default(T)!);
        Train(seed, train, make, begin, (model, epoch) =>
        {
            if (epoch >= model.Plan.FirstMeasured && validate(model) is var error && error < best.Error)
            {
                best = (error, measure(model));
            }
        });
        return best.Found;
    }

    /// <summary>The figures after the last epoch, whose number is fixed.</summary>
    /// <param name="seed">Seed of weights and batches.</param>
    /// <param name="train">The data.</param>
    /// <param name="make">Makes the model.</param>
    /// <param name="begin">Begins its training; null for the model's own.</param>
    /// <param name="measure">What is measured.</param>
    public static T Last<T>(ulong seed, TrainingSet train, Func<Model> make, Func<Model, TrainingOptions, ITraining>? begin, Func<Model, T> measure)
    {
        var found = default(T)!;
        Train(seed, train, make, begin, (model, epoch) => found = epoch == model.Plan.Epochs - 1 ? measure(model) : found);
        return found;
    }

    private static void Train(ulong seed, TrainingSet train, Func<Model> make, Func<Model, TrainingOptions, ITraining>? begin, Action<Model, int> ended)
    {
        manual_seed((long)seed);
        using var model = make();
        var run = new TrainingOptions { Seed = seed };
        using var training = begin?.Invoke(model, run) ?? model.Begin(train, run);
        for (var epoch = 0; epoch < model.Plan.Epochs; epoch++)
        {
            model.train();
            training.RunEpoch(new EpochContext(train, epoch, run, (_, _, _, _) => { }, CancellationToken.None));
            model.eval();
            ended(model, epoch);
        }
    }
}

/// <summary>Figures of several runs by name, in the order in which the names came.</summary>
/// <param name="log">Receives each as it comes.</param>
internal sealed class StudyFigures(TextWriter log)
{
    private readonly OrderedDictionary<string, List<double[]>> figures = [];

    /// <summary>Adds the figures of a run.</summary>
    public void Add(ulong seed, string name, params double[] of)
    {
        log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}, {name}: {string.Join(", ", of.Select(CandidateStudy.Text))}"));
        figures.TryAdd(name, []);
        figures[name].Add(of);
    }

    /// <summary>The mean of a column.</summary>
    public double Mean(string name, int column = 0) => figures[name].Average(of => of[column]);

    /// <summary>The values of a column, seed by seed.</summary>
    public IReadOnlyList<double> Values(string name, int column = 0) => [.. figures[name].Select(of => of[column])];

    /// <summary>The rows of a table: means with the least and largest value; of figures that are none, nothing.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Rows() =>
        [.. figures.Select(row => (IReadOnlyList<string>)[row.Key, .. Enumerable.Range(0, row.Value[0].Length).Select(column => double.IsNaN(row.Value[0][column]) ? "" : CandidateStudy.Range(row.Value.Select(of => of[column])))])];
}
