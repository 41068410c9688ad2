using static TorchSharp.torch;

namespace Tastemaker.Batches;

/// <summary>Pairs of user and item with a label each: a click or none, a rating.</summary>
public sealed class PointwiseBatch(int capacity) : Batch
{
    internal int[] UserBuffer { get; } = new int[capacity];

    internal int[] ItemBuffer { get; } = new int[capacity];

    internal float[] LabelBuffer { get; } = new float[capacity];

    /// <summary>User indexes [B], int32.</summary>
    public Tensor Users { get; private set; } = null!;

    /// <summary>Item indexes [B], int32.</summary>
    public Tensor Items { get; private set; } = null!;

    /// <summary>Labels [B], float32.</summary>
    public Tensor Labels { get; private set; } = null!;

    /// <inheritdoc/>
    public override void Load(Device device)
    {
        Users = Ids(UserBuffer, Count, device);
        Items = Ids(ItemBuffer, Count, device);
        Labels = Floats(LabelBuffer, Count, device);
    }
}
