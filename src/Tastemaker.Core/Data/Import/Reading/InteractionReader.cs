using System.Globalization;
using Tastemaker.Data.Features;
using Tastemaker.Data.Import.Columns;
using Tastemaker.Data.Import.Formats;

namespace Tastemaker.Data.Import.Reading;

/// <summary>Reads interactions in one streaming pass: identifiers become indexes as the chunks arrive, straight from DuckDB's vectors.</summary>
internal sealed class InteractionReader
{
    private const int ReportEveryChunks = 64;

    private readonly ColumnRoles roles;
    private readonly TimePlan? time;
    private readonly IReadOnlyList<FeaturePlan> plans;
    private readonly DataOptions options;
    private readonly RowProblems problems;
    private readonly GrowingColumn<int> users = new();
    private readonly GrowingColumn<int> items = new();
    private readonly GrowingColumn<float> values = new();
    private readonly GrowingColumn<long> times = new();
    private readonly GrowingColumn<double> fractions = new();
    private readonly FeatureBuilder[] features;
    private long row;

    public InteractionReader(string label, ColumnRoles roles, TimePlan? time, IReadOnlyList<FeaturePlan> plans, DataOptions options)
    {
        (this.roles, this.time, this.plans, this.options) = (roles, time, plans, options);
        problems = new RowProblems(label);
        features = [.. plans.Select(FeatureBuilder.For)];
    }

    public IdIndexer UserIds { get; } = new();

    public IdIndexer ItemIds { get; } = new();

    public long RowCount => row;

    /// <summary>Whether the values are labels.</summary>
    public bool IsLabelled => roles.Label is not null;

    /// <summary>The types delimited text is parsed to.</summary>
    public static Dictionary<string, string> Types(ColumnRoles roles, TimePlan? time, IReadOnlyList<FeaturePlan> plans)
    {
        var types = new[] { roles.User, roles.Item, roles.Label }.OfType<SourceColumn>().ToDictionary(column => column.Name, _ => "VARCHAR");
        if (roles.Value is { } value)
        {
            types[value.Name] = "DOUBLE";
        }

        if (roles.Time is { } clock)
        {
            types[clock.Name] = time!.Type;
        }

        foreach (var plan in plans)
        {
            types[plan.Column.Name] = plan.Type;
        }

        return types;
    }

    /// <summary>Reads everything.</summary>
    /// <exception cref="InputException">Rows lack a user, item, value or time, or there are none; each kind once, with the first row.</exception>
    public void Read(DuckDbSession session, string from, IProgress<ImportProgress>? progress)
    {
        var chunks = 0;
        session.Read(Sql(from), chunk =>
        {
            Take(chunk);
            if (++chunks % ReportEveryChunks == 0)
            {
                progress?.Report(new ImportProgress("reading interactions", row, session.Fraction));
            }
        });
        if (problems.Any)
        {
            throw new InputException([.. problems.Sentences()]);
        }
    }

    /// <summary>The columns read, with identifiers renumbered by the maps of the final vocabularies.</summary>
    public Interactions Build(int[]? userMap, int[]? itemMap, List<string> warnings)
    {
        var (userColumn, itemColumn) = (users.Take(), items.Take());
        IdOrder.Apply(userMap, userColumn);
        IdOrder.Apply(itemMap, itemColumn);
        return new Interactions(userColumn, itemColumn, roles.Value is null && roles.Label is null ? null : values.Take(), Times(warnings));
    }

    public FeatureTable? Features() =>
        features.Length == 0 ? null : new FeatureTable((int)row, [.. features.Zip(plans, (builder, plan) => builder.Build(plan.Column.Name))]);

    /// <summary>An identifier as text; whole numbers that a file stores as floating point lose the ".0".</summary>
    public static string IdSql(SourceColumn column, bool trim)
    {
        var name = DuckDbSession.Name(column.Name);
        var text = column.Type is "DOUBLE" or "FLOAT"
            ? $"CASE WHEN {name} = trunc({name}) AND abs({name}) < 9e15 THEN CAST(CAST({name} AS BIGINT) AS VARCHAR) ELSE CAST({name} AS VARCHAR) END"
            : $"CAST({name} AS VARCHAR)";
        return trim ? IdChecks.TrimmedSql(text) : text;
    }

    private long[]? Times(List<string> warnings)
    {
        if (time is null)
        {
            return null;
        }

        if (time.IsFractional)
        {
            return TimeScale.ToTimes(fractions.Take(), options.TimeUnit, warnings);
        }

        var whole = times.Take();
        if (!time.IsCalendar)
        {
            TimeScale.ToTimes(whole, options.TimeUnit, warnings);
        }

        return whole;
    }

