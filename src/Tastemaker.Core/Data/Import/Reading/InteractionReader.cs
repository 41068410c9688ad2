using System.Globalization;
using Tastemaker.Data.Features;
using Tastemaker.Data.Import.Columns;
using Tastemaker.Data.Import.Formats;

namespace Tastemaker.Data.Import.Reading;

/// <summary>
/// Reads interactions in one streaming pass: identifiers become indexes as the chunks arrive, straight from DuckDB's vectors. Rows that cannot be read are
/// left out on the way, so that what occurs in them alone is in no vocabulary.
/// </summary>
internal sealed class InteractionReader
{
    private const int ReportEveryChunks = 64;

    private readonly InteractionPlan plan;
    private readonly DataOptions options;
    private readonly BadRowList bad;
    private readonly GrowingColumn<int> users = new();
    private readonly GrowingColumn<int> items = new();
    private readonly GrowingColumn<float> values = new();
    private readonly GrowingColumn<long> times = new();
    private readonly GrowingColumn<double> fractions = new();
    private readonly FeatureBuilder[] features;
    private readonly int[] kept = new int[RowChunk.All.Length];
    private long read;

    public InteractionReader(string label, InteractionPlan plan, DataOptions options)
    {
        (this.plan, this.options) = (plan, options);
        bad = new BadRowList(label);
        features = [.. plan.Features.Select(FeatureBuilder.For)];
    }

    public IdIndexer UserIds { get; } = new();

    public IdIndexer ItemIds { get; } = new();

    /// <summary>Rows read and kept.</summary>
    public long RowCount { get; private set; }

    /// <summary>Rows left out because they cannot be read.</summary>
    public long BadCount => bad.Count;

    /// <summary>The column of values that are no labels; null where there is none.</summary>
    public SourceColumn? ValueColumn => plan.Value is null ? null : plan.Roles.Value;

    /// <summary>Whether the values are labels.</summary>
    public bool IsLabelled => plan.Roles.Label is not null;

    /// <summary>Reads everything.</summary>
    /// <exception cref="InputException">Rows cannot be read and the options refuse that, or there are too many of them.</exception>
    public void Read(DuckDbSession session, Relation relation, IProgress<ImportProgress>? progress, List<string> warnings)
    {
        var chunks = 0;
        session.Read($"SELECT {string.Join(", ", plan.Expressions(options.Trim))} FROM {relation.Noting(plan.Types())}", chunk =>
        {
            Take(chunk);
            if (++chunks % ReportEveryChunks == 0)
            {
                progress?.Report(new ImportProgress("reading interactions", read, session.Fraction));
            }
        });
        relation.AddNoted(session, bad, plan.Types());
        bad.Apply(RowCount + bad.Count, options.OnBadRows, warnings);
        UnreadableFeatures.Note(relation.Label, features, options.OnBadRows, warnings);
    }

    /// <summary>The columns read, with identifiers renumbered by the maps of the final vocabularies.</summary>
    public Interactions Build(int[]? userMap, int[]? itemMap, List<string> warnings)
    {
        var (userColumn, itemColumn) = (users.Take(), items.Take());
        IdOrder.Apply(userMap, userColumn);
        IdOrder.Apply(itemMap, itemColumn);
        return new Interactions(userColumn, itemColumn, plan.Value is null && !IsLabelled ? null : values.Take(), Times(warnings));
    }

    /// <summary>The features of the rows, in source order.</summary>
    public FeatureTable? Features() =>
        features.Length == 0 ? null : new FeatureTable((int)RowCount, [.. features.Select(builder => builder.Build(builder.Name))]);

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
        if (plan.Time is not { } time)
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

    private void Take(RowChunk chunk)
    {
        var rows = Kept(chunk);
        TakeIds(chunk, rows, plan.UserAt, (UserIds, users), ColumnRoles.Everyone);
        TakeIds(chunk, rows, plan.ItemAt, (ItemIds, items), plan.ItemAt < 0 ? plan.Roles.OneItem : "");
        if (IsLabelled)
        {
            var cells = chunk.Text(plan.ValueAt);
            foreach (var row in rows)
            {
                values.Add(LabelText.Parse(cells.Utf8(row)));
            }
        }
        else if (plan.Value is not null)
        {
            AddRows(values, chunk.Column<float>(plan.ValueAt), rows);
        }

        if (plan.Time is { IsFractional: true })
        {
            AddRows(fractions, chunk.Column<double>(plan.TimeAt), rows);
        }
        else if (plan.Time is not null)
        {
            AddRows(times, chunk.Column<long>(plan.TimeAt), rows);
        }

        for (var feature = 0; feature < features.Length; feature++)
        {
            features[feature].Append(chunk, plan.FeaturesAt + feature, rows);
        }

        read += chunk.Count;
        RowCount += rows.Length;
        if (RowCount > int.MaxValue - 4096)
        {
            throw new InputException("The source has more than 2,147,479,551 interactions, which is not supported. Take a part of it.");
        }
    }

