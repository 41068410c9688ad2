using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Recommending;
using static TorchSharp.torch;

namespace Tastemaker.Models.Autoencoders;

/// <summary>
/// Rows of clicks as Multi-DAE and Multi-VAE read them (Liang et al. 2018): binary, divided by their L2 norm, sparse. Ratings and counts are not
/// looked at: what is in a row counts 1.
/// </summary>
/// <param name="Items">Items of all rows [nnz].</param>
/// <param name="Offsets">Row starts [B + 1].</param>
/// <param name="Values">1 / sqrt(row length), beside <paramref name="Items"/> [nnz].</param>
internal readonly record struct NormalizedClicks(Tensor Items, Tensor Offsets, Tensor Values)
{
    /// <summary>The rows of a batch; their items are distinct.</summary>
    public static NormalizedClicks Of(UserRowBatch batch)
    {
        var counts = batch.Offsets.narrow(0, 1, batch.Count) - batch.Offsets.narrow(0, 0, batch.Count);
        return new NormalizedClicks(batch.Items, batch.Offsets, counts.to(float32).rsqrt().repeat_interleave(counts.to(int64)));
    }

    /// <summary>The histories of requests; an item that occurs more than once counts once.</summary>
    public static NormalizedClicks Of(RequestBatch requests, Device device)
    {
        var (items, values) = (new int[requests.HistoryCount], new float[requests.HistoryCount]);
        var offsets = new int[requests.Count + 1];
        for (var request = 0; request < requests.Count; request++)
        {
            var row = items.AsSpan(offsets[request]);
            requests.History(request).CopyTo(row);
            var count = Distinct(row[..requests.History(request).Length]);
            offsets[request + 1] = offsets[request] + count;
            values.AsSpan(offsets[request], count).Fill(1 / MathF.Sqrt(count));
        }

        return new NormalizedClicks(
            tensor(items.AsSpan(0, offsets[^1]).ToArray(), device: device),
            tensor(offsets, device: device),
            tensor(values.AsSpan(0, offsets[^1]).ToArray(), device: device));
    }

    /// <summary>Brings the distinct items of a row to the front, in ascending order; returns how many there are.</summary>
    public static int Distinct(Span<int> row)
    {
        row.Sort();
        var count = 0;
        foreach (var item in row)
        {
            if (count == 0 || row[count - 1] != item)
            {
                row[count++] = item;
            }
        }

        return count;
    }

    /// <summary>The rows with values dropped at a rate and the rest scaled up, where training: dropout of clicks, after the normalization.</summary>
    public NormalizedClicks Corrupted(double rate, bool training) => this with { Values = nn.functional.dropout(Values, rate, training) };
}
