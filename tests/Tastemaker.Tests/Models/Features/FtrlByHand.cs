using Tastemaker.Data;
using Tastemaker.Features;
using Tastemaker.Inputs;
using Tastemaker.Models.Mlp;

namespace Tastemaker.Tests.Models.Features;

/// <summary>Logistic regression by FTRL-Proximal in doubles, with dictionaries for weights, on the batches that a model would see.</summary>
internal static class FtrlByHand
{
    /// <summary>Trains, and gives the logits of the first 200 rows.</summary>
    public static double[] Train(WideAndDeep model, Dataset data, WideAndDeepOptions options, int epochs)
    {
        var space = model.Shape.Features!;
        var (z, n) = (new Dictionary<(int, int), double>(), new Dictionary<(int, int), double>());
        double bias = 0, biasSquares = 0;
        double Weight((int, int) feature)
        {
            var state = z.GetValueOrDefault(feature);
            return Math.Abs(state) <= options.WideL1 ? 0
                : -(state - (Math.Sign(state) * options.WideL1)) / ((options.WideBeta + Math.Sqrt(n.GetValueOrDefault(feature))) / options.WideLearningRate);
        }

        var train = new TrainingSet(data);
        var rows = Features(space, data);
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            // The order of the rows is that of the source: the stream of the epoch shuffles row numbers.
            int[] order = [.. Enumerable.Range(0, data.Interactions.Count)];
            Context(train, epoch).Random().Shuffle<int>(order);
            foreach (var chunk in order.Chunk(options.ExamplesPerUpdate))
            {
                var gradients = new Dictionary<(int, int), double>();
                var biasGradient = 0.0;
                foreach (var row in chunk)
                {
                    var logit = bias + rows[row].Sum(feature => feature.Value * Weight(feature.Key));
                    var error = ((1 / (1 + Math.Exp(-logit))) - data.Interactions.Values[row]) / chunk.Length;
                    biasGradient += error;
                    foreach (var (feature, value) in rows[row])
                    {
                        gradients[feature] = gradients.GetValueOrDefault(feature) + (error * value);
                    }
                }

                foreach (var (feature, gradient) in gradients)
                {
                    var (w, before) = (Weight(feature), n.GetValueOrDefault(feature));
                    var sigma = (Math.Sqrt(before + (gradient * gradient)) - Math.Sqrt(before)) / options.WideLearningRate;
                    z[feature] = z.GetValueOrDefault(feature) + gradient - (sigma * w);
                    n[feature] = before + (gradient * gradient);
                }

                biasSquares += biasGradient * biasGradient;
                bias -= options.LearningRate * biasGradient / Math.Sqrt(biasSquares + 1e-6);
            }
        }

        return [.. rows.Take(200).Select(row => bias + row.Sum(feature => feature.Value * Weight(feature.Key)))];
    }

    private static Tastemaker.Training.EpochContext Context(TrainingSet train, int epoch) =>
        new(train, epoch, new Options.TrainingOptions { Threads = 1 }, (_, _, _, _) => { }, CancellationToken.None);

    // Every active feature of a row: (field, index) with its weight; fields that the wide part sees.
    private static List<Dictionary<(int, int), double>> Features(FeatureSpace space, Dataset data)
    {
        var (schema, contexts, all) = (space.Schema, space.Contexts(data), new List<Dictionary<(int, int), double>>());
        for (var row = 0; row < data.Interactions.Count; row++)
        {
            var parts = new RowParts(space.Users, data.Interactions.Users[row], space.Items, data.Interactions.Items[row], contexts, row, []);
            var categories = new int[schema.Categories.Count];
            space.Reader.Categories(parts, categories);
            var features = new Dictionary<(int, int), double>();
            for (var field = 0; field < categories.Length; field++)
            {
                if (!schema.Hidden.Contains(schema.Categories[field].Name))
                {
                    features[(field, categories[field])] = 1;
                }
            }

            for (var field = 0; field < schema.Many.Count; field++)
            {
                var (indexes, weights) = (new List<int>(), new List<float>());
                space.Reader.Many(parts, field, categories, indexes, weights);
                for (var entry = 0; entry < indexes.Count; entry++)
                {
                    features[(100 + field, indexes[entry])] = features.GetValueOrDefault((100 + field, indexes[entry])) + weights[entry];
                }
            }

            all.Add(features);
        }

        return all;
    }
}
