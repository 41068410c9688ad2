using System.Diagnostics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Bench.Measuring.Plain;

/// <summary>
/// A step as one writes it with torch's own modules and its own optimizer, on one prepared batch: what the Python libraries run, less their
/// sampling. libtorch does the mathematics in both.
/// </summary>
internal abstract class PlainLoop : IDisposable
{
    private readonly Samples times = new();
    private optim.Optimizer? optimizer;

    /// <summary>Median of a step.</summary>
    public double Seconds => times.Median;

    /// <summary>The parameters of its modules.</summary>
    protected abstract IEnumerable<Parameter> Parameters { get; }

    /// <summary>The prepared batch.</summary>
    protected abstract IEnumerable<Tensor> Batch { get; }

    public void Forget() => times.Clear();

    public void Run(double seconds)
    {
        optimizer ??= optim.Adam(Parameters, 1e-3);
        for (var clock = Stopwatch.StartNew(); clock.Elapsed.TotalSeconds < seconds;)
        {
            var begin = Stopwatch.GetTimestamp();
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var loss = Loss();
            _ = loss.item<float>();
            loss.backward();
            optimizer.step();
            times.Add(Stopwatch.GetElapsedTime(begin).TotalSeconds);
        }
    }

    public void Dispose()
    {
        optimizer?.Dispose();
        foreach (var tensor in Parameters.Concat(Batch))
        {
            tensor.Dispose();
        }
    }

    /// <summary>The loss of the prepared batch, a scalar.</summary>
    protected abstract Tensor Loss();
}
