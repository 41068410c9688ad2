using Tastemaker.Features;
using static TorchSharp.torch;

namespace Tastemaker.Batches;

/// <summary>Rows of the positives of users, each with its user's earlier positives, and items drawn for all rows alike.</summary>
/// <param name="space">The fields.</param>
/// <param name="capacity">Most rows.</param>
/// <param name="samples">Items drawn.</param>
internal sealed class RetrievalBatch(FeatureSpace space, int capacity, int samples) : Batch
{
    /// <summary>The rows.</summary>
    public FeatureBatch Rows { get; } = new(space, capacity);

    /// <summary>The age of each row.</summary>
    public float[] AgeBuffer { get; } = new float[capacity];

    /// <summary>The log of the expected number of columns with each row's item.</summary>
    public float[] LogCountBuffer { get; } = new float[capacity];

    /// <summary>The drawn items.</summary>
    public int[] SampleBuffer { get; } = new int[samples];

    /// <summary>The log of the expected number of columns with each drawn item.</summary>
    public float[] SampleLogCountBuffer { get; } = new float[samples];

    /// <summary>How long before the end of the training data each row happened, as a share of the time the data covers [B]; 0 without times.</summary>
    public Tensor Ages { get; private set; } = null!;

    /// <summary>Log of the expected number of columns with each row's item [B].</summary>
    public Tensor LogCounts { get; private set; } = null!;

    /// <summary>Items drawn for all rows, with repeats [S], int32.</summary>
    public Tensor Samples { get; private set; } = null!;

    /// <summary>Log of the expected number of columns with each drawn item [S].</summary>
    public Tensor SampleLogCounts { get; private set; } = null!;

    /// <inheritdoc/>
    public override void Load(Device device)
    {
        Rows.Load(device);
        Ages = Floats(AgeBuffer, Count, device);
        LogCounts = Floats(LogCountBuffer, Count, device);
        Samples = Ids(SampleBuffer, SampleBuffer.Length, device);
        SampleLogCounts = Floats(SampleLogCountBuffer, SampleLogCountBuffer.Length, device);
    }
}
