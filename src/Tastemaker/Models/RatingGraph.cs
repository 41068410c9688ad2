using Tastemaker.Data;
using Tastemaker.Export;
using Tastemaker.Inputs;

namespace Tastemaker.Models;

/// <summary>
/// The scoring graph of a system that reads rows of ratings. Where a row is a user, the history is encoded; where it is an item, the items' codes are constants
/// and the user chooses what they are decoded with. Items without a training rating are predicted the mean of all.
/// </summary>
/// <param name="source">The weights.</param>
/// <param name="levels">The K levels of ratings that are classes; null where they are numbers.</param>
/// <param name="sums">Whether the weights of a level are sums over all levels up to it.</param>
internal sealed class RatingGraph(GraphSource source, RatingLevels? levels = null, bool sums = false)
{
    /// <summary>The codes [batch, width] of histories.</summary>
    public required Func<RatingGraph, GraphValue> Code { get; init; }

    /// <summary>What the output layer reads, of codes. Default: the code itself.</summary>
    public Func<GraphValue, GraphValue> Hidden { get; init; } = codes => codes;

    /// <summary>Name of the weights of the output layer [columns K, H].</summary>
    public required string Weights { get; init; }

    /// <summary>Name of its biases [columns K].</summary>
    public required string Biases { get; init; }

    /// <summary>Predictions [batch, items] of what the output layer gives [batch, items, K]. Default: the expectation under the softmax.</summary>
    public Func<GraphValue, GraphValue>? Link { get; init; }

    /// <summary>K, or 1.</summary>
    public int Levels => levels?.Count ?? 1;

    /// <summary>The scores [batch, items].</summary>
    public GraphValue Scores(RatingSide side) => side is RatingSide.Users ? OfHistories() : OfUsers();

    /// <summary>1 for each item of a history at its level, else 0: [batch, items K].</summary>
    public GraphValue LevelsOfHistory() => source.Requests.LatestLevels([.. levels!.Values.Zip(levels.Values.Skip(1), (low, high) => (low + high) / 2)]);

    /// <summary>Weights of columns and levels as a constant. Of an item without ratings the network has learned nothing: its are 0.</summary>
    public GraphValue OfRated(string key, int levelCount)
    {
        var table = Table(key, source.Items, levelCount);
        var (ratings, length) = (Ratings(source.Users, source.Items).Transpose(), table.Length / source.Items);
        for (var item = 0; item < source.Items; item++)
        {
            if (ratings.Length(item) == 0)
            {
                table.AsSpan(item * length, length).Clear();
            }
        }

        return source.Graph.Constant(table, source.ShapeOf(key));
    }

    private GraphValue OfHistories()
    {
        var codes = Code(this);
        source.Breadth = 2 * Levels;
        var (width, items) = (source.ShapeOf(Weights)[1], source.Items);
        var outputs = Hidden(codes).MatMul(source.Graph.Constant(Table(Weights, items, Levels), items * Levels, width).Transpose(1, 0))
            + source.Graph.Constant(Table(Biases, items, Levels), items * Levels);
        return WhereRated(Predicted(outputs.Reshape(0, items, Levels)), Ratings(source.Users, items).Transpose());
    }

    private GraphValue OfUsers()
    {
        source.Breadth = 2 * Levels;
        var (width, users) = (source.ShapeOf(Weights)[1], source.Users);
        var own = source.Graph.Constant(Table(Weights, users, Levels), users, Levels, width).Gather(source.Requests.Users); // [batch, K, H]
        var outputs = Hidden(source.Constant(source.Model.ItemVectors!)).MatMul(own.Transpose(0, 2, 1))
            + source.Graph.Constant(Table(Biases, users, Levels), users, 1, Levels).Gather(source.Requests.Users);
        return WhereRated(Predicted(outputs), Ratings(source.Items, users));
    }

    private GraphValue Predicted(GraphValue outputs) => Link is null ? outputs.Softmax().MatMul(source.Graph.Constant([.. levels!.Values], Levels)) : Link(outputs);

    // Ratings with a row per item.
    private GraphValue WhereRated(GraphValue predictions, SparseRows ratings)
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

    // Numbers of columns and levels; where those of a level are sums over all levels up to it, added up beforehand.
    private float[] Table(string key, int columns, int levelCount)
    {
        var table = source.Floats(key);
        var width = table.Length / (columns * levelCount);
        for (var row = 0; sums && row < columns * levelCount; row++)
        {
            for (var place = 0; row % levelCount > 0 && place < width; place++)
            {
                table[(row * width) + place] += table[((row - 1) * width) + place];
            }
        }

        return table;
    }

    private SparseRows Ratings(int rows, int columns) => source.Rows("ratings", rows, columns);
}

/// <summary>Which side of the ratings a system reads row by row.</summary>
internal enum RatingSide
{
    /// <summary>A row is a user, its columns are items. Cold-start users can be folded in by their ratings; new items cannot.</summary>
    Users,

    /// <summary>A row is an item, its columns are users. Answers only users of the training set.</summary>
    Items,
}
