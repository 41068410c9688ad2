using static TorchSharp.torch;

namespace Tastemaker.Models.Modern;

/// <summary>
/// How likely each item is to be in a batch, estimated while batches go by (Yi et al. 2019, algorithm 2): B(y) = (1 - alpha) B(y) + alpha (t - A(y)) is
/// the mean number of steps between two batches with item y, A(y) the step of the last one, and 1 / B(y) the probability. Saved with the model, so that
/// a resumed run goes on with it.
/// </summary>
internal sealed class StreamingFrequency : nn.Module
{
    private readonly Tensor gaps; // B [items]; buffers, because state_dict names them by their fields
    private readonly Tensor last; // A [items]
    private readonly Tensor step; // t
    private readonly double rate;

    /// <summary>An estimate that begins with all items alike.</summary>
    /// <param name="items">Number of items.</param>
    /// <param name="batchSize">Rows a batch.</param>
    /// <param name="rate">alpha.</param>
    public StreamingFrequency(int items, int batchSize, double rate)
        : base(nameof(StreamingFrequency))
    {
        this.rate = rate;
        gaps = full(items, Math.Max(1.0, items / (double)batchSize), ScalarType.Float32);
        last = zeros(items);
        step = zeros(1);
        RegisterComponents();
    }

    /// <summary>Takes in the items of the next batch [B], repeats as one; only while the module is in training.</summary>
    public void See(Tensor items)
    {
        if (!training)
        {
            return;
        }

        using var grad = no_grad();
        using var scope = NewDisposeScope();
        step.add_(1);
        var rows = items.to_type(ScalarType.Int64);
        var gap = step - last.index_select(0, rows);
        gaps.index_copy_(0, rows, (gaps.index_select(0, rows) * (1 - rate)) + (gap * rate)); // the same for each repeat
        last.index_copy_(0, rows, step.expand(rows.shape[0]));
    }

    /// <summary>The probability that a batch has each of some items [n].</summary>
    public Tensor Of(Tensor items)
    {
        using var grad = no_grad();
        return gaps.index_select(0, items.to_type(ScalarType.Int64)).reciprocal();
    }
}