    private string Sql(string from)
    {
        List<string> columns = [.. new[] { roles.User, roles.Item }.OfType<SourceColumn>().Select(column => IdSql(column, options.Trim))];
        if (roles.Label is { } label)
        {
            columns.Add($"CAST({DuckDbSession.Name(label.Name)} AS VARCHAR)");
        }

        if (roles.Value is { } value)
        {
            columns.Add($"CAST({DuckDbSession.Name(value.Name)} AS FLOAT)");
        }

        if (time is not null)
        {
            columns.Add(time.Sql);
        }

        return $"SELECT {string.Join(", ", columns.Concat(plans.Select(plan => plan.Sql)))} FROM {from}";
    }

    private void Take(RowChunk chunk)
    {
        var column = 0;
        column = TakeIds(chunk, column, roles.User, (UserIds, users), "user");
        column = TakeIds(chunk, column, roles.Item, (ItemIds, items), "item");
        if (roles.Label is not null)
        {
            TakeLabels(chunk, column++);
        }
        else if (roles.Value is not null)
        {
            TakeValues(chunk, column++);
        }

        if (time is not null)
        {
            TakeTimes(chunk, column++);
        }

        foreach (var feature in features)
        {
            feature.Append(chunk, column++);
        }

        row += chunk.Count;
        if (row > int.MaxValue - 4096)
        {
            throw new InputException("The source has more than 2,147,479,551 interactions, which is not supported. Take a part of it.");
        }
    }

    // Returns the column after it.
    private int TakeIds(RowChunk chunk, int column, SourceColumn? source, (IdIndexer Indexer, GrowingColumn<int> Indexes) target, string kind)
    {
        Span<int> indexes = stackalloc int[chunk.Count];
        if (source is null)
        {
            indexes.Fill(target.Indexer.IndexOf(kind == "user" ? ColumnRoles.Everyone : roles.OneItem));
            target.Indexes.AddRange(indexes);
            return column;
        }

        var ids = chunk.Text(column);
        for (var at = 0; at < indexes.Length; at++)
        {
            var id = ids.IsNull(at) ? [] : ids.Utf8(at);
            if (id.IsEmpty)
            {
                Note($"the {kind} is missing", chunk, at);
                indexes[at] = 0;
            }
            else
            {
                indexes[at] = target.Indexer.IndexOf(id);
            }
        }

        target.Indexes.AddRange(indexes);
        return column + 1;
    }

    private void TakeLabels(RowChunk chunk, int column)
    {
        var cells = chunk.Text(column);
        for (var at = 0; at < chunk.Count; at++)
        {
            var cell = cells.IsNull(at) ? [] : cells.Utf8(at).Trim((byte)' ');
            var label = LabelText.Parse(cell);
            if (label < 0)
            {
                Note(cell.IsEmpty ? "the label is missing" : $"the label is not {LabelText.Choices}", chunk, at);
            }

            values.Add(label);
        }
    }

    private void TakeValues(RowChunk chunk, int column)
    {
        var numbers = chunk.Column<float>(column);
        var nulls = chunk.Nulls(column);
        for (var at = 0; at < numbers.Length; at++)
        {
            if (nulls[at])
            {
                Note("the value is missing", chunk, at);
            }
            else if (!float.IsFinite(numbers[at]))
            {
                Note("the value is not a finite number", chunk, at);
            }
        }

        values.AddRange(numbers);
    }

    private void TakeTimes(RowChunk chunk, int column)
    {
        var nulls = chunk.Nulls(column);
        for (var at = 0; nulls.Any && at < chunk.Count; at++)
        {
            if (nulls[at])
            {
                Note("the time is missing", chunk, at);
            }
        }

        if (time!.IsFractional)
        {
            fractions.AddRange(chunk.Column<double>(column));
        }
        else
        {
            times.AddRange(chunk.Column<long>(column));
        }
    }

    private void Note(string problem, RowChunk chunk, int at)
    {
        var text = new List<string>();
        foreach (var (name, column) in new[] { ("user", roles.User), ("item", roles.Item), ("label", roles.Label) })
        {
            if (column is not null)
            {
                text.Add($"{name} '{chunk.Text(text.Count).String(at)}'");
            }
        }

        if (roles.Value is not null)
        {
            text.Add(string.Create(CultureInfo.InvariantCulture, $"value {(chunk.Nulls(text.Count)[at] ? "''" : chunk.Column<float>(text.Count)[at])}"));
        }

        problems.Add(problem, row + at + 1, string.Join(", ", text));
    }
}
