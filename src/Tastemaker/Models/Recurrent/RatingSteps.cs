using Tastemaker.Data;

namespace Tastemaker.Models.Recurrent;

/// <summary>
/// Ratings of users, or of items, cut into steps of time: a step is a stretch of the calendar in which the user or item has a rating or more. Steps are numbered through, one user or item after another.
/// </summary>
internal sealed class RatingSteps
{
    private readonly SparseRows rows;
    private readonly int[] offsets; // of the steps of each row
    private readonly List<long> calendar = []; // the stretch that each step is
    private readonly List<int> starts = []; // where the entries of each step begin, and the end of all

    /// <summary>Cuts rows in order of time.</summary>
    /// <param name="rows">Who rated what, when and how; without times, all of a row is one step at <paramref name="otherwise"/>.</param>
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

    /// <summary>Number of steps of all.</summary>
    public int Count => calendar.Count;

    /// <summary>Rows: users or items.</summary>
    public int RowCount => rows.RowCount;

    /// <summary>Steps of a row.</summary>
    public int StepsOf(int row) => offsets[row + 1] - offsets[row];

    /// <summary>The number of the first step of a row.</summary>
    public int FirstOf(int row) => offsets[row];

    /// <summary>The stretch of the calendar that a step is.</summary>
    public long Stretch(int step) => calendar[step];

    /// <summary>The stretch that a time lies in.</summary>
    public long At(long time) => Math.DivRem(time, Length) is var (whole, rest) && rest < 0 ? whole - 1 : whole;

    /// <summary>The entries of a step.</summary>
    public Range Entries(int step) => starts[step]..starts[step + 1];

    /// <summary>Who was rated, or who rated, in a step.</summary>
    public ReadOnlySpan<int> Others(int step) => rows.Columns[Entries(step)];

    /// <summary>The ratings of a step.</summary>
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
