using Tastemaker.Data;
using Tastemaker.Recommending;
using static TorchSharp.torch;

namespace Tastemaker.Batches;

/// <summary>Rows of ratings as tensors: row <c>r</c> holds the columns and values <c>Offsets[r]..Offsets[r+1]</c>. Columns of a row are distinct.</summary>
/// <param name="Columns">Columns of all rows [nnz], int32.</param>
/// <param name="Offsets">Row starts [B + 1], int32.</param>
/// <param name="Values">Ratings beside <paramref name="Columns"/> [nnz].</param>
internal readonly record struct RatingTensors(Tensor Columns, Tensor Offsets, Tensor Values)
{
    /// <summary>B.</summary>
    public long RowCount => Offsets.shape[0] - 1;

    /// <summary>nnz.</summary>
    public long EntryCount => Columns.shape[0];

    /// <summary>Entries of each row [B], int64.</summary>
    public Tensor Counts => (Offsets.narrow(0, 1, RowCount) - Offsets.narrow(0, 0, RowCount)).to(int64);

    /// <summary>The row of each entry [nnz], int64.</summary>
    public Tensor RowOfEntry => RowIndices.Of(Offsets, EntryCount);

    /// <summary>The rows of a batch.</summary>
    public static RatingTensors Of(UserRowBatch batch) => new(batch.Items, batch.Offsets, batch.Values);

    /// <summary>Some rows of a matrix.</summary>
    public static RatingTensors Of(SparseRows rows, int first, int count, Device device)
    {
        var (begin, end) = (rows.Offsets[first], rows.Offsets[first + count]);
        var offsets = rows.Offsets.Slice(first, count + 1).ToArray();
        for (var row = 0; row <= count; row++)
        {
            offsets[row] -= begin;
        }

        return new RatingTensors(
            tensor(rows.Columns[begin..end].ToArray(), device: device),
            tensor(offsets, device: device),
            tensor(rows.HasValues ? rows.Values[begin..end].ToArray() : new float[end - begin], device: device));
    }

    /// <summary>The histories of requests: of an item that occurs more than once the latest value.</summary>
    /// <param name="requests">The requests.</param>
    /// <param name="isKnown">Whether an item is kept.</param>
    /// <param name="absent">The value of items without one.</param>
    /// <param name="device">Where the tensors go.</param>
    public static RatingTensors Of(RequestBatch requests, ReadOnlySpan<bool> isKnown, float absent, Device device)
    {
        var (columns, values, offsets) = (new List<int>(requests.HistoryCount), new List<float>(requests.HistoryCount), new int[requests.Count + 1]);
        var latest = new SortedDictionary<int, float>();
        for (var request = 0; request < requests.Count; request++)
        {
            latest.Clear();
            var items = requests.History(request);
            var ratings = requests.HistoryValues(request);
            for (var entry = 0; entry < items.Length; entry++)
            {
                if (isKnown[items[entry]])
                {
                    latest[items[entry]] = ratings.IsEmpty ? absent : ratings[entry];
                }
            }

            columns.AddRange(latest.Keys);
            values.AddRange(latest.Values);
            offsets[request + 1] = columns.Count;
        }

        return new RatingTensors(tensor(columns.ToArray(), device: device), tensor(offsets, device: device), tensor(values.ToArray(), device: device));
    }
}
