using Tastemaker.Data;
using static TorchSharp.torch;

namespace Tastemaker.Batches;

/// <summary>Reads the histories of requests, those of like length together, so that little is padding.</summary>
internal static class HistoryReader
{
    /// <summary>A vector per request [requests, width]; 0 without a history.</summary>
    /// <param name="requests">The requests.</param>
    /// <param name="most">Items of a history that are read, the newest.</param>
    /// <param name="width">Width of a vector.</param>
    /// <param name="atOnce">Requests per batch.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="read">Vectors of a batch of sequences [B, width].</param>
    /// <param name="following">What stands after the last item of each history, such as the index that masks an item; null for nothing.</param>
    public static Tensor Read(RequestBatch requests, int most, int width, int atOnce, Device device, Func<SequenceBatch, Tensor> read, int? following = null)
    {
        var vectors = zeros(requests.Count, width, device: device);
        int[] order = [.. Enumerable.Range(0, requests.Count).Where(request => Length(request) > 0).OrderBy(Length)];
        foreach (var chosen in order.Chunk(atOnce))
        {
            using var scope = NewDisposeScope();
            using var batch = new SequenceBatch();
            batch.Fill(chosen.Length, Length(chosen[^1]) + (following is null ? 0 : 1), row => Sequence(chosen[row]));
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
