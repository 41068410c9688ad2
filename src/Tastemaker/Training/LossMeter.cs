using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Training;

/// <summary>
/// The mean loss of an epoch, and the guard against one that is not a number. On the CPU every loss is read at once; on an accelerator the
/// sum stays there and is read every <see cref="ReadEvery"/> steps, because each reading waits for the device.
/// </summary>
/// <param name="system">Named in the error.</param>
/// <param name="epoch">Named in the error.</param>
internal sealed class LossMeter(string system, int epoch) : IDisposable
{
    /// <summary>Steps between readings on an accelerator.</summary>
    public const int ReadEvery = 20;

    private Tensor? pending;
    private int pendingSteps;
    private long pendingExamples;
    private double sum;
    private long examples;
    private int steps;

    /// <summary>The latest loss read: of one step, or the mean of a few on an accelerator.</summary>
    public double Last { get; private set; }

    /// <summary>The mean over examples so far; reads what is pending.</summary>
    public double Mean
    {
        get
        {
            Read();
            return examples == 0 ? 0 : sum / examples;
        }
    }

    /// <summary>Adds the mean loss of a batch.</summary>
    /// <exception cref="InputException">A loss is infinite or not a number; the remedy is a choice of the user's.</exception>
    public void Add(Tensor loss, int count)
    {
        steps++;
        pendingSteps++;
        pendingExamples += count;
        if (loss.device_type == DeviceType.CPU)
        {
            Take(loss.item<float>() * count);
            return;
        }

        using (no_grad())
        {
            pending ??= zeros(1, ScalarType.Float64, loss.device).DetachFromDisposeScope();
            pending.add_(loss.detach(), count);
        }

        if (pendingSteps == ReadEvery)
        {
            Read();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => pending?.Dispose();

    private void Read()
    {
        if (pending is not null && pendingSteps > 0)
        {
            var value = pending.item<double>();
            pending.zero_();
            Take(value);
        }
    }

    private void Take(double value)
    {
        if (!double.IsFinite(value))
        {
            var where = pendingSteps == 1 ? $"step {steps}" : $"steps {steps - pendingSteps + 1} to {steps}";
            throw new InputException(
                $"The loss of '{system}' became {(double.IsNaN(value) ? "not a number" : "infinite")} in epoch {epoch + 1}, {where}. " +
                "Lower the learning rate, limit the gradient (clip-norm, e.g. 1 or 5), or check the data for extreme values.");
        }

        Last = value / Math.Max(1, pendingExamples);
        sum += value;
        examples += pendingExamples;
        pendingSteps = 0;
        pendingExamples = 0;
    }
}
