using static TorchSharp.torch;

namespace Tastemaker.Training;

/// <summary>Training by sweeps that a system carries out itself: closed forms, alternating solvers, descent example by example in managed arrays.</summary>
/// <param name="sweep">One epoch; returns its mean loss, or null.</param>
/// <param name="stepsPerEpoch">Steps per epoch, for progress.</param>
public sealed class SolverTraining(Func<EpochContext, double?> sweep, int stepsPerEpoch = 1) : ITraining
{
    /// <inheritdoc/>
    public int StepsPerEpoch => stepsPerEpoch;

    /// <summary>What resuming needs beyond the model's own state; null for nothing.</summary>
    public Func<IReadOnlyDictionary<string, Tensor>>? Saved { get; init; }

    /// <summary>Takes over what <see cref="Saved"/> gave.</summary>
    public Action<IReadOnlyDictionary<string, Tensor>>? Resumed { get; init; }

    /// <summary>Frees what only training needs.</summary>
    public Action? Ended { get; init; }

    /// <inheritdoc/>
    public double? RunEpoch(EpochContext context) => sweep(context);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> State() => Saved?.Invoke() ?? new Dictionary<string, Tensor>();

    /// <inheritdoc/>
    public void Restore(IReadOnlyDictionary<string, Tensor> state) => Resumed?.Invoke(state);

    /// <inheritdoc/>
    public void Dispose() => Ended?.Invoke();
}
