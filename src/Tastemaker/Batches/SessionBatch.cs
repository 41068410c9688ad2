using static TorchSharp.torch;

namespace Tastemaker.Batches;

/// <summary>
/// One step of session-parallel training: the current and the next item of each lane, and which items serve as extra negatives. Lanes beyond
/// <see cref="Batch.Count"/> have run out of sessions.
/// </summary>
internal sealed class SessionBatch(int lanes, int samples) : Batch
{
    public int[] InputBuffer { get; } = new int[lanes];

    public int[] TargetBuffer { get; } = new int[lanes];

    /// <summary>Where each lane stood in the step before.</summary>
    public int[] OriginBuffer { get; } = new int[lanes];

    /// <summary>1 where a lane goes on with its session, 0 where a session begins.</summary>
    public float[] CarryBuffer { get; } = new float[lanes];

    public int[] SampleBuffer { get; } = new int[samples];

    /// <summary>Whether this is an epoch's first step, before which there are no states.</summary>
    public bool IsFirst { get; set; }

    /// <summary>Whether lanes were dropped since the step before, so that <see cref="Origins"/> is not the identity.</summary>
    public bool Shrinks { get; set; }

    /// <summary>Current item of each lane [M], int32.</summary>
    public Tensor Inputs { get; private set; } = null!;

    /// <summary>Next item of each lane [M], int32.</summary>
    public Tensor Targets { get; private set; } = null!;

    /// <summary>Position in the step before of each lane [M], int32.</summary>
    public Tensor Origins { get; private set; } = null!;

    /// <summary>1 to keep a lane's state, 0 to reset it before this step [M, 1], float32.</summary>
    public Tensor Carry { get; private set; } = null!;

    /// <summary>Items that are negatives of every lane, drawn with repeats [samples], int32.</summary>
    public Tensor Samples { get; private set; } = null!;

    /// <inheritdoc/>
    public override void Load(Device device)
    {
        Inputs = Ids(InputBuffer, Count, device);
        Targets = Ids(TargetBuffer, Count, device);
        Origins = Ids(OriginBuffer, Count, device);
        Carry = Floats(CarryBuffer, Count, device).unsqueeze(1);
        Samples = Ids(SampleBuffer, SampleBuffer.Length, device);
    }
}
