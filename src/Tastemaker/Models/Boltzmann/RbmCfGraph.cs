using Tastemaker.Export;
using Tastemaker.Inputs;

namespace Tastemaker.Models.Boltzmann;

/// <summary>The scoring graph of <see cref="RbmCf"/> with mean-field inference.</summary>
internal static class RbmCfGraph
{
    public static GraphValue Export(GraphSource source, RatingSide side) => new RatingGraph(source, source.Model.Shape.Get<RatingLevels>())
    {
        // Inputs of the hidden units: b_j + sum of W (or A B), and of D where rated items count whatever their ratings.
        Code = graph =>
        {
            var sums = graph.LevelsOfHistory().MatMul(graph.OfRated("weights.weight", graph.Levels));
            sums = source.Has("factors") ? sums.MatMul(source.Constant("factors")) : sums;
            return source.Has("condition.weight")
                ? source.Constant("hiddenBias") + sums + source.Requests.Chosen().MatMul(graph.OfRated("condition.weight", 1))
                : source.Constant("hiddenBias") + sums;
        },
        Hidden = inputs => Hidden(source, inputs),
        Weights = "weights.weight",
        Biases = "bias",
    }.Scores(side);

    private static GraphValue Hidden(GraphSource source, GraphValue inputs)
    {
        var options = source.Options<RbmCfOptions>();
        if (options.Inference is RatingInference.Exact)
        {
            throw new InputException("A Boltzmann machine with inference=exact is not exported to ONNX; train it with inference=mean-field.");
        }

        var hidden = options.HiddenUnits is HiddenUnits.Binary ? inputs.Sigmoid() : inputs;
        return source.Has("factors") ? hidden.MatMul(source.Constant("factors").Transpose(1, 0)) : hidden;
    }
}
