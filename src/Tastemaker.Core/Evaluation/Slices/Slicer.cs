using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation.Clicks;
using Tastemaker.Evaluation.Metrics;

namespace Tastemaker.Evaluation.Slices;

/// <summary>The slices that were asked for: columns looked up before anything is measured, figures taken after.</summary>
internal sealed class Slicer
{
    private readonly List<(string Name, IReadOnlyList<(string Value, int[] Units)> Groups)> slices;
    private readonly bool[] measured;

    /// <summary>Looks up the columns.</summary>
    /// <param name="names">Columns.</param>
    /// <param name="train">Has the features of users and items, and counts.</param>
    /// <param name="holdOut">What is measured.</param>
    /// <param name="ofRows">Whether click metrics are: labelled rows are then sliced, else requests.</param>
    /// <exception cref="InputException">Columns that are not there or have no groups: all at once.</exception>
    public Slicer(IReadOnlyList<string> names, TrainingSet train, HoldOut holdOut, bool ofRows)
    {
        if (names.Count == 0)
        {
            (slices, measured) = ([], []);
            return;
        }

        var problems = new List<string>();
        var units = ofRows ? SlicedUnits.Rows(train, holdOut.Impressions!) : SlicedUnits.Requests(train, holdOut);
        slices = [.. names.Distinct().Select(name => (name, units.Group(name, problems)))];
        measured = units.Measured;
        if (problems.Count > 0)
        {
            throw new InputException(problems);
        }
    }

    /// <summary>Click metrics by group of labelled rows.</summary>
    public IReadOnlyList<Slice> Measure(ClickPredictions clicks, IReadOnlyList<MetricKey> keys) => Measure(units =>
    {
        var own = clicks.Select(units);
        return keys.Select(key => (key.Name, ((RowMetric)key.Metric).Measure(own)));
    });

    /// <summary>Means by group of requests.</summary>
    public IReadOnlyList<Slice> Measure(IReadOnlyDictionary<string, float[]> perRequest) => Measure(units => perRequest.Select(column =>
        (column.Key, units.Select(unit => (double)column.Value[unit]).Where(value => !double.IsNaN(value)).DefaultIfEmpty(double.NaN).Average())));

    private IReadOnlyList<Slice> Measure(Func<int[], IEnumerable<(string Metric, double Value)>> figures) =>
        [.. slices.Select(slice => new Slice(slice.Name, [.. slice.Groups
            .Select(group => (group.Value, Units: Array.FindAll(group.Units, unit => measured[unit])))
            .Where(group => group.Units.Length > 0)
            .Select(group => new SliceGroup(group.Value, group.Units.Length, new OrderedDictionary<string, double>(
                figures(group.Units).Where(figure => !double.IsNaN(figure.Value)).Select(figure => KeyValuePair.Create(figure.Metric, figure.Value)))))]))];
}
