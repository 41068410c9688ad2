using Tastemaker.Options;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Training.Optimizers;

/// <summary>What all optimizers share: state tensors beside every parameter, and the walk over whole parameters and touched rows.</summary>
internal abstract class Optimizer : IOptimizer
{
    private readonly string[] slots;
    private readonly Tensor[][] whole; // [slot][parameter]
    private readonly Tensor[][] rows; // [slot][table]
    private readonly Tensor steps;
    private readonly Tensor[] targets;

    /// <summary>An optimizer with zero tensors of each parameter's shape under each of the names in <paramref name="slots"/>.</summary>
    /// <param name="parameters">What is updated.</param>
    /// <param name="slots">Names of the state.</param>
    /// <param name="stateOfRows">What is kept for tables that are updated by row.</param>
    protected Optimizer(ParameterSet parameters, string[] slots, RowState stateOfRows = RowState.BesideWeights)
    {
        Parameters = parameters;
        this.slots = slots;
        targets = [.. parameters.Whole.Select(pair => pair.Parameter)];
        using var scope = NewDisposeScope();
        whole = [.. slots.Select(_ => parameters.Whole.Select(pair => Zeros(pair.Parameter)).ToArray())];
        rows = [.. slots.Select(_ => parameters.Tables.Select(pair => ZerosOfRows(pair.Table.Weight)).ToArray())];
        steps = zeros(1, ScalarType.Int64).DetachFromDisposeScope();

        Tensor ZerosOfRows(Tensor weight) => stateOfRows is RowState.OneNumber
            ? zeros(weight.shape[0], weight.dtype, weight.device).DetachFromDisposeScope()
            : Zeros(weight);
    }

    /// <summary>Updates done so far, this one included while it runs.</summary>
    protected long Steps { get; private set; }

    /// <summary>Whether updates go through torch's operations even in main memory: for tests of what accelerators run.</summary>
    internal bool UsesTorch { get; set; }

    /// <summary>What is updated.</summary>
    protected ParameterSet Parameters { get; }

    /// <summary>The optimizer of a kind.</summary>
    public static IOptimizer Create(OptimizerKind kind, ParameterSet parameters, double momentum = 0, double weightDecay = 0) => kind switch
    {
        OptimizerKind.Sgd => new Sgd(parameters, momentum, weightDecay),
        OptimizerKind.Adagrad => new Adagrad(parameters, momentum, weightDecay),
        OptimizerKind.RowWiseAdagrad => new RowWiseAdagrad(parameters, weightDecay),
        OptimizerKind.Adam => new Adam(parameters, weightDecay, AdamDecay.InGradient),
        OptimizerKind.AdaDelta => new AdaDelta(parameters, weightDecay),
        OptimizerKind.RmsProp => new RmsProp(parameters, weightDecay),
        OptimizerKind.AdamW => new Adam(parameters, weightDecay, AdamDecay.Decoupled),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <inheritdoc/>
    public void Step(double learningRate)
    {
        var gradients = Parameters.Gradients; // gathered outside the scope: they last until they are zeroed
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        Steps++;
        if (gradients.Length > 0)
        {
            StepWhole(PresentOf(targets), gradients, learningRate);
        }

        foreach (var row in Parameters.RowGradients)
        {
            StepRows(row, Parameters.Tables[row.Table].Table.Weight, learningRate);
        }
    }

    /// <inheritdoc/>
    public void ZeroGradients() => Parameters.ZeroGradients();

    /// <inheritdoc/>
    public virtual IReadOnlyDictionary<string, Tensor> State()
    {
        steps.fill_(Steps);
        var state = new Dictionary<string, Tensor> { ["steps"] = steps };
        for (var slot = 0; slot < slots.Length; slot++)
        {
            for (var index = 0; index < whole[slot].Length; index++)
            {
                state.Add($"{Parameters.Whole[index].Name}.{slots[slot]}", whole[slot][index]);
            }

            for (var index = 0; index < rows[slot].Length; index++)
            {
                state.Add($"{Parameters.Tables[index].Name}.{slots[slot]}", rows[slot][index]);
            }
        }

        return state;
    }

    /// <inheritdoc/>
    public void Restore(IReadOnlyDictionary<string, Tensor> state)
    {
        using var grad = no_grad();
        foreach (var (name, tensor) in State())
        {
            if (!state.TryGetValue(name, out var saved) || !saved.shape.SequenceEqual(tensor.shape))
            {
                throw new InputException($"The saved optimizer has no state '{name}' of shape [{string.Join(", ", tensor.shape)}].");
            }

            tensor.copy_(saved);
        }

        Steps = steps.item<long>();
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        steps.Dispose();
        foreach (var tensor in whole.Concat(rows).SelectMany(tensors => tensors))
        {
            tensor.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Updates the whole parameters that have gradients.</summary>
    protected abstract void StepWhole(Tensor[] parameters, Tensor[] gradients, double rate);

    /// <summary>Updates the touched rows of a table.</summary>
    protected abstract void StepRows(RowGradient row, Tensor weight, double rate);

    /// <summary>Whether updates are done by <see cref="RowPass"/>: where the parameters are in main memory.</summary>
    protected bool UpdatesInOnePass(Tensor weight) => !UsesTorch && weight.device_type == DeviceType.CPU;

    /// <summary>Fills all state tensors of one slot.</summary>
    protected void FillSlot(int slot, double value)
    {
        using var grad = no_grad();
        foreach (var tensor in whole[slot].Concat(rows[slot]))
        {
            tensor.fill_(value);
        }
    }

    /// <summary>The state tensors of one slot for the parameters that have gradients.</summary>
    protected Tensor[] Slot(int slot) => PresentOf(whole[slot]);

    /// <summary>The state tensor of one slot for a table.</summary>
    protected Tensor Slot(int slot, in RowGradient row) => rows[slot][row.Table];

    /// <summary>Those of the tensors, one a whole parameter, whose parameter has a gradient.</summary>
    protected Tensor[] PresentOf(Tensor[] tensors)
    {
        var present = Parameters.Present;
        if (present.Length == tensors.Length)
        {
            return tensors;
        }

        var selected = new Tensor[present.Length];
        for (var index = 0; index < present.Length; index++)
        {
            selected[index] = tensors[present[index]];
        }

        return selected;
    }

    private static Tensor Zeros(Tensor like) => zeros_like(like, requires_grad: false).DetachFromDisposeScope();
}
