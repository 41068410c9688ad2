using static TorchSharp.torch;

namespace Tastemaker.Batches;

/// <summary>How an epoch visits the pairs of user and item that were seen.</summary>
public enum PairOrder
{
    /// <summary>Each once, in random order.</summary>
    Shuffled,

    /// <summary>As many random draws as there are pairs (LearnBPR, Rendle 2009).</summary>
    WithReplacement,

    /// <summary>As many draws as there are pairs: a user, each alike, then one of the user's items.</summary>
    UsersAlike,
}

/// <summary>Users, an item each that they chose, and <paramref name="negatives"/> items each that they did not.</summary>
public sealed class PairwiseBatch(int capacity, int negatives) : Batch
{
    internal int[] UserBuffer { get; } = new int[capacity];

    internal int[] PositiveBuffer { get; } = new int[capacity];

    internal int[] NegativeBuffer { get; } = new int[capacity * negatives];

    /// <summary>User indexes [B], int32.</summary>
    public Tensor Users { get; private set; } = null!;

    /// <summary>Chosen items [B], int32.</summary>
    public Tensor Positives { get; private set; } = null!;

    /// <summary>Items not chosen [B, negatives], int32.</summary>
    public Tensor Negatives { get; private set; } = null!;

    /// <inheritdoc/>
    public override void Load(Device device)
    {
        Users = Ids(UserBuffer, Count, device);
        Positives = Ids(PositiveBuffer, Count, device);
        Negatives = Ids(NegativeBuffer, Count * negatives, device).view(Count, negatives);
    }
}
