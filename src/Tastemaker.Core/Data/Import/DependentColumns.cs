using System.Runtime.InteropServices;
using Tastemaker.Data.Features;
using Tastemaker.Data.Import.Columns;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import;

/// <summary>
/// Columns of the interactions that tell something about the item or the user alone, such as a name or a category repeated in every row: they become features of
/// items and users, each with its most frequent value. A column depends on the item where at most 2 % of the rows differ from their item's usual value, and the item
/// explains nine tenths of what differs from the most frequent value of all (Goodman and Kruskal's lambda).
/// </summary>
internal static class DependentColumns
{
    // The first rows rule out most columns.
    private const int Sampled = 100_000;

    private const int FewestRepeats = 20;

    private const double MostExceptions = 0.02;

    private const double LeastLambda = 0.9;

    /// <summary>The data set with such columns moved.</summary>
    public static Dataset Move(Dataset data, List<string> warnings)
    {
        if (data.InteractionFeatures is not { Columns.Count: > 0 } table)
        {
            return data;
        }

        var (items, users, rest) = (new List<FeatureColumn>(), new List<FeatureColumn>(), new List<FeatureColumn>());
        foreach (var column in table.Columns)
        {
            var taken = data.ItemFeatures?.Find(column.Name) is not null || data.UserFeatures?.Find(column.Name) is not null;
            var usual = taken ? null : Usual(column, data.Interactions.Items, data.Items.Count);
            var (target, rows) = usual is not null ? (items, usual) : (users, taken ? null : Usual(column, data.Interactions.Users, data.Users.Count));
            (rows is null ? rest : target).Add(rows is null ? column : EntityReader.Place(column, rows));
        }

        Note("item", items, warnings);
        Note("user", users, warnings);
        return items.Count + users.Count == 0 ? data : data with
        {
            ItemFeatures = With(data.ItemFeatures, data.Items.Count, items),
            UserFeatures = With(data.UserFeatures, data.Users.Count, users),
            InteractionFeatures = rest.Count == 0 ? null : new FeatureTable(table.RowCount, rest),
        };
    }

    private static FeatureTable? With(FeatureTable? table, int count, List<FeatureColumn> added) =>
        added.Count == 0 ? table : new FeatureTable(count, [.. table?.Columns ?? [], .. added]);

    private static void Note(string kind, List<FeatureColumn> moved, List<string> warnings)
    {
        if (moved.Count > 0)
        {
            warnings.Add($"{string.Join(", ", moved.Select(column => $"'{column.Name}'"))} of the interactions {(moved.Count == 1 ? "depends" : "depend")} on the {kind} alone, and became {(moved.Count == 1 ? "a feature" : "features")} of {kind}s. "
                + "To keep such columns as features of interactions, set column-owner to interactions.");
        }
    }

    /// <summary>For each entity the row with its usual text (-1: none), and in how many rows another stands.</summary>
    public static int[] UsualText(TextColumn column, ReadOnlySpan<int> entities, int count, out long exceptions)
    {
        var votes = Vote<string?>(column.Values, string.IsNullOrEmpty, entities, count);
        exceptions = votes.Exceptions;
        return votes.Candidate;
    }

    /// <summary>For each entity the row with its usual value (-1: none), where the column depends on the entity; else null.</summary>
    private static int[]? Usual(FeatureColumn column, ReadOnlySpan<int> entities, int count) => column switch
    {
        // A name says itself that it is one: few repeats will do.
        TextColumn t when TitleNames.Has(t.Name) && Vote<string?>(t.Values, string.IsNullOrEmpty, entities, count) is { Rows: > 0 } votes
            && votes.Repeats > 0 && votes.Distinct > 1 && votes.Exceptions <= MostExceptions * votes.Rows => votes.Candidate,
        CategoricalColumn c => Usual<int>(c.Values, value => value < 0, entities, count),
        NumericColumn n => Usual<float>(n.Values, float.IsNaN, entities, count),
        TextColumn t => Usual<string?>(t.Values, string.IsNullOrEmpty, entities, count),
        _ => null,
    };

    private static int[]? Usual<T>(T[] values, Predicate<T> isMissing, ReadOnlySpan<int> entities, int count)
    {
        if (count < 2 || (values.Length > Sampled && Candidates(values.AsSpan(0, Sampled), isMissing, entities[..Sampled], count) is null))
        {
            return null;
        }

        return Candidates(values, isMissing, entities, count);
    }

    private static int[]? Candidates<T>(ReadOnlySpan<T> values, Predicate<T> isMissing, ReadOnlySpan<int> entities, int count)
    {
        var votes = Vote(values, isMissing, entities, count);
        if (votes.Distinct < 2 || votes.Repeats < FewestRepeats || votes.Exceptions > MostExceptions * votes.Rows)
        {
            return null;
        }

        var others = votes.Rows - votes.MostFrequent;
        return others - votes.Exceptions >= LeastLambda * others ? votes.Candidate : null;
    }

    // The majority of each entity's values by Boyer and Moore's votes; what is no majority is found out by counting again.
    private static Votes Vote<T>(ReadOnlySpan<T> values, Predicate<T> isMissing, ReadOnlySpan<int> entities, int count)
    {
        var same = EqualityComparer<T>.Default;
        var (candidate, votes) = (new int[count], new int[count]);
        Array.Fill(candidate, -1);
        var all = new Dictionary<Box<T>, int>();
        for (var row = 0; row < values.Length; row++)
        {
            if (isMissing(values[row]))
            {
                continue;
            }

            var entity = entities[row];
            CollectionsMarshal.GetValueRefOrAddDefault(all, new Box<T>(values[row]), out _)++;
            if (votes[entity] == 0)
            {
                (candidate[entity], votes[entity]) = (row, 1);
            }
            else
            {
                votes[entity] += same.Equals(values[row], values[candidate[entity]]) ? 1 : -1;
            }
        }

        var (rows, exceptions, present) = (0L, 0L, 0);
        for (var row = 0; row < values.Length; row++)
        {
            if (!isMissing(values[row]))
            {
                rows++;
                exceptions += same.Equals(values[row], values[candidate[entities[row]]]) ? 0 : 1;
            }
        }

        foreach (var row in candidate)
        {
            present += row >= 0 ? 1 : 0;
        }

        return new Votes(candidate, rows, exceptions, rows - present, all.Count, all.Count == 0 ? 0 : all.Values.Max());
    }

    /// <summary>What an entity's values have in common.</summary>
    /// <param name="Candidate">The row with the usual value of each entity.</param>
    /// <param name="Rows">Rows with a value.</param>
    /// <param name="Exceptions">Rows with another than the usual one.</param>
    /// <param name="Repeats">Rows beyond the first of each entity.</param>
    /// <param name="Distinct">Number of values.</param>
    /// <param name="MostFrequent">Rows with the most frequent value of all.</param>
    private readonly record struct Votes(int[] Candidate, long Rows, long Exceptions, long Repeats, int Distinct, long MostFrequent);

    private readonly record struct Box<T>(T Value);
}
