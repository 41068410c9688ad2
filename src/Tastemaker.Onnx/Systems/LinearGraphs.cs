using Tastemaker.Data;
using Tastemaker.Models.Baselines;
using Tastemaker.Onnx.Graphs;

namespace Tastemaker.Onnx.Systems;

/// <summary>Systems whose scores are linear in the history: scores = x B with a weight for each pair of items.</summary>
internal static class LinearGraphs
{
    /// <summary>The same scores for everyone.</summary>
    public static OnnxValue Popularity(GraphSource source) =>
        source.Constant("counts").Expand(source.Graph.Concat(0, source.Requests.History.Shape().Slice(0, 0, 1), source.Graph.Constant([source.Items], 1)));

    /// <summary>x of the last items of the history; B sparse, written out.</summary>
    public static OnnxValue ItemKnn(GraphSource source)
    {
        var options = source.Options<ItemKnnOptions>();
        return Rows(source, options.UseValues, options.LastItems).MatMul(Sparse(source));
    }

    /// <summary>B sparse, written out.</summary>
    public static OnnxValue Slim(GraphSource source) => Rows(source, source.Options<SlimOptions>().UseValues).MatMul(Sparse(source));

    /// <summary>B dense.</summary>
    public static OnnxValue Ease(GraphSource source) => Rows(source, source.Options<EaseOptions>().UseValues).MatMul(source.Constant("weights"));

    private static OnnxValue Rows(GraphSource source, bool useValues, int last = 0) => useValues ? source.Requests.Sums(last) : source.Requests.Chosen(last);

    private static OnnxValue Sparse(GraphSource source)
    {
        var (rows, items) = (source.Rows("weights", source.Items, source.Items), source.Items);
        source.Graph.RequireRoom((long)items * items * sizeof(float));
        var dense = new float[(long)items * items];
        for (var row = 0; row < items; row++)
        {
            AddRow(rows, row, dense.AsSpan(row * items, items));
        }

        return source.Graph.Constant(dense, items, items);
    }

    private static void AddRow(SparseRows rows, int row, Span<float> target)
    {
        for (var entry = 0; entry < rows.Length(row); entry++)
        {
            target[rows[row][entry]] += rows.HasValues ? rows.RowValues(row)[entry] : 1;
        }
    }
}