    private static void AddRows<T>(GrowingColumn<T> column, ReadOnlySpan<T> values, ReadOnlySpan<int> rows)
        where T : unmanaged
    {
        if (rows.Length == values.Length)
        {
            column.AddRange(values);
            return;
        }

        foreach (var row in rows)
        {
            column.Add(values[row]);
        }
    }

    private void TakeIds(RowChunk chunk, ReadOnlySpan<int> rows, int column, (IdIndexer Indexer, GrowingColumn<int> Indexes) target, string one)
    {
        Span<int> indexes = stackalloc int[rows.Length];
        if (column < 0)
        {
            indexes.Fill(rows.IsEmpty ? 0 : target.Indexer.IndexOf(one));
        }
        else
        {
            var ids = chunk.Text(column);
            for (var at = 0; at < rows.Length; at++)
            {
                indexes[at] = target.Indexer.IndexOf(ids.Utf8(rows[at]));
            }
        }

        target.Indexes.AddRange(indexes);
    }

    /// <summary>The rows of a chunk that can be read; the others are noted, each by the first thing that is wrong with it.</summary>
    private ReadOnlySpan<int> Kept(RowChunk chunk)
    {
        // Taken from the chunk once: each is a call into DuckDB.
        var userIds = plan.UserAt < 0 ? default : chunk.Text(plan.UserAt);
        var itemIds = plan.ItemAt < 0 ? default : chunk.Text(plan.ItemAt);
        var numbers = plan.Value is null ? [] : chunk.Column<float>(plan.ValueAt);
        var noNumber = plan.Value is null ? default : chunk.Nulls(plan.ValueAt);
        var noTime = plan.Time is null ? default : chunk.Nulls(plan.TimeAt);
        var count = 0;
        for (var row = 0; row < chunk.Count; row++)
        {
            var suspect = (plan.UserAt >= 0 && IsOdd(userIds, row)) || (plan.ItemAt >= 0 && IsOdd(itemIds, row)) || noTime[row] || IsLabelled
                || (plan.Value is not null && (noNumber[row] || !float.IsFinite(numbers[row])));
            if (suspect && Problem(chunk, row) is { } problem)
            {
                bad.Add(problem, bad.Wants(problem) ? new BadRow(read + row + 1, false, $" ({plan.Describe(chunk, row)})") : null);
            }
            else
            {
                kept[count++] = row;
            }
        }

        return kept.AsSpan(0, count);
    }

    private string? Problem(RowChunk chunk, int row) =>
        plan.UserAt >= 0 && IsBlank(chunk.Text(plan.UserAt), row) ? "the user is missing"
        : plan.ItemAt >= 0 && IsBlank(chunk.Text(plan.ItemAt), row) ? "the item is missing"
        : plan.UserAt >= 0 && IsOdd(chunk.Text(plan.UserAt), row) ? "the user holds the character U+0000"
        : plan.ItemAt >= 0 && IsOdd(chunk.Text(plan.ItemAt), row) ? "the item holds the character U+0000"
        : IsLabelled ? LabelProblem(chunk.Text(plan.ValueAt), row) ?? TimeProblem(chunk, row)
        : plan.Value is not null && chunk.Nulls(plan.ValueAt)[row] ? "the value is missing"
        : plan.Value is not null && !float.IsFinite(chunk.Column<float>(plan.ValueAt)[row]) ? "the value is not a finite number"
        : TimeProblem(chunk, row);

    private string? TimeProblem(RowChunk chunk, int row) =>
        plan.Time is not null && chunk.Nulls(plan.TimeAt)[row] ? plan.HasTimeText(chunk, row) ? "the time cannot be read" : "the time is missing" : null;

    private static bool IsBlank(TextVector texts, int row) => texts.IsNull(row) || texts.Utf8(row).IsEmpty;

    // No text has U+0000: it comes from damage or from another kind of file, and neither stores nor C libraries keep it.
    private static bool IsOdd(TextVector texts, int row) => IsBlank(texts, row) || texts.Utf8(row).Contains((byte)0);

    private static string? LabelProblem(TextVector cells, int row) =>
        IsBlank(cells, row) || cells.Utf8(row).Trim((byte)' ').IsEmpty ? "the label is missing"
        : LabelText.Parse(cells.Utf8(row)) < 0 ? $"the label is not {LabelText.Choices}"
        : null;
}
