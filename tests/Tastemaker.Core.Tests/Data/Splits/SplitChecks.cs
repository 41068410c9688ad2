using Tastemaker.Data;
using Tastemaker.Data.Splits;

namespace Tastemaker.Core.Tests.Data.Splits;

/// <summary>What every split owes to whoever trains and measures on it.</summary>
internal static class SplitChecks
{
    /// <summary>Checks the contract of <see cref="HoldOut"/> on all parts.</summary>
    public static void ShouldKeepTheContract(this Split split, bool repeats = false)
    {
        foreach (var part in new[] { split.Validation, split.Test }.OfType<HoldOut>())
        {
            part.Targets.RowCount.ShouldBe(part.Count);
            part.Targets.ColumnCount.ShouldBe(split.Train.ItemCount);
            part.Targets.HasValues.ShouldBe(split.Train.Interactions.HasValues);
            for (var request = 0; request < part.Count; request++)
            {
                Check(split, part, request, repeats);
            }
        }
    }

    /// <summary>Training rows and targets by identifier, "part user item", sorted; users by their index, so for splits of known users.</summary>
    public static string[] Everything(this Split split) =>
    [
        .. split.Train.Data.Pairs().Concat(Listing(split, split.Validation)).Concat(Listing(split, split.Test)).Order(StringComparer.Ordinal),
    ];

    /// <summary>The targets as "user item"; "?" for strangers.</summary>
    public static IEnumerable<string> Listing(this Split split, HoldOut? part)
    {
        for (var request = 0; request < (part?.Count ?? 0); request++)
        {
            var user = part!.Requests.Users[request];
            foreach (var item in part.Targets[request].ToArray())
            {
                yield return $"{(user < 0 ? "?" : split.Train.Data.Users[user])} {split.Train.Data.Items[item]}";
            }
        }
    }

    private static void Check(Split split, HoldOut part, int request, bool repeats)
    {
        var targets = part.Targets[request].ToArray();
        targets.ShouldNotBeEmpty();
        targets.ShouldBe(targets.Distinct().Order());
        var user = part.Requests.Users[request];
        var history = part.Requests.History(request).ToArray();
        if (user >= 0)
        {
            history.ShouldNotBeEmpty();
            var trained = split.Train.ByUser[user].ToArray();
            var ordered = part == split.Test && split.Validation is not null && new[] { "leave-one-out(by=time", "leave-one-out(by=order", "temporal" }.Any(split.Description.StartsWith);
            if (ordered)
            {
                // What is validated happened before the test, so it is history by then.
                trained.Except(history).ShouldBeEmpty();
                var own = Whole(split).Where(pair => pair.User == user).Select(pair => pair.Item);
                history.Except(trained).Except(own).ShouldBeEmpty();
            }
            else
            {
                history.ShouldBe(trained);
            }
        }

        if (!repeats)
        {
            history.Intersect(targets).ShouldBeEmpty();
        }

        if (part.Excluded is { } excluded)
        {
            var seen = excluded[request].ToArray();
            seen.ShouldBe(seen.Distinct().Order());
            seen.Intersect(targets).ShouldBeEmpty();
            history.Except(seen).ShouldBeEmpty();
        }

        if (part.Candidates is { } candidates)
        {
            targets.Except(candidates[request].ToArray()).ShouldBeEmpty();
            candidates[request].ToArray().ShouldBe(candidates[request].ToArray().Distinct().Order());
        }
    }

    private static IEnumerable<(int User, int Item)> Whole(Split split) =>
        split.Whole!.Interactions.Users.ToArray().Zip(split.Whole.Interactions.Items.ToArray());
}
