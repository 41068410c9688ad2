using Tastemaker.Native;
using Tastemaker.Solvers;
using static TorchSharp.torch;

namespace Tastemaker.Models.Boltzmann;

/// <summary>A table of weights with the last step of each: v = momentum v + gradient - decay w, w += v.</summary>
internal sealed class RbmWeights
{
    private readonly int rows;
    private readonly int width;

    /// <summary>Normal weights from torch's generator; zeros where the deviation is 0.</summary>
    public RbmWeights(int rows, int width, double deviation)
    {
        (this.rows, this.width) = (rows, width);
        Steps = new float[rows * width];
        Values = new float[rows * width];
        if (deviation > 0 && rows > 0)
        {
            using var scope = NewDisposeScope();
            Values = randn(rows * width).mul_(deviation).ToValues<float>();
        }
    }

    /// <summary>The weights [rows, width].</summary>
    public float[] Values { get; private set; }

    /// <summary>The last steps [rows, width].</summary>
    public float[] Steps { get; private set; }

    /// <summary>A row of weights.</summary>
    public ReadOnlySpan<float> Row(int row) => Values.AsSpan(row * width, width);

    /// <summary>The step of a row, between <see cref="Begin"/> and <see cref="End"/>.</summary>
    public Span<float> StepOf(int row) => Steps.AsSpan(row * width, width);

    /// <summary>Begins the step of a row with what is left of the last one, and with decay.</summary>
    public void Begin(int row, float momentum, float decay)
    {
        var step = StepOf(row);
        var weights = Row(row);
        for (var index = 0; index < step.Length; index++)
        {
            step[index] = (momentum * step[index]) - (decay * weights[index]);
        }
    }

    /// <summary>Takes the step of a row.</summary>
    public void End(int row) => Vectors.AddScaled(Values.AsSpan(row * width, width), 1, StepOf(row));

    /// <summary>The weights as a tensor [rows, width].</summary>
    public Tensor Saved() => tensor(Values, [rows, width]);

    /// <summary>The last steps as a tensor [rows, width].</summary>
    public Tensor SavedSteps() => tensor(Steps, [rows, width]);

    /// <summary>Takes over saved weights.</summary>
    public void Restore(IReadOnlyDictionary<string, Tensor> state, string key) => Values = state.Floats(key, rows, width);

    /// <summary>Takes over saved steps.</summary>
    public void RestoreSteps(IReadOnlyDictionary<string, Tensor> state, string key) => Steps = state.Floats(key, rows, width);
}
