using System.Globalization;
using Tastemaker.Data.Features;
using Tastemaker.Data.Import;

namespace Tastemaker.Data.Inspection;

/// <summary>Looks at data sets before anything is trained on them.</summary>
public static class DatasetInspector
{
    private const int SingleValues = 20;
    private const int Intervals = 10;

    /// <summary>Imports and inspects.</summary>
    /// <exception cref="InputException">The data cannot be used.</exception>
    public static DatasetInspection Inspect(DataOptions options, IProgress<ImportProgress>? progress = null, CancellationToken cancellation = default)
    {
        var (dataset, report) = DatasetImport.ImportWithReport(options, progress, cancellation);
        var inspection = Inspect(dataset);
        return inspection with { Import = report, Warnings = [.. report.Warnings.Union(inspection.Warnings)] };
    }

    /// <summary>Inspects a data set.</summary>
    public static DatasetInspection Inspect(Dataset dataset) => Inspect(dataset, TimeProvider.System);

    /// <summary>Inspects a data set.</summary>
    /// <param name="dataset">The data.</param>
    /// <param name="clock">Tells which times lie in the future.</param>
    public static DatasetInspection Inspect(Dataset dataset, TimeProvider clock)
    {
        var interactions = dataset.Interactions;
        var userCounts = Counts(interactions.Users, dataset.Users.Count);
        var itemCounts = Counts(interactions.Items, dataset.Items.Count);
        var distinct = interactions.ByUser(dataset.Users.Count, dataset.Items.Count).SortedByColumn().EntryCount;
        var pairs = (double)dataset.Users.Count * dataset.Items.Count;
        return new DatasetInspection
        {
            Name = dataset.Name,
            Users = dataset.Users.Count,
            Items = dataset.Items.Count,
            Interactions = interactions.Count,
            DistinctPairs = distinct,
            Density = pairs == 0 ? 0 : distinct / pairs,
            PerUser = Distribution.Of(userCounts),
            PerItem = Distribution.Of(itemCounts),
            PositiveShare = dataset.IsLabelled ? (double)interactions.Values.Count(1f) / Math.Max(1, interactions.Count) : null,
            Values = Histogram(interactions.Values),
            Times = Period(interactions.Times),
            Titles = dataset.ItemTitles?.Name,
            Features = [.. Summaries("user", dataset.UserFeatures), .. Summaries("item", dataset.ItemFeatures), .. Summaries("interaction", dataset.InteractionFeatures)],
            Warnings = [.. Warnings(dataset, userCounts, itemCounts, distinct, clock)],
            Memory = MemoryPlan.For(dataset),
            Fingerprint = dataset.Fingerprint,
        };
    }

    private static int[] Counts(ReadOnlySpan<int> indexes, int count)
    {
        var counts = new int[count];
        foreach (var index in indexes)
        {
            counts[index]++;
        }

        return counts;
    }

    private static List<ValueCount> Histogram(ReadOnlySpan<float> values)
    {
        var single = new SortedDictionary<float, long>();
        foreach (var value in values)
        {
            single[value] = single.GetValueOrDefault(value) + 1;
            if (single.Count > SingleValues)
            {
                return Bars(values);
            }
        }

        return [.. single.Select(pair => new ValueCount(pair.Key, pair.Key, pair.Value))];
    }

    private static List<ValueCount> Bars(ReadOnlySpan<float> values)
    {
        var (least, most) = (float.MaxValue, float.MinValue);
        foreach (var value in values)
        {
            (least, most) = (Math.Min(least, value), Math.Max(most, value));
        }

        var width = ((double)most - least) / Intervals;
        var counts = new long[Intervals];
        foreach (var value in values)
        {
            counts[Math.Min(Intervals - 1, (int)((value - least) / width))]++;
        }

        return [.. counts.Select((count, bar) => new ValueCount((float)(least + (bar * width)), (float)(least + ((bar + 1) * width)), count))];
    }

