using Tastemaker.Data;
using Tastemaker.Native;
using static TorchSharp.torch;

namespace Tastemaker.Models.Recurrent;

/// <summary>Reads the histories of requests by the layers of GRU4Rec.</summary>
/// <param name="network">The layers.</param>
/// <param name="layers">Units of each.</param>
internal sealed class Gru4RecHistories(Gru4RecNetwork network, IReadOnlyList<int> layers)
{
    private KeptStates<float[]> kept = new(); // the states of all layers
    private long itemsRead;

    /// <summary>How many items were read to advance histories from states that are known.</summary>
    public long ItemsRead => Interlocked.Read(ref itemsRead);

    /// <summary>Forgets the states of histories: the weights have changed.</summary>
    public void Forget() => kept = new KeptStates<float[]>();

    /// <summary>The last layer's state [requests, width] after each request's history.</summary>
    public Tensor LastStates(RequestBatch requests) => requests.Count > KeptStates<float[]>.MostTogether ? Walked(requests) : Advanced(requests);

    // Histories that go on from states that are known; of others, all items are new.
    private Tensor Advanced(RequestBatch requests)
    {
        var (device, width) = (network.ItemVectors.device, layers.Sum());
        var (known, start) = (new int[requests.Count], new float[requests.Count * width]);
        var identities = new (UInt128 Whole, UInt128? Before)[requests.Count];
        for (var request = 0; request < requests.Count; request++)
        {
            var beginnings = HistoryIdentity.Beginnings(requests.History(request));
            var (place, state) = kept.Longest(beginnings);
            (known[request], identities[request]) = (place + 1, (beginnings.LastOrDefault(), place < 0 ? null : beginnings[place]));
            state?.CopyTo(start, request * width);
        }

        var all = tensor(start, device: device).view(requests.Count, width);
        Tensor[] states = [.. layers.Select((units, layer) => all.narrow(1, layers.Take(layer).Sum(), units))];
        for (var step = 0; Enumerable.Range(0, requests.Count).Where(request => requests.History(request).Length > known[request] + step).ToArray() is { Length: > 0 } going; step++)
        {
            using var scope = NewDisposeScope();
            Interlocked.Add(ref itemsRead, going.Length);
            var rows = tensor(Array.ConvertAll(going, request => (long)request), device: device);
            var after = network.Step(tensor(Array.ConvertAll(going, request => requests.History(request)[known[request] + step]), device: device), [.. states.Select(state => state.index_select(0, rows))]);
            for (var layer = 0; layer < states.Length; layer++)
            {
                states[layer].index_copy_(0, rows, after[layer]);
            }
        }

        all.CopyValues<float>(start);
        foreach (var request in Enumerable.Range(0, requests.Count).Where(request => requests.History(request).Length > known[request]))
        {
            kept.Keep(identities[request].Whole, start[(request * width)..((request + 1) * width)], identities[request].Before);
        }

        return states[^1];
    }

    // What histories begin with in common is walked once.
    private Tensor Walked(RequestBatch requests)
    {
        var device = network.ItemVectors.device;
        var last = zeros(requests.Count, layers[^1], device: device);
        Tensor[] before = [];
        foreach (var level in PrefixWalk.Of(requests).Levels)
        {
            using var scope = NewDisposeScope();
            var from = before.Length == 0 ? network.Begin(level.Items.Length) : [.. before.Select(state => state.index_select(0, tensor(level.Parents, device: device)))];
            var after = network.Step(tensor(level.Items, device: device), from);
            if (level.Requests.Length > 0)
            {
                last.index_copy_(0, tensor(level.Requests, device: device), after[^1].index_select(0, tensor(level.Places, device: device)));
            }

            foreach (var state in before)
            {
                state.Dispose();
            }

            before = [.. after.Select(state => state.MoveToOuterDisposeScope())];
        }

        return last;
    }
}
