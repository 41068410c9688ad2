using System.Globalization;
using Tastemaker.Data.Import.Formats;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import.Columns;

/// <summary>What is read of the interactions, and where it stands in the query: user, item, label or value, time, features, in this order; -1 for what there is not.</summary>
internal sealed class InteractionPlan
{
    private readonly SourceColumn?[] roles;
    private readonly int originalsAt;

    public InteractionPlan(ColumnRoles roles, ValuePlan? value, TimePlan? time, IReadOnlyList<FeaturePlan> features)
    {
        (Roles, Value, Time, Features) = (roles, value, time, features);
        this.roles = [roles.User, roles.Item, roles.Label ?? roles.Value, time is null ? null : roles.Time];
        var next = 0;
        UserAt = roles.User is null ? -1 : next++;
        ItemAt = roles.Item is null ? -1 : next++;
        ValueAt = this.roles[2] is null ? -1 : next++;
        TimeAt = time is null ? -1 : next++;
        FeaturesAt = next;
        originalsAt = next + features.Count;
    }

    public ColumnRoles Roles { get; }

    /// <summary>How values are read; null where there are none or where they are labels.</summary>
    public ValuePlan? Value { get; }

    public TimePlan? Time { get; }

    public IReadOnlyList<FeaturePlan> Features { get; }

    public int UserAt { get; }

    public int ItemAt { get; }

    public int ValueAt { get; }

    public int TimeAt { get; }

    public int FeaturesAt { get; }

    // What is parsed by the query is read once more as it stands, to be shown where it cannot be parsed.
    private bool ValueAsText => Value is { Type: "VARCHAR" };

    private bool TimeAsText => Time is { Type: "VARCHAR" };

    /// <summary>The types that delimited text is parsed to; all others are text.</summary>
    public Dictionary<string, string> Types()
    {
        var types = roles.OfType<SourceColumn>().Concat(Features.Select(plan => plan.Column)).ToDictionary(column => column.Name, _ => "VARCHAR");
        if (Value is not null)
        {
            types[Roles.Value!.Name] = Value.Type;
        }

        if (Time is not null)
        {
            types[Roles.Time!.Name] = Time.Type;
        }

        return types;
    }

    /// <summary>The expressions of the query.</summary>
    /// <param name="trim">Whether white space is removed from identifiers.</param>
    public IEnumerable<string> Expressions(bool trim) =>
    [
        .. new[] { Roles.User, Roles.Item }.OfType<SourceColumn>().Select(column => InteractionReader.IdSql(column, trim)),
        .. Roles.Label is { } label ? [Text(label)] : Array.Empty<string>(),
        .. Value is null ? Array.Empty<string>() : [Value.Sql],
        .. Time is null ? Array.Empty<string>() : [Time.Sql],
        .. Features.Select(plan => plan.Sql),
        .. ValueAsText ? [Text(Roles.Value!)] : Array.Empty<string>(),
        .. TimeAsText ? [Text(Roles.Time!)] : Array.Empty<string>(),
    ];

    /// <summary>Whether something stands in the place of the time of a row, be it none.</summary>
    public bool HasTimeText(RowChunk chunk, int row) =>
        TimeAsText && chunk.Text(originalsAt + (ValueAsText ? 1 : 0)) is var texts && !texts.IsNull(row) && !texts.Utf8(row).Trim((byte)' ').IsEmpty;

    /// <summary>What a row holds, in words.</summary>
    public string Describe(RowChunk chunk, int row)
    {
        var words = new List<string>();
        words.AddRange(UserAt < 0 ? [] : [$"user '{chunk.Text(UserAt).String(row)}'"]);
        words.AddRange(ItemAt < 0 ? [] : [$"item '{chunk.Text(ItemAt).String(row)}'"]);
        words.AddRange(Roles.Label is null ? [] : [$"label '{chunk.Text(ValueAt).String(row)}'"]);
        words.AddRange(
            ValueAsText ? [$"value '{chunk.Text(originalsAt).String(row)}'"]
            : Value is null ? []
            : [chunk.Nulls(ValueAt)[row] ? "value ''" : float.IsInfinity(chunk.Column<float>(ValueAt)[row]) ? "value infinite, or beyond 3.4e38"
                : string.Create(CultureInfo.InvariantCulture, $"value {chunk.Column<float>(ValueAt)[row]}")]);
        words.AddRange(TimeAsText ? [$"time '{chunk.Text(originalsAt + (ValueAsText ? 1 : 0)).String(row)}'"] : []);
        return string.Join(", ", words).Replace("\0", "\\0", StringComparison.Ordinal);
    }

    private static string Text(SourceColumn column) => $"CAST({DuckDbSession.Name(column.Name)} AS VARCHAR)";
}
