using Tastemaker.Data;
using Tastemaker.Scoring;

namespace Tastemaker.Export;

/// <summary>How a trained system becomes a graph that any ONNX runtime computes.</summary>
/// <param name="Scores">Adds the operations that give the scores [batch, items].</param>
/// <param name="ReadsHistories">Whether histories are an input, so that anyone is answered; else only users of the training data are.</param>
public sealed record ScoreGraph(Func<GraphSource, GraphValue> Scores, bool ReadsHistories = false)
{
    /// <summary>
    /// Of any system whose scores are inner products, for the users it was trained on: their vectors, made from what the model remembers of them, are a
    /// table. Users without training interactions have the vector 0.
    /// </summary>
    internal static ScoreGraph OfKnownUsers { get; } = new(InnerProducts);

    private static GraphValue InnerProducts(GraphSource source)
    {
        var scorer = (InnerProduct)source.Model.Scorer;
        var items = new float[source.Items * scorer.Length];
        source.Model.MakeReady();
        scorer.WriteItems(0, items);
        var (vectors, constants) = UserVectors(source, scorer);
        return source.Graph.Constant(vectors, source.Users, scorer.Length).Gather(source.Requests.Users)
            .MatMul(source.Graph.Constant(items, source.Items, scorer.Length).Transpose(1, 0))
            + source.Graph.Constant(constants, source.Users, 1).Gather(source.Requests.Users);
    }

    private static (float[] Vectors, float[] Constants) UserVectors(GraphSource source, InnerProduct scorer)
    {
        int[] known = [.. Enumerable.Range(0, source.Users).Where(user => source.Histories.Length(user) > 0)];
        var (vectors, constants) = (new float[source.Users * scorer.Length], new float[source.Users]);
        var (some, common) = (new float[known.Length * scorer.Length], new float[known.Length]);
        if (known.Length > 0)
        {
            scorer.WriteQueries(new RequestBatch(known, source.Histories.Gather(known)), some, common);
        }

        for (var place = 0; place < known.Length; place++)
        {
            some.AsSpan(place * scorer.Length, scorer.Length).CopyTo(vectors.AsSpan(known[place] * scorer.Length));
            constants[known[place]] = common[place];
        }

        return (vectors, constants);
    }
}
