using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using static TorchSharp.torch;

namespace Tastemaker.Training;

/// <summary>
/// A system: what it is made of, how it learns (<see cref="ITraining"/>) and how it scores (<see cref="Scorer"/>), each chosen by composition. Parameters are registered as torch
/// modules do, or given by <see cref="State"/>.
/// </summary>
/// <param name="name">Name of the module.</param>
/// <param name="shape">Sizes of the data.</param>
/// <param name="options">Its hyper-parameters: part of the identity of a run.</param>
public abstract class Model(string name, ModelShape shape, ModelOptions options) : nn.Module(name)
{
    private Lazy<bool>? prepared;

    /// <summary>Sizes of the data.</summary>
    public ModelShape Shape { get; } = shape;

    /// <summary>The options it was made with, so that a run is resumed only with the same.</summary>
    public ModelOptions HyperParameters { get; } = options;

    /// <summary>How many epochs it is trained for, and which of them can be the best.</summary>
    public abstract EpochPlan Plan { get; }

    /// <summary>How it scores. The same object whenever it is asked for.</summary>
    public abstract Scorer Scorer { get; }

    /// <summary>One vector per item [items, dim], whose cosine says how alike items are; null to let a one-item history be scored instead.</summary>
    public virtual Tensor? ItemVectors => null;

    /// <summary>Begins training: called once before the first epoch of a process, also when resuming.</summary>
    public abstract ITraining Begin(TrainingSet train, TrainingOptions run);

    /// <summary>What is saved: everything that scoring depends on. Default: the module's parameters and buffers.</summary>
    public virtual IReadOnlyDictionary<string, Tensor> State() => state_dict();

    /// <summary>Takes over saved tensors (which stay the caller's).</summary>
    /// <exception cref="InputException">A tensor is missing or has another shape.</exception>
    public void Restore(IReadOnlyDictionary<string, Tensor> state)
    {
        using (no_grad())
        {
            Take(state);
        }

        Forget();
    }

    /// <summary>Scores every item for every request into row-major [requests, items]; see <see cref="Scoring.Scorer.Score"/>.</summary>
    public void Score(RequestBatch requests, Span<float> scores)
    {
        MakeReady();
        Scorer.Score(requests, scores);
    }

    /// <summary>Prepares requests to be scored part by part; null where the system scores whole catalogs only.</summary>
    internal IPartialScores? BeginScoring(RequestBatch requests)
    {
        MakeReady();
        return Scorer.Begin(requests);
    }

    /// <summary>Computes what scoring reads, unless it is there: to be called before anything but <see cref="Score"/> reads it.</summary>
    public void MakeReady() => _ = LazyInitializer.EnsureInitialized(ref prepared, () => new Lazy<bool>(PrepareOnce)).Value;

    /// <summary>Switches between training and evaluation mode. Forgets what was prepared: weights may change, or have changed.</summary>
    public sealed override void train(bool train = true)
    {
        base.train(train);
        Forget();
    }

    /// <summary>
    /// Computes what scoring reads beyond the weights, such as propagated graph embeddings, encoded items or equations of a fold-in: once after the weights have changed, before the
    /// first score, under no_grad. Tensors kept must be detached from the dispose scope.
    /// </summary>
    protected virtual void Prepare()
    {
    }

    /// <summary>Takes over saved tensors. Default: copies into parameters and buffers of the same names and shapes.</summary>
    protected virtual void Take(IReadOnlyDictionary<string, Tensor> state)
    {
        foreach (var (key, tensor) in state_dict())
        {
            if (!state.TryGetValue(key, out var saved) || !saved.shape.SequenceEqual(tensor.shape))
            {
                throw new InputException(
                    $"The saved model has no weights '{key}' of shape [{string.Join(", ", tensor.shape)}]; it was made with other options or another version.");
            }

            tensor.copy_(saved);
        }
    }

    private bool PrepareOnce()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        Prepare();
        return true;
    }

    private void Forget()
    {
        Volatile.Write(ref prepared, null);
        Scorer.Forget();
    }
}