    private static TimePeriod? Period(ReadOnlySpan<long> times)
    {
        if (times.IsEmpty)
        {
            return null;
        }

        var (first, last) = (long.MaxValue, long.MinValue);
        foreach (var time in times)
        {
            (first, last) = (Math.Min(first, time), Math.Max(last, time));
        }

        return new TimePeriod(Timestamps.Moment(first), Timestamps.Moment(last));
    }

    private static IEnumerable<FeatureSummary> Summaries(string of, FeatureTable? table) => table?.Columns.Select(column => column switch
    {
        CategoricalColumn c => new FeatureSummary(of, c.Name, "categorical", c.Categories.Count, c.Values.Count(value => value < 0)),
        MultiCategoricalColumn m => new FeatureSummary(of, m.Name, "multi-categorical", m.Categories.Count, Enumerable.Range(0, m.RowCount).Count(row => m.Values.Length(row) == 0)),
        NumericColumn n => new FeatureSummary(of, n.Name, "numeric", null, n.Values.Count(float.IsNaN)),
        TextColumn t => new FeatureSummary(of, t.Name, "text", null, t.Values.Count(string.IsNullOrEmpty)),
        WordSequenceColumn w => new FeatureSummary(of, w.Name, "words", w.Words.Count, Enumerable.Range(0, w.RowCount).Count(row => w.Values.Length(row) == 0)),
        _ => new FeatureSummary(of, column.Name, column.GetType().Name, null, 0),
    }) ?? [];

    private static IEnumerable<string> Warnings(Dataset dataset, int[] userCounts, int[] itemCounts, long distinct, TimeProvider clock)
    {
        var rows = dataset.Interactions.Count;
        if (dataset.IsLabelled)
        {
            // Impressions repeat, and users and items need not be people and things.
            foreach (var warning in TimeChecks.Warnings(dataset.Interactions.Times, clock).Concat(OneLabel(dataset.Interactions.Values)))
            {
                yield return warning;
            }

            yield break;
        }

        if (distinct < rows)
        {
            yield return $"{rows - distinct:N0} rows ({Share(rows - distinct, rows)}) repeat a user-item pair. For ratings, remove duplicates; in sessions, repeats are natural.";
        }

        if (rows > 1 && dataset.Interactions.HasValues && IsConstant(dataset.Interactions.Values))
        {
            yield return $"All values are {dataset.Interactions.Values[0].ToString(CultureInfo.InvariantCulture)}: the data says who met what, but rates nothing. Rating prediction has nothing to learn.";
        }

        foreach (var warning in TimeChecks.Warnings(dataset.Interactions.Times, clock).Concat(Rare("user", userCounts)).Concat(Rare("item", itemCounts)))
        {
            yield return warning;
        }
    }

    private static IEnumerable<string> OneLabel(ReadOnlySpan<float> labels) => labels.IsEmpty || !IsConstant(labels) ? [] :
        [$"All labels are {labels[0].ToString(CultureInfo.InvariantCulture)}: there is nothing to tell apart.{(labels[0] > 0 ? " Set the filters positives and negatives to add rows with label 0." : "")}"];

    private static bool IsConstant(ReadOnlySpan<float> values) => !values.ContainsAnyExcept(values[0]);

    private static IEnumerable<string> Rare(string kind, int[] counts)
    {
        var once = counts.Count(count => count == 1);
        var never = counts.Count(count => count == 0);
        if (once > 0)
        {
            yield return $"{once:N0} {kind}s ({Share(once, counts.Length)}) have a single interaction; leaving one out leaves them none. Consider k-core.";
        }

        if (never > 0)
        {
            yield return $"{never:N0} {kind}s ({Share(never, counts.Length)}) have no interaction.";
        }
    }

    private static string Share(long part, long whole) => (100.0 * part / whole).ToString("0.##", CultureInfo.InvariantCulture) + " %";
}
