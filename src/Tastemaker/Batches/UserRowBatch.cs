using static TorchSharp.torch;

namespace Tastemaker.Batches;

/// <summary>Whole rows of users, sparse: row <c>r</c> holds <c>Items[Offsets[r]..Offsets[r+1])</c>.</summary>
public sealed class UserRowBatch(int capacity) : Batch
{
    internal int[] UserBuffer { get; } = new int[capacity];

    internal int[] OffsetBuffer { get; } = new int[capacity + 1];

    /// <summary>Grows as rows need.</summary>
    internal int[] ItemBuffer { get; set; } = [];

    /// <summary>Grows with <see cref="ItemBuffer"/>; 1 where the data has no values.</summary>
    internal float[] ValueBuffer { get; set; } = [];

    /// <summary>User indexes [B], int32.</summary>
    public Tensor Users { get; private set; } = null!;

    /// <summary>Row starts [B + 1], int32.</summary>
    public Tensor Offsets { get; private set; } = null!;

    /// <summary>Items of all rows [nnz], int32.</summary>
    public Tensor Items { get; private set; } = null!;

    /// <summary>Values beside <see cref="Items"/> [nnz], float32.</summary>
    public Tensor Values { get; private set; } = null!;

    /// <inheritdoc/>
    public override void Load(Device device)
    {
        Users = Ids(UserBuffer, Count, device);
        Offsets = Ids(OffsetBuffer, Count + 1, device);
        Items = Ids(ItemBuffer, OffsetBuffer[Count], device);
        Values = Floats(ValueBuffer, OffsetBuffer[Count], device);
    }
}
