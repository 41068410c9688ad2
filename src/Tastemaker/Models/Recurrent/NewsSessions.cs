using System.Globalization;
using Tastemaker.Data;
using Tastemaker.Data.Features;

namespace Tastemaker.Models.Recurrent;

/// <summary>A list of articles that a user was shown, of which some were clicked.</summary>
/// <param name="Before">Articles that the user clicked before this session.</param>
/// <param name="Clicked">P+: the clicked articles.</param>
/// <param name="Shown">P-: the articles that were shown and not clicked.</param>
/// <param name="ClickedPositions">Where the clicked ones stood; empty where that is not known.</param>
/// <param name="ShownPositions">Where the others stood.</param>
internal sealed record NewsSession(int Before, int[] Clicked, int[] Shown, int[] ClickedPositions, int[] ShownPositions);

/// <summary>The sessions of labelled data: rows of a user with one value in the session column.</summary>
internal static class NewsSessions
{
    /// <summary>The sessions of each user that compare something: with an article of either kind.</summary>
    /// <param name="train">Labelled data.</param>
    /// <param name="sessionColumn">The column of interactions that tells sessions apart; rows without a value belong to none.</param>
    /// <param name="positionColumn">The column of interactions that holds positions; "" for none.</param>
    /// <param name="mostPositions">The last position with a bias of its own; those below share it.</param>
    /// <exception cref="InputException">The data has no labels or no such column, a position is not a number, or there is nothing to compare.</exception>
    public static NewsSession[][] Of(TrainingSet train, string sessionColumn, string positionColumn, int mostPositions)
    {
        Check(train, sessionColumn, positionColumn);
        var session = Column(train, sessionColumn)!;
        var positions = positionColumn.Length > 0 ? Positions(Column(train, positionColumn)!, mostPositions) : null;
        var timelines = new UserTimelines(train.Interactions, train.UserCount);
        NewsSession[][] all = [.. Enumerable.Range(0, train.UserCount).Select(user => OfUser(train, timelines[user], session, positions))];
        return Array.Exists(all, own => own.Length > 0) ? all : throw new InputException(
            $"session-column: no session of '{train.Data.Name}' by '{session.Name}' holds both a clicked and an unclicked article, so that there is nothing to compare. Name another column, or leave session-column empty to learn from clicks alone.");
    }

    /// <summary>Fails where there are no sessions to be read.</summary>
    /// <exception cref="InputException">The data has no labels or no such column.</exception>
    public static void Check(TrainingSet train, string sessionColumn, string positionColumn)
    {
        if (!train.Data.IsLabelled)
        {
            throw new InputException($"session-column: the rows of '{train.Data.Name}' have no labels 1 (clicked) and 0 (shown). Name the column of labels on import, or leave session-column empty to learn from clicks alone.");
        }

        foreach (var (option, name) in new[] { ("session-column", sessionColumn), ("position-column", positionColumn) })
        {
            if (name.Length > 0 && Column(train, name) is null)
            {
                var there = train.Data.InteractionFeatures?.Columns.Select(column => column.Name).ToList() ?? [];
                throw new InputException($"{option}: the interactions of '{train.Data.Name}' have no column '{name}'. " + (there.Count > 0 ? $"There is {string.Join(", ", there)}." : "They have no further columns: import a file that holds it."));
            }
        }
    }

    private static FeatureColumn? Column(TrainingSet train, string name) => train.Data.InteractionFeatures?.Find(name);

    private static NewsSession[] OfUser(TrainingSet train, ReadOnlySpan<int> rows, FeatureColumn session, int[]? positions)
    {
        var (order, groups, before, clicks) = (new List<string>(), new Dictionary<string, List<int>>(), new Dictionary<string, int>(), 0);
        foreach (var row in rows)
        {
            if (session.Describe(row) is { Length: > 0 } key)
            {
                if (!groups.TryGetValue(key, out var group))
                {
                    order.Add(key);
                    groups.Add(key, group = []);
                    before.Add(key, clicks);
                }

                group.Add(row);
            }

            clicks += IsClick(row) ? 1 : 0;
        }

        return [.. order.Select(key => Made(before[key], groups[key])).Where(made => made.Clicked.Length > 0 && made.Shown.Length > 0)];

        bool IsClick(int row) => train.Interactions.Values[row] > 0;
        int Item(int row) => train.Interactions.Items[row];
        NewsSession Made(int count, List<int> group)
        {
            int[] clicked = [.. group.Where(IsClick)], shown = [.. group.Where(row => !IsClick(row))];
            return new NewsSession(count, [.. clicked.Select(Item)], [.. shown.Select(Item)], Places(clicked), Places(shown));
        }

        int[] Places(int[] chosen) => positions is null ? [] : Array.ConvertAll(chosen, row => positions[row]);
    }

    private static int[] Positions(FeatureColumn column, int most) => [.. Enumerable.Range(0, column.RowCount).Select(row =>
        double.TryParse(column.Describe(row), NumberStyles.Float, CultureInfo.InvariantCulture, out var position) && double.IsFinite(position)
            ? (int)Math.Clamp(Math.Round(position), 0, most)
            : throw new InputException($"position-column: row {row + 1} has '{column.Describe(row)}' in '{column.Name}', which is not a position. Give every row a number, 1 for the first place."))];
}
