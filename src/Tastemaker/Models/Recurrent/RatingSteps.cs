using Tastemaker.Data;

namespace Tastemaker.Models.Recurrent;

/// <summary>
/// The ratings of each row (a user or an item) divided into steps of time. The calendar is divided into stretches of equal length; a stretch in which a row has a rating is a step of that row. Steps are numbered consecutively over all rows.
/// </summary>
internal sealed class RatingSteps
{
    private readonly SparseRows rows;
    private readonly int[] offsets; // of the steps of each row
    private readonly List<long> calendar = []; // the stretch of each step
    private readonly List<int> starts = []; // where the entries of each step begin, and the end of all

    /// <summary>The steps of rows whose entries are in order of time.</summary>
    /// <param name="rows">The ratings. Without times, all ratings of a row are one step at <paramref name="otherwise"/>.</param>
    /// <param name="length">Length of a stretch in microseconds.</param>
    /// <param name="otherwise">The time of rows without times.</param>
    public RatingSteps(SparseRows rows, long length, long otherwise)
    {
        (this.rows, Length) = (rows, length);
        offsets = new int[rows.RowCount + 1];
        for (var row = 0; row < rows.RowCount; row++)
        {
            var times = rows.RowTimes(row);
            for (var entry = 0; entry < rows.Length(row); entry++)
            {
                var stretch = At(times.IsEmpty ? otherwise : times[entry]);
                if (entry == 0 || calendar[^1] != stretch)
                {
                    calendar.Add(stretch);
                    starts.Add(rows.Offsets[row] + entry);
                }
            }

            offsets[row + 1] = calendar.Count;
        }

        starts.Add(rows.EntryCount);
    }

    /// <summary>Length of a stretch in microseconds.</summary>
    public long Length { get; }

    /// <summary>Number of steps of all rows.</summary>
    public int Count => calendar.Count;

    /// <summary>Number of rows: users or items.</summary>
    public int RowCount => rows.RowCount;

    /// <summary>Number of steps of a row.</summary>
    public int StepsOf(int row) => offsets[row + 1] - offsets[row];

    /// <summary>The number of the first step of a row.</summary>
    public int FirstOf(int row) => offsets[row];

    /// <summary>The stretch of the calendar of a step, by number.</summary>
    public long Stretch(int step) => calendar[step];

    /// <summary>The number of the stretch that contains a time.</summary>
    public long At(long time) => Math.DivRem(time, Length) is var (whole, rest) && rest < 0 ? whole - 1 : whole;

    /// <summary>The entries of a step, as a range of the entries of all rows.</summary>
    public Range Entries(int step) => starts[step]..starts[step + 1];

    /// <summary>The items rated in a step of a user, or the users who rated in a step of an item.</summary>
    public ReadOnlySpan<int> Others(int step) => rows.Columns[Entries(step)];

    /// <summary>The ratings of a step; empty where there are no values.</summary>
    public ReadOnlySpan<float> Ratings(int step) => rows.HasValues ? rows.Values[Entries(step)] : [];

    /// <summary>The last step of a row that is no later than a stretch; -1 where there is none.</summary>
    public int Latest(int row, long stretch)
    {
        var (low, high) = (offsets[row], offsets[row + 1]);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = calendar[middle] <= stretch ? (middle + 1, high) : (low, middle);
        }

        return low == offsets[row] ? -1 : low - 1;
    }

    /// <summary>Mean and standard deviation of the stretches: the scale of the clock.</summary>
    public (double Mean, double Deviation) Clock()
    {
        var mean = calendar.Count == 0 ? 0 : calendar.Average();
        var deviation = calendar.Count == 0 ? 1 : Math.Sqrt(calendar.Average(stretch => (stretch - mean) * (stretch - mean)));
        return (mean, deviation > 0 ? deviation : 1);
    }
}
