using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Evaluation.Metrics;
using Tastemaker.Inputs;
using Tastemaker.Models;
using Tastemaker.Options;
using Tastemaker.Training;
using TorchSharp;

namespace Tastemaker.Tests.Models.Features;

/// <summary>
/// Labelled rows of a few categories whose logit is planted: a weight a value, a product of vectors a pair of fields, and, where asked for, a sign
/// that is the product of three signs, which no single value and no pair says anything of.
/// </summary>
internal sealed class PlantedOrders
{
    private const int Fields = 4;
    private const int Dimension = 3;

    /// <summary>Training rows and test rows of fields with <paramref name="distinct"/> values each.</summary>
    public PlantedOrders(int trainRows, int testRows, int distinct, bool parity)
    {
        var random = new SeededRandom(11);
        var weights = Normals(random, Fields * distinct, 0.4);
        var vectors = Normals(random, Fields * distinct * Dimension, 0.7);
        int[] signs = [.. Enumerable.Range(0, Fields * distinct).Select(_ => (2 * random.Next(2)) - 1)];
        Train = Rows(random, trainRows);
        Test = Rows(random, testRows);

        Dataset Rows(SeededRandom random, int rows)
        {
            var (values, labels) = (new int[Fields][], new float[rows]);
            for (var field = 0; field < Fields; field++)
            {
                values[field] = [.. Enumerable.Range(0, rows).Select(_ => random.Next(distinct))];
            }

            for (var row = 0; row < rows; row++)
            {
                int[] features = [.. Enumerable.Range(0, Fields).Select(field => (field * distinct) + values[field][row])];
                var logit = features.Sum(feature => weights[feature]) + (parity ? 1.5 * signs[features[0]] * signs[features[1]] * signs[features[2]] : 0);
                for (var one = 0; one < Fields; one++)
                {
                    for (var other = 0; other < one; other++)
                    {
                        logit += Enumerable.Range(0, Dimension).Sum(k => vectors[(features[one] * Dimension) + k] * vectors[(features[other] * Dimension) + k]);
                    }
                }

                labels[row] = random.NextDouble() < 1 / (1 + Math.Exp(-logit)) ? 1 : 0;
            }

            var names = new Vocabulary(Enumerable.Range(0, distinct).Select(value => $"v{value}"));
            return new Dataset
            {
                Name = "planted",
                Users = new Vocabulary(["all"]),
                Items = new Vocabulary(["all"]),
                Interactions = new Interactions(new int[rows], new int[rows], labels, null),
                InteractionFeatures = new FeatureTable(rows, [.. values.Select((column, field) => new CategoricalColumn($"f{field}", names, column))]),
                IsLabelled = true,
            };
        }
    }

    /// <summary>Rows to learn from.</summary>
    public Dataset Train { get; }

    /// <summary>Rows to predict.</summary>
    public Dataset Test { get; }

    /// <summary>The area under the curve of a system on the test rows, after training.</summary>
    public double Auc<TOptions>(Func<ModelShape, TOptions, FeatureModel> create, TOptions options)
        where TOptions : FeatureModelOptions
    {
        torch.manual_seed(3);
        var train = new TrainingSet(Train);
        using var model = create(ModelShape.Of(train).With(Tastemaker.Inputs.Fields.Named.Fit(train, options)), options);
        var training = new TrainingOptions { Threads = 1 };
        using var modelTraining = model.Begin(train, training);
        for (var epoch = 0; epoch < model.Plan.Epochs; epoch++)
        {
            modelTraining.RunEpoch(new EpochContext(train, epoch, training, (_, _, _, _) => { }, TestContext.Current.CancellationToken));
        }

        modelTraining.Dispose();
        model.eval();
        using var noGrad = torch.no_grad();
        var predictions = new float[Test.Interactions.Count];
        model.PredictClicks(Test, train.ByUser, predictions);

        return PairMetrics.Auc([.. Test.Interactions.Values.ToArray().Select(label => label > 0)], predictions);
    }

    private static double[] Normals(SeededRandom random, int count, double deviation) => [.. Enumerable.Range(0, count).Select(_ => deviation * random.NextGaussian())];
}
