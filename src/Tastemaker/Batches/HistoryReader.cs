using Tastemaker.Data;
using static TorchSharp.torch;

namespace Tastemaker.Batches;

/// <summary>Reads the histories of requests in batches of similar length, so that little is padding.</summary>
internal static class HistoryReader
{
    /// <summary>A vector per request [requests, width]; a request without a history gets zeros.</summary>
    /// <param name="requests">The requests.</param>
    /// <param name="most">Most items of a history that are read; of longer histories the newest are read.</param>
    /// <param name="width">Width of a vector.</param>
    /// <param name="atOnce">Requests per batch.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="read">Computes the vectors of a batch of sequences [B, width].</param>
    /// <param name="following">An index that is put after the last item of each history, such as that of the mask; null for none.</param>
    public static Tensor Read(RequestBatch requests, int most, int width, int atOnce, Device device, Func<SequenceBatch, Tensor> read, int? following = null)
    {
        var vectors = zeros(requests.Count, width, device: device);
        int[] order = [.. Enumerable.Range(0, requests.Count).Where(request => Length(request) > 0).OrderBy(Length)];
        foreach (var chosen in order.Chunk(atOnce))
        {
            using var scope = NewDisposeScope();
            using var batch = new SequenceBatch();
            batch.Fill(chosen.Length, row => Sequence(chosen[row]));
            batch.Load(device);
            vectors.index_copy_(0, tensor(Array.ConvertAll(chosen, request => (long)request), device: device), read(batch));
        }

        return vectors;

        int Length(int request) => Math.Min(most, requests.History(request).Length);

        ReadOnlySpan<int> Sequence(int request)
        {
            var newest = requests.History(request)[^Length(request)..];
            return following is { } item ? (int[])[.. newest, item] : newest;
        }
    }
}
