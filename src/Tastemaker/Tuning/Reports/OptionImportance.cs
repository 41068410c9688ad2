using Tastemaker.Tuning.Space;
using Tastemaker.Tuning.Trials;

namespace Tastemaker.Tuning.Reports;

/// <summary>
/// How much of the differences between trials one option explains by itself: the trials are put into groups by the option's value (ranges: up to
/// five groups of equal size), and the share of the variance of the trials' ranks that lies between the groups is given, corrected for the share
/// that as many groups of chance would have (adjusted R squared of a one-way analysis of variance, 0 at least). Effects that options have only
/// together do not count, and a search that looks where it is good sees less of the bad values than a random one.
/// </summary>
/// <param name="Name">The option.</param>
/// <param name="Share">0 to 1.</param>
internal sealed record OptionImportance(string Name, double Share)
{
    private const int MostGroups = 5;
    private const int LeastInGroup = 4;

    /// <summary>All searched options, the most important first.</summary>
    public static IReadOnlyList<OptionImportance> Of(TuningPlan plan, IReadOnlyList<Trial> trials)
    {
        // With halving all trials have a figure at the first rung, and only some at others.
        var ranked = HalvingRungs.Ranked(trials.Where(trial => trial.Results.Count > 0), 0, plan.IsBetter).ToList();
        return [.. plan.Space.Dimensions.Select(dimension => new OptionImportance(dimension.Name, Explained(Groups(dimension, ranked)))).OrderByDescending(option => option.Share)];
    }

    /// <summary>Adjusted R squared of groups; 0 where there are too few values to tell.</summary>
    public static double Explained(IReadOnlyList<double[]> groups)
    {
        var all = groups.SelectMany(group => group).ToArray();
        if (groups.Count < 2 || all.Length <= groups.Count)
        {
            return 0;
        }

        var total = Scatter(all) / (all.Length - 1);
        var within = groups.Sum(Scatter) / (all.Length - groups.Count);
        return total > 0 ? Math.Max(0, 1 - (within / total)) : 0;
    }

    private static List<double[]> Groups(SearchDimension dimension, List<Trial> ranked)
    {
        var places = ranked.Select((trial, place) => (trial.Point, Rank: (double)place)).ToList();
        if (dimension is not RangeDimension range)
        {
            return [.. places.GroupBy(trial => trial.Point[dimension.Name]).Select(group => group.Select(trial => trial.Rank).ToArray())];
        }

        var ordered = places.Select(trial => (Coordinate: range.Coordinate(trial.Point[range.Name]), trial.Rank))
            .Where(trial => trial.Coordinate is not null).OrderBy(trial => trial.Coordinate).ToList();
        var count = Math.Clamp(ordered.Count / LeastInGroup, 1, MostGroups);
        return [.. Enumerable.Range(0, count).Select(group => ordered[(group * ordered.Count / count)..((group + 1) * ordered.Count / count)].Select(trial => trial.Rank).ToArray())];
    }

    private static double Scatter(double[] values)
    {
        var mean = values.Length == 0 ? 0 : values.Average();
        return values.Sum(value => (value - mean) * (value - mean));
    }
}
