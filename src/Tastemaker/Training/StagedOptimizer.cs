using System.Globalization;
using Tastemaker.Options;
using static TorchSharp.torch;

namespace Tastemaker.Training;

/// <summary>Which optimizer runs; its saved moments carry this name, so that a later stage does not take them for its own.</summary>
internal sealed record OptimizerStage(string Name, OptimizerKind Kind, double LearningRate)
{
    private string Prefix => string.Create(CultureInfo.InvariantCulture, $"optimizer|{Name}|{Kind}|{LearningRate:R}|");

    /// <summary>The name under which a moment is saved.</summary>
    public string Key(string moment) => Prefix + moment;

    /// <summary>Whether a saved tensor is a moment of this stage.</summary>
    public bool Owns(string key) => key.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The moment's name in the optimizer.</summary>
    public string Strip(string key) => key[Prefix.Length..];
}

/// <summary>The optimizer of the running stage of training, and the moments that resuming holds ready for it.</summary>
internal sealed class StagedOptimizer : IDisposable
{
    private OptimizerStage? stage;
    private IReadOnlyDictionary<string, Tensor>? saved;

    /// <summary>The steps of the running stage; null before the first.</summary>
    public GradientStep? Step { get; private set; }

    /// <summary>Enters a stage: makes its optimizer with moments at 0, or those saved in it, unless it is the running one.</summary>
    public void Use(OptimizerStage wanted, Func<GradientStep> make)
    {
        if (wanted == stage)
        {
            return;
        }

        Step?.Dispose();
        stage = wanted;
        Step = make();
        var moments = saved?.Where(pair => wanted.Owns(pair.Key)).ToDictionary(pair => wanted.Strip(pair.Key), pair => pair.Value);
        saved = null;
        if (moments?.Count > 0)
        {
            Step.Optimizer.Restore(moments);
        }
    }

    /// <summary>The moments by name; the tensors stay the optimizer's.</summary>
    public IReadOnlyDictionary<string, Tensor> State() =>
        Step is null ? new Dictionary<string, Tensor>() : Step.Optimizer.State().ToDictionary(pair => stage!.Key(pair.Key), pair => pair.Value);

    /// <summary>Holds a saved <see cref="State"/> ready for the stage it is of.</summary>
    public void Restore(IReadOnlyDictionary<string, Tensor> state) => saved = state;

    /// <summary>Forgets everything; may be used again.</summary>
    public void Dispose()
    {
        Step?.Dispose();
        (Step, stage, saved) = (null, null, null);
    }
}
