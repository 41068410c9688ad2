using Tastemaker.Models.Mlp;
using Tastemaker.Onnx.Graphs;

namespace Tastemaker.Onnx.Systems;

/// <summary>Neural collaborative filtering over the whole catalog, for the users it was trained on.</summary>
internal static class PairGraphs
{
    /// <summary>The perceptron alone.</summary>
    public static OnnxValue Mlp(GraphSource source) => Perceptron(source, "branch");

    /// <summary>h . [GMF ; MLP] + b, or one of the two where training ended before they were fused.</summary>
    public static OnnxValue NeuMF(GraphSource source) => ((NeuMF)source.Model).Stage switch
    {
        NeuMFStage.Gmf => Product(source, "gmf"),
        NeuMFStage.Mlp => Perceptron(source, "mlp"),
        _ => Product(source, "gmf") + Perceptron(source, "mlp"),
    };

    // h . (p_u o q_i) + b
    private static OnnxValue Product(GraphSource source, string branch) =>
        (source.Constant($"{branch}.users.weight").Gather(source.Requests.Users) * source.Constant($"{branch}.output.weight"))
            .MatMul(source.Constant($"{branch}.items.weight").Transpose(1, 0)) + source.Constant($"{branch}.output.bias");

    // The first layer is linear in user and item: a part of each, and their sum [batch, items, W].
    private static OnnxValue Perceptron(GraphSource source, string branch)
    {
        var hidden = source.Has($"{branch}.hidden.layers.0.weight");
        var first = hidden ? $"{branch}.hidden.layers.0" : $"{branch}.output";
        var (weight, half, width) = (source.Constant($"{first}.weight"), source.ShapeOf($"{first}.weight")[1] / 2, source.ShapeOf($"{first}.weight")[0]);
        var users = source.Constant($"{branch}.users.weight").Gather(source.Requests.Users).MatMul(weight.Slice(1, 0, half).Transpose(1, 0)) + source.Constant($"{first}.bias");
        var items = source.Constant($"{branch}.items.weight").MatMul(weight.Slice(1, half, 2 * half).Transpose(1, 0));
        if (!hidden)
        {
            return users + items.Transpose(1, 0);
        }

        source.Breadth = Math.Max(source.Breadth, 2 * (int)width);
        var layer = source.Tower((users.Unsqueeze(1) + items.Unsqueeze(0)).Relu(), $"{branch}.hidden", x => x.Relu(), activatesLast: true, first: 1);
        return source.Dense(layer, $"{branch}.output").Squeeze(2);
    }
}
