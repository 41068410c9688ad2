using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models.Autoencoders;
using Tastemaker.Models.Autoregressive;
using Tastemaker.Models.Boltzmann;
using Tastemaker.Onnx.Graphs;
using Tastemaker.Options;
using Tastemaker.Training;

namespace Tastemaker.Onnx.Systems;

/// <summary>
/// Systems that read rows of ratings. Where a row is a user, the history is encoded; where it is an item, the items' codes are constants and the
/// user chooses what they are decoded with. Items without a training rating are predicted the mean of all.
/// </summary>
internal static class RatingGraphs
{
    public static OnnxValue UserAutoRec(GraphSource source) => OfHistories(source, AutoRecCode(source), "decoder.weight", "decoder.bias", x => x, 1, AutoRecLink(source));

    public static OnnxValue ItemAutoRec(GraphSource source) => OfUsers(source, x => x, "decoder.weight", "decoder.bias", 1, AutoRecLink(source));

    public static OnnxValue UserRbm(GraphSource source) => OfHistories(source, RbmInput(source), "weights.weight", "bias", x => RbmHidden(source, x), Levels(source), Expectation(source));

    public static OnnxValue ItemRbm(GraphSource source) => OfUsers(source, x => RbmHidden(source, x), "weights.weight", "bias", Levels(source), Expectation(source));

    public static OnnxValue UserNade(GraphSource source) => OfHistories(source, NadeCode(source), "output", "outputBias", x => NadeHidden(source, x), Levels(source), Expectation(source), SharesWeights(source));

    public static OnnxValue ItemNade(GraphSource source) => OfUsers(source, x => NadeHidden(source, x), "output", "outputBias", Levels(source), Expectation(source), SharesWeights(source));

    // g(V r + mu), layer by layer.
    private static OnnxValue AutoRecCode(GraphSource source)
    {
        var activation = Activate(source.Options<AutoRecOptions>().Activation);
        var x = source.Requests.Latest().MatMul(OfRated(source, "encoder.first.rows.weight", 1, false)) + source.Constant("encoder.first.bias");
        return source.Tower(activation(x), "encoder.rest", activation, activatesLast: true);
    }

    private static Func<OnnxValue, OnnxValue> AutoRecLink(GraphSource source)
    {
        var activation = source.Options<AutoRecOptions>().OutputActivation;
        var (low, high) = (source.Model.Shape.MinimumValue, source.Model.Shape.MaximumValue);
        return outputs =>
        {
            var x = Activate(activation)(outputs.Squeeze(2));
            return activation switch
            {
                Activation.Logistic => source.Graph.Scalar(low) + (source.Graph.Scalar(high - low) * x),
                Activation.Tanh => source.Graph.Scalar(low) + (source.Graph.Scalar((high - low) / 2) * (x + source.Graph.Scalar(1f))),
                _ => x,
            };
        };
    }

    // Inputs of the hidden units: b_j + sum of W (or A B), and of D where rated items count whatever their ratings.
    private static OnnxValue RbmInput(GraphSource source)
    {
        var sums = LevelsOfHistory(source).MatMul(OfRated(source, "weights.weight", Levels(source), false));
        sums = source.Has("factors") ? sums.MatMul(source.Constant("factors")) : sums;
        return source.Has("condition.weight")
            ? source.Constant("hiddenBias") + sums + source.Requests.Chosen().MatMul(OfRated(source, "condition.weight", 1, false))
            : source.Constant("hiddenBias") + sums;
    }

    private static OnnxValue RbmHidden(GraphSource source, OnnxValue inputs)
    {
        var options = source.Options<RbmCfOptions>();
        if (options.Inference is RatingInference.Exact)
        {
            throw new InputException("A Boltzmann machine with inference=exact is not exported to ONNX; train it with inference=mean-field.");
        }

        var hidden = options.HiddenUnits is HiddenUnits.Binary ? inputs.Sigmoid() : inputs;
        return source.Has("factors") ? hidden.MatMul(source.Constant("factors").Transpose(1, 0)) : hidden;
    }

    // tanh(c + sum of W), and the layers above.
    private static OnnxValue NadeCode(GraphSource source)
    {
        var sums = LevelsOfHistory(source).MatMul(OfRated(source, "input.weight", Levels(source), SharesWeights(source)));
        sums = source.Has("inputFactors") ? sums.MatMul(source.Constant("inputFactors")) : sums;
        return source.Tower((source.Constant("inputBias") + sums).Tanh(), "deeper", x => x.Tanh(), activatesLast: true);
    }

