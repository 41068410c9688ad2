using System.Text.Json.Nodes;
using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Data.Import.Columns;
using Tastemaker.Native;
using Tastemaker.Options;
using static TorchSharp.torch;

namespace Tastemaker.Inputs;

/// <summary>All training events with their numeric features, in order of time; events with equal times keep the order of the source. For systems that follow users and items from event to event.</summary>
internal sealed class EventLog : IFittedInput
{
    private const string Prefix = "events.";

    private EventLog(int[] users, int[] items, long[] times, float[] features, IReadOnlyList<string> columns) =>
        (Users, Items, Times, Features, Columns) = (users, items, times, features, columns);

    /// <summary>The user of each event.</summary>
    public int[] Users { get; }

    /// <summary>The item of each event.</summary>
    public int[] Items { get; }

    /// <summary>The time of each event, ascending.</summary>
    public long[] Times { get; }

    /// <summary>The numeric features of each event [events, columns], standardized on the training data; 0 where missing.</summary>
    public float[] Features { get; }

    /// <summary>The names of the numeric features.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Number of events.</summary>
    public int Count => Users.Length;

    /// <summary>The last time; 0 without events.</summary>
    public long Until => Times.Length == 0 ? 0 : Times[^1];

    /// <summary>The events of a training set.</summary>
    /// <param name="train">The data, with times.</param>
    /// <param name="columns">Numeric columns of interactions.</param>
    /// <exception cref="InputException">There is no such column, or it is not numeric.</exception>
    public static EventLog Of(TrainingSet train, IReadOnlyList<string> columns)
    {
        var rows = train.Interactions;
        var (times, labels) = (rows.Times.ToArray(), train.Data.IsLabelled ? rows.Values.ToArray() : []);
        int[] order = [.. Enumerable.Range(0, rows.Count).Where(row => labels.Length == 0 || labels[row] > 0).OrderBy(row => times[row])]; // a stable sort; what was shown and not taken is no event
        var sorted = rows.Select(order);
        var features = new float[order.Length * columns.Count];
        for (var column = 0; column < columns.Count; column++)
        {
            var values = Column(train.Data, columns[column]).Values;
            float[] known = [.. values.Where(float.IsFinite)];
            var mean = known.DefaultIfEmpty(0).Average();
            var deviation = MathF.Sqrt(known.Select(value => (value - mean) * (value - mean)).DefaultIfEmpty(1).Average());
            for (var place = 0; place < order.Length; place++)
            {
                features[(place * columns.Count) + column] = float.IsFinite(values[order[place]]) && deviation > 0 ? (values[order[place]] - mean) / deviation : 0;
            }
        }

        return new EventLog(sorted.Users.ToArray(), sorted.Items.ToArray(), sorted.Times.ToArray(), features, columns);
    }

    /// <summary>The median time between successive events of a user, in microseconds; a second where no user has two.</summary>
    public double MedianGap() => Median((before, e) => Times[e] - Times[before]) is > 0 and var gap ? gap : Timestamps.PerSecond;

    /// <summary>The median number of events, over all users, from one event of a user to its next.</summary>
    public int MedianEventsBetween() => (int)Median((before, e) => e - before);

    private long Median(Func<int, int, long> between)
    {
        var (last, found) = (new Dictionary<int, int>(), new List<long>());
        for (var e = 0; e < Count; e++)
        {
            if (last.TryGetValue(Users[e], out var before) && between(before, e) is > 0 and var distance)
            {
                found.Add(distance);
            }

            last[Users[e]] = e;
        }

        found.Sort();
        return found.Count == 0 ? 0 : found[found.Count / 2];
    }

    /// <inheritdoc/>
    public void Save(SavedInputs saved)
    {
        saved.Tensors[Prefix + "users"] = tensor(Users);
        saved.Tensors[Prefix + "items"] = tensor(Items);
        saved.Tensors[Prefix + "times"] = tensor(Times);
        saved.Tensors[Prefix + "features"] = tensor(Features);
        saved.Card["event-columns"] = new JsonArray([.. Columns.Select(column => (JsonNode)column)]);
    }

    private static NumericColumn Column(Dataset data, string name) => data.InteractionFeatures?.Find(name) switch
    {
        NumericColumn numbers => numbers,
        null => throw new InputException($"'{data.Name}' has no column '{name}' of interactions for event-columns.{ColumnUse.Explain(data, name)}"),
        var other => throw new InputException($"event-columns reads numbers, and the column '{other.Name}' is not numeric. Declare it with features: {other.Name}=numeric, or leave it out."),
    };

    /// <summary>The input that fits it; demands times.</summary>
    /// <param name="columns">The numeric columns that the options name.</param>
    internal sealed class Input<TOptions>(Func<TOptions, IReadOnlyList<string>> columns) : IInput
        where TOptions : ModelOptions
    {
        /// <inheritdoc/>
        public string? Text => EventHistories.Input.Required.Text;

        /// <inheritdoc/>
        public bool IsRequired => true;

        /// <inheritdoc/>
        public IEnumerable<string> Problems(TrainingSet train, ModelOptions options, string system) => EventHistories.Input.Required.Problems(train, options, system);

        /// <inheritdoc/>
        public IFittedInput Fit(TrainingSet train, ModelOptions options) => Of(train, columns((TOptions)options));

        /// <inheritdoc/>
        public IFittedInput? Restore(SavedInputs saved) => saved.Card["event-columns"] is not JsonArray columns ? null : new EventLog(
            saved.Tensors[Prefix + "users"].ToValues<int>(),
            saved.Tensors[Prefix + "items"].ToValues<int>(),
            saved.Tensors[Prefix + "times"].ToValues<long>(),
            saved.Tensors[Prefix + "features"].ToValues<float>(),
            [.. columns.Select(column => (string)column!)]);
    }
}
