using Tastemaker.Data;
using Tastemaker.Scoring;
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
    public Tensor LastStates(RequestBatch requests) => requests.Count == 1 ? Advanced(requests.History(0)) : Walked(requests);

    // Goes on from the longest beginning whose states are known. States of batches are not kept: they differ in the last bit, and scores must not depend on what was asked before.
    private Tensor Advanced(ReadOnlySpan<int> history)
    {
        var beginnings = HistoryIdentity.Beginnings(history);
        var (place, known) = kept.Longest(beginnings);
        var states = known is null ? network.Begin(1) : tensor(known, device: network.ItemVectors.device).view(1, -1).split([.. layers.Select(units => (long)units)], 1);
        foreach (var item in history[(place + 1)..])
        {
            Interlocked.Increment(ref itemsRead);
            states = network.Step(tensor([item], device: network.ItemVectors.device), states);
        }

        if (place + 1 < history.Length)
        {
            kept.Keep(beginnings[^1], Queries.Floats(cat(states, 1)), place < 0 ? null : beginnings[place]);
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