    private static OnnxValue NadeHidden(GraphSource source, OnnxValue codes) =>
        source.Has("outputFactors") ? codes.MatMul(source.Constant("outputFactors").Transpose(1, 0)) : codes;

    private static bool SharesWeights(GraphSource source) => source.Options<CfNadeOptions>().SharesWeights;

    private static int Levels(GraphSource source) => source.Model.Shape.Levels!.Count;

    private static OnnxValue LevelsOfHistory(GraphSource source)
    {
        var levels = source.Model.Shape.Levels!.Values;
        return source.Requests.LatestLevels([.. levels.Zip(levels.Skip(1), (low, high) => (low + high) / 2)]);
    }

    private static Func<OnnxValue, OnnxValue> Expectation(GraphSource source) =>
        outputs => outputs.Softmax().MatMul(source.Graph.Constant([.. source.Model.Shape.Levels!.Values], Levels(source)));

    private static Func<OnnxValue, OnnxValue> Activate(Activation activation) => activation switch
    {
        Activation.Logistic => x => x.Sigmoid(),
        Activation.Tanh => x => x.Tanh(),
        Activation.Relu => x => x.Relu(),
        _ => x => x,
    };

    private static OnnxValue OfHistories(
        GraphSource source, OnnxValue codes, string weights, string biases, Func<OnnxValue, OnnxValue> hidden, int levels, Func<OnnxValue, OnnxValue> link, bool sums = false)
    {
        source.Breadth = 2 * levels;
        var (width, items) = (source.ShapeOf(weights)[1], source.Items);
        var outputs = hidden(codes).MatMul(source.Graph.Constant(Table(source, weights, items, levels, sums), items * levels, width).Transpose(1, 0))
            + source.Graph.Constant(Table(source, biases, items, levels, sums), items * levels);
        return WhereRated(source, link(outputs.Reshape(0, items, levels)), RatingsOf(source, source.Users, items).Transpose());
    }

    private static OnnxValue OfUsers(
        GraphSource source, Func<OnnxValue, OnnxValue> hidden, string weights, string biases, int levels, Func<OnnxValue, OnnxValue> link, bool sums = false)
    {
        source.Breadth = 2 * levels;
        var (width, users) = (source.ShapeOf(weights)[1], source.Users);
        var own = source.Graph.Constant(Table(source, weights, users, levels, sums), users, levels, width).Gather(source.Requests.Users); // [batch, K, H]
        var outputs = hidden(FactorGraphs.Table(source.Graph, source.Model.ItemVectors!)).MatMul(own.Transpose(0, 2, 1))
            + source.Graph.Constant(Table(source, biases, users, levels, sums), users, 1, levels).Gather(source.Requests.Users);
        return WhereRated(source, link(outputs), RatingsOf(source, source.Items, users));
    }

    // A row an item.
    private static OnnxValue WhereRated(GraphSource source, OnnxValue predictions, SparseRows ratings)
    {
        var sum = 0.0;
        foreach (var value in ratings.Values)
        {
            sum += value;
        }

        var mean = source.Graph.Scalar((float)(sum / Math.Max(1, ratings.EntryCount)));
        var rated = source.Graph.Constant([.. Enumerable.Range(0, source.Items).Select(item => ratings.Length(item) > 0 ? 1f : 0f)], source.Items);
        return rated.Greater(source.Graph.Scalar(0f)).Choose(predictions, mean);
    }

    // Of an item without ratings the network has learned nothing: it is not read.
    private static OnnxValue OfRated(GraphSource source, string key, int levels, bool sums)
    {
        var table = Table(source, key, source.Items, levels, sums);
        var (ratings, length) = (RatingsOf(source, source.Users, source.Items).Transpose(), table.Length / source.Items);
        for (var item = 0; item < source.Items; item++)
        {
            if (ratings.Length(item) == 0)
            {
                table.AsSpan(item * length, length).Clear();
            }
        }

        return source.Graph.Constant(table, source.ShapeOf(key));
    }

    // Numbers of columns and levels; where those of a level are sums over all levels up to it, added up beforehand.
    private static float[] Table(GraphSource source, string key, int columns, int levels, bool sums)
    {
        var table = source.Floats(key);
        var width = table.Length / (columns * levels);
        for (var row = 0; sums && row < columns * levels; row++)
        {
            for (var place = 0; row % levels > 0 && place < width; place++)
            {
                table[(row * width) + place] += table[((row - 1) * width) + place];
            }
        }

        return table;
    }

    private static SparseRows RatingsOf(GraphSource source, int rows, int columns) => source.Rows("ratings", rows, columns);
}
