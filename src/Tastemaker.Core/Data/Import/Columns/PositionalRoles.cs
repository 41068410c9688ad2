using Tastemaker.Data.Import.Formats;

namespace Tastemaker.Data.Import.Columns;

/// <summary>Where text has no header line, only the position says what a column is; its values say whether that can be.</summary>
internal static class PositionalRoles
{
    // A third column of whole numbers this large is a Unix time (from 1973), not a value.
    private const double SmallestTime = 1e8;

    /// <summary>The roles that the values allow, of the columns that no option names.</summary>
    /// <param name="relation">The interactions.</param>
    /// <param name="roles">The roles by position.</param>
    /// <param name="statistics">What the values of columns with roles look like.</param>
    /// <param name="options">What the user asked for.</param>
    /// <param name="warnings">Receives a sentence for each role that changes.</param>
    /// <exception cref="InputException">Dates stand in the place of identifiers.</exception>
    public static ColumnRoles Check(
        Relation relation, ColumnRoles roles, IReadOnlyDictionary<SourceColumn, ColumnStatistics> statistics, DataOptions options, List<string> warnings)
    {
        List<string> dates = [.. new (SourceColumn? Column, string? Asked)[] { (roles.User, options.User), (roles.Item, options.Item) }
            .Where(pair => pair is { Asked: null, Column: not null } && statistics[pair.Column].IsCalendar)
            .Select(pair => $"{relation.Label} has no header line, and {pair.Column!.Name}, which stands in the place of identifiers, holds dates. " +
                "Say which columns are what by position, such as user 1, time 2, item 3.")];
        if (dates.Count > 0)
        {
            throw new InputException(dates);
        }

        if (options.Value is null && options.Time is null && roles is { Time: null, Value: { } third } && statistics[third].IsDate)
        {
            warnings.Add($"Column {third.Name} of {relation.Label} holds dates and was taken for the time, not the value.");
            roles = roles with { Time = third, Value = null };
        }

        if (options.Value is null && roles.Value is { } value && statistics[value].IsText)
        {
            warnings.Add(NotTaken(relation, value, "value"));
            roles = roles with { Value = null };
        }

        if (options.Time is null && options.TimeFormat is null && roles.Time is { } time && (statistics[time].IsText || statistics[time].IsWords))
        {
            warnings.Add(NotTaken(relation, time, "time"));
            roles = roles with { Time = null };
        }

        if (options.Value is not null || options.Time is not null || roles is not { Time: null, Value: { } number } || statistics[number] is not { IsInteger: true, Largest: >= SmallestTime })
        {
            return roles;
        }

        warnings.Add($"Column {number.Name} of {relation.Label} holds numbers up to {statistics[number].Largest:F0} and was taken for times, not values.");
        return roles with { Time = number, Value = null };
    }

    private static string NotTaken(Relation relation, SourceColumn column, string role) =>
        $"{relation.Label} has no header line, and {column.Name}, which stands in the place of the {role}, holds neither numbers nor dates, so it was not taken for the {role}. "
        + (role == "time" ? $"If it is the time, set time-format to how it is written, such as \"%d.%m.%Y %H:%M\"." : "It can be a feature; to use what the words mean, say by a query which of them count, such as SELECT *, column3 = 'buy' AS label FROM 'log.csv' on duckdb:.");
}
