using Tastemaker.Data;

namespace Tastemaker.Evaluation.Clicks;

/// <summary>What to know when reading the figures of labelled rows.</summary>
internal static class ClickNotes
{
    /// <summary>How many rows are of users or items that were never trained on.</summary>
    public static IEnumerable<string> Of(TrainingSet train, Dataset impressions)
    {
        var rows = impressions.Interactions;
        var users = CountUnseen(rows.Users, train.Interactions.Users, train.UserCount);
        var items = CountUnseen(rows.Items, train.Interactions.Items, train.ItemCount);
        if (users + items > 0)
        {
            yield return $"Of {rows.Count} labelled rows, {users} are of users and {items} of items that never occur in training; they count as all others do.";
        }
    }

    /// <summary>What the rows lack where a metric is undefined.</summary>
    public static string Lack(ClickPredictions clicks) => clicks.Positives switch
    {
        0 => "no row has label 1",
        var positives when positives == clicks.Count => "no row has label 0",
        _ => "no user has rows of both labels",
    };

    private static int CountUnseen(ReadOnlySpan<int> rows, ReadOnlySpan<int> trained, int count)
    {
        var seen = new bool[count];
        foreach (var index in trained)
        {
            seen[index] = true;
        }

        var unseen = 0;
        foreach (var index in rows)
        {
            unseen += seen[index] ? 0 : 1;
        }

        return unseen;
    }
}
