using Tastemaker.Inputs;

namespace Tastemaker.Export;

/// <summary>The requests that a scoring graph reads: its inputs, declared as they are used, and what systems read of a history.</summary>
public sealed class GraphInputs
{
    private readonly GraphBuilder graph;
    private readonly ModelShape shape;

    internal GraphInputs(GraphBuilder graph, ModelShape shape) => (this.graph, this.shape) = (graph, shape);

    /// <summary>Name of the input with the known user of each request.</summary>
    internal const string UsersName = "users";

    /// <summary>Name of the input with histories.</summary>
    internal const string HistoryName = "history";

    /// <summary>Name of the input with what each entry of a history counts.</summary>
    internal const string ValuesName = "values";

    private GraphValue? users, history, values;

    /// <summary>int64 [batch]: the index of each known user; the number of users for nobody.</summary>
    public GraphValue Users => users ??= graph.Input(
        UsersName, $"Index of each asking user, 0 to {shape.Users - 1}; {shape.Users} for someone unknown, where histories are an input too.", GraphNumbers.Int64, "batch");

    /// <summary>int64 [batch, length]: item indexes, oldest first, padded after the last with the number of items.</summary>
    public GraphValue History => history ??= graph.Input(
        HistoryName, $"Item indexes of each history, oldest first, 0 to {shape.Items - 1}, padded after the last with {shape.Items}.", GraphNumbers.Int64, "batch", "length");

    /// <summary>float [batch, length]: what each entry of <see cref="History"/> counts.</summary>
    public GraphValue Values => values ??= graph.Input(
        ValuesName, "The value (rating, count) of each entry of the history; anything where it is padding.", GraphNumbers.Float, "batch", "length");

    /// <summary>Numbers of entries of the histories, int64 [batch].</summary>
    public GraphValue Lengths => IsItem(History).ToInt64().Sum(1);

    /// <summary>
    /// The newest entries of each history at its end: item indexes int64 [batch, W], padded before the first with the number of items, and the places of the columns,
    /// int64 [W], of which the newest is <paramref name="most"/> - 1. W is <paramref name="most"/>, or less where no history is that long.
    /// </summary>
    public (GraphValue Items, GraphValue Places) Newest(int most)
    {
        var width = Length().Min(graph.Scalar((long)most));
        var places = graph.Range(graph.Scalar((long)most) - width, graph.Scalar((long)most));
        var entries = Lengths.Unsqueeze(1) + (places - graph.Scalar((long)most)).Unsqueeze(0); // [batch, W]; negative before the first entry
        var items = History.GatherInRows(entries.Max(graph.Scalar(0L)));
        return (entries.Less(graph.Scalar(0L)).Choose(graph.Scalar((long)shape.Items), items), places);
    }

    /// <summary>1 for each item of a history, however often it occurs, else 0: float [batch, items].</summary>
    /// <param name="last">Only the last so many entries count; 0 for all.</param>
    public GraphValue Chosen(int last = 0) => OfItems(Columns().ScatterInRows(Tail(last), Ones(), "none"));

    /// <summary>The sum of the values of each item of a history: float [batch, items].</summary>
    /// <param name="last">Only the last so many entries count; 0 for all.</param>
    public GraphValue Sums(int last = 0) => OfItems(Columns().ScatterInRows(Tail(last), Values, "add"));

    /// <summary><see cref="Sums"/> or <see cref="Chosen"/>, by whether values count: float [batch, items].</summary>
    /// <param name="useValues">Whether they do.</param>
    /// <param name="last">Only the last so many entries count; 0 for all.</param>
    public GraphValue Entries(bool useValues, int last = 0) => useValues ? Sums(last) : Chosen(last);

    /// <summary>The latest value of each item of a history, 0 for others: float [batch, items].</summary>
    public GraphValue Latest() => OfItems(Columns().ScatterInRows(LatestEntries(History), Values, "add"));

    /// <summary>1 for each item of a history at its latest value, which is one of K levels: float [batch, items K].</summary>
    /// <param name="between">The K - 1 values between neighboring levels, ascending.</param>
    public GraphValue LatestLevels(float[] between)
    {
        var levels = between.Length + 1;
        var places = History * graph.Scalar((long)levels);
        if (between.Length > 0)
        {
            places += Values.Unsqueeze(2).Greater(graph.Constant(between, between.Length)).ToInt64().Sum(2);
        }

        var end = (long)shape.Items * levels;
        places = IsItem(LatestEntries(History)).Choose(places, graph.Scalar(end));
        return Columns(end).ScatterInRows(places, Ones(), "none").Slice(1, 0, end);
    }

    // Where a history has an item again later, the number of items in its place.
    private GraphValue LatestEntries(GraphValue items)
    {
        var positions = Positions().ToFloat().Expand(items.Shape());
        var latest = Columns().ScatterInRows(items, positions, "max").GatherInRows(items);
        return latest.EqualTo(positions).Choose(items, graph.Scalar((long)shape.Items));
    }

    // Histories with all but the last entries made padding.
    private GraphValue Tail(int last) => last == 0
        ? History
        : Positions().Greater(Lengths.Unsqueeze(1) - graph.Scalar((long)last)).Choose(History, graph.Scalar((long)shape.Items));

    // 1, 2, ..., length.
    private GraphValue Positions() => graph.Range(graph.Constant([1L]), Length() + graph.Constant([1L]));

    // Of the padded histories.
    private GraphValue Length() => History.Shape().Gather(graph.Constant([1], 1)).Squeeze(0);

    private GraphValue IsItem(GraphValue items) => items.Less(graph.Scalar((long)shape.Items));

    private GraphValue Ones() => graph.Filled(History.Shape(), 1);

    private GraphValue Columns() => Columns(shape.Items);

    // Zeros, one column more than asked for: that of padding.
    private GraphValue Columns(long count) =>
        graph.Filled(graph.Concat(0, History.Shape().Slice(0, 0, 1), graph.Constant([count + 1], 1)), 0);

    private GraphValue OfItems(GraphValue columns) => columns.Slice(1, 0, shape.Items);
}
