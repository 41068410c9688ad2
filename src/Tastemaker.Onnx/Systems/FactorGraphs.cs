using Tastemaker.Data;
using Tastemaker.Native;
using Tastemaker.Onnx.Graphs;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Training;

namespace Tastemaker.Onnx.Systems;

/// <summary>Systems that score by a vector of the request and one of each item.</summary>
internal static class FactorGraphs
{
    /// <summary>
    /// Any system whose scores are inner products, for the users it was trained on: their vectors, made from what the model remembers of them, are a
    /// table. Users without training interactions have the vector 0.
    /// </summary>
    public static OnnxValue KnownUsers(GraphSource source)
    {
        var model = (InnerProduct)source.Model.Scorer;
        var items = new float[source.Items * model.Length];
        source.Model.MakeReady();
        model.WriteItems(0, items);
        var (vectors, constants) = UserVectors(source, model);
        return source.Graph.Constant(vectors, source.Users, model.Length).Gather(source.Requests.Users)
            .MatMul(source.Graph.Constant(items, source.Items, model.Length).Transpose(1, 0))
            + source.Graph.Constant(constants, source.Users, 1).Gather(source.Requests.Users);
    }

    /// <summary>mu + b_u + b_i + q_i . (p_u + z_u); of someone unknown z is |N|^(-1/2) times the sum of y over the history, and p and b_u are 0.</summary>
    public static OnnxValue SvdPlusPlus(GraphSource source)
    {
        var (requests, graph) = (source.Requests, source.Graph);
        var chosen = requests.Chosen();
        var root = chosen.Sum(1, keep: true).Max(graph.Scalar(1f)).Sqrt();
        var folded = chosen.MatMul(source.Constant("implicit_items")) / root; // [batch, K]
        var known = source.WithNobody("users").Gather(requests.Users) + source.WithNobody("implicit_users").Gather(requests.Users);
        var vector = requests.Users.Less(graph.Scalar((long)source.Users)).Unsqueeze(1).Choose(known, folded);
        return vector.MatMul(source.Constant("items").Transpose(1, 0)) + source.Constant("item_bias")
            + (source.WithNobody("user_bias").Gather(requests.Users).Unsqueeze(1) + graph.Scalar(source.Floats("mean")[0]));
    }

    /// <summary>A tensor as a constant.</summary>
    public static OnnxValue Table(OnnxGraph graph, TorchSharp.torch.Tensor table) =>
        graph.Constant(table.ToValues<float>(), table.shape);

    private static (float[] Vectors, float[] Constants) UserVectors(GraphSource source, InnerProduct model)
    {
        int[] known = [.. Enumerable.Range(0, source.Users).Where(source.Snapshot.Knows)];
        var (vectors, constants) = (new float[source.Users * model.Length], new float[source.Users]);
        var (some, common) = (new float[known.Length * model.Length], new float[known.Length]);
        if (known.Length > 0)
        {
            model.WriteQueries(new RequestBatch(known, source.Snapshot.Histories.Gather(known)), some, common);
        }

        for (var place = 0; place < known.Length; place++)
        {
            some.AsSpan(place * model.Length, model.Length).CopyTo(vectors.AsSpan(known[place] * model.Length));
            constants[known[place]] = common[place];
        }

        return (vectors, constants);
    }
}
