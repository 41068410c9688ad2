using Tastemaker.Data;
using Tastemaker.Native;
using Tastemaker.Solvers;
using static TorchSharp.torch;

namespace Tastemaker.Models.Boltzmann;

/// <summary>
/// One restricted Boltzmann machine over all cases at once: weights shared by the cases, each with the units it has rated and no others. Units have
/// <c>classes</c> inputs each (1 for real values); conditions bias hidden units and are never reconstructed. Mean field throughout.
/// </summary>
internal sealed class RbmMachine
{
    private readonly int classes;

    /// <summary>A machine with weights drawn from torch's generator.</summary>
    public RbmMachine(int units, int classes, int hidden, double deviation, int conditions, double conditionDeviation)
    {
        this.classes = classes;
        Hidden = hidden;
        Weights = new RbmWeights(units * classes, hidden, deviation);
        Visible = new RbmWeights(units * classes, 1, 0);
        Bias = new RbmWeights(1, hidden, 0);
        Conditions = new RbmWeights(conditions, hidden, conditionDeviation);
    }

    /// <summary>Number of hidden units, F.</summary>
    public int Hidden { get; }

    /// <summary>W [units * classes, F].</summary>
    public RbmWeights Weights { get; }

    /// <summary>a [units * classes].</summary>
    public RbmWeights Visible { get; }

    /// <summary>b [F].</summary>
    public RbmWeights Bias { get; }

    /// <summary>D [conditions, F].</summary>
    public RbmWeights Conditions { get; }

    /// <summary>The weights by name, for saving.</summary>
    public IEnumerable<(string Name, RbmWeights Weights)> All => [("weights", Weights), ("visible", Visible), ("hidden", Bias), ("conditions", Conditions)];

    /// <summary>p(h = 1) of every case: sigma(b + sum over rated units of W v + D g).</summary>
    /// <param name="side">The cases.</param>
    /// <param name="values">Activity of the units [pairs * classes].</param>
    /// <param name="parallel">Threads.</param>
    /// <returns>[cases, F].</returns>
    public float[] States(RbmSide side, float[] values, ParallelOptions parallel)
    {
        var states = new float[side.Cases.RowCount * Hidden];
        Parallel.For(0, side.Cases.RowCount, parallel, one =>
        {
            var state = states.AsSpan(one * Hidden, Hidden);
            Bias.Values.CopyTo(state);
            if (side.Conditions is { } conditions)
            {
                AddConditions(conditions[one], conditions.RowValues(one), state);
            }

            var units = side.Cases[one];
            for (var entry = 0; entry < units.Length; entry++)
            {
                var pair = side.CasePairs[side.Cases.Offsets[one] + entry];
                for (var level = 0; level < classes; level++)
                {
                    if (values[(pair * classes) + level] is var value and not 0)
                    {
                        Vectors.AddScaled(state, value, Weights.Row((units[entry] * classes) + level));
                    }
                }
            }

            Sigmoid(state);
        });
        return states;
    }

    /// <summary>The state of a case without ratings: sigma(b + D g).</summary>
    public float[] StateOf(ReadOnlySpan<int> conditions, ReadOnlySpan<float> values)
    {
        var state = Bias.Values.ToArray();
        AddConditions(conditions, values, state);
        Sigmoid(state);
        return state;
    }

    /// <summary>What a case gives to the input of a unit: a + W h.</summary>
    public float Input(ReadOnlySpan<float> state, int unit, int level)
    {
        var row = (unit * classes) + level;
        return Visible.Values[row] + Vectors.Dot(Weights.Row(row), state);
    }

    /// <summary>One step of contrastive divergence: towards the statistics of the data, away from those of the reconstruction.</summary>
    /// <param name="side">The cases.</param>
    /// <param name="data">Activity in the data [pairs * classes].</param>
    /// <param name="states">Hidden states of it [cases, F].</param>
    /// <param name="negative">Activity in the reconstruction.</param>
    /// <param name="negativeStates">Hidden states of it.</param>
    /// <param name="step">How far.</param>
    /// <param name="parallel">Threads.</param>
    public void Learn(RbmSide side, float[] data, float[] states, float[] negative, float[] negativeStates, RbmStep step, ParallelOptions parallel)
    {
        var scale = step.Rate / side.Size;
        Parallel.For(0, side.Units.RowCount, parallel, unit =>
        {
            for (var row = unit * classes; row < (unit + 1) * classes; row++)
            {
                Visible.Begin(row, step.Momentum, 0);
                Weights.Begin(row, step.Momentum, step.Rate * step.Decay);
            }

            var cases = side.Units[unit];
            for (var entry = 0; entry < cases.Length; entry++)
            {
                var pair = side.UnitPairs[side.Units.Offsets[unit] + entry];
                var state = states.AsSpan(cases[entry] * Hidden, Hidden);
                var other = negativeStates.AsSpan(cases[entry] * Hidden, Hidden);
                for (var level = 0; level < classes; level++)
                {
                    var (row, index) = ((unit * classes) + level, (pair * classes) + level);
                    Visible.StepOf(row)[0] += scale * (data[index] - negative[index]);
                    Vectors.AddScaled(Weights.StepOf(row), scale * data[index], state);
                    Vectors.AddScaled(Weights.StepOf(row), -scale * negative[index], other);
                }
            }

            for (var row = unit * classes; row < (unit + 1) * classes; row++)
            {
                Visible.End(row);
                Weights.End(row);
            }
        });
        Bias.Begin(0, step.Momentum, 0);
        Vectors.AddScaled(Bias.StepOf(0), scale, Differences(states, negativeStates, side.Cases.RowCount));
        Bias.End(0);
        if (side.ByCondition is { } byCondition)
        {
            LearnConditions(byCondition, states, negativeStates, step, scale, parallel);
        }
    }

    private void LearnConditions(SparseRows byCondition, float[] states, float[] negativeStates, RbmStep step, float scale, ParallelOptions parallel) =>
        Parallel.For(0, byCondition.RowCount, parallel, condition =>
        {
            Conditions.Begin(condition, step.Momentum, step.Rate * step.ConditionRate * step.Decay);
            var cases = byCondition[condition];
            var values = byCondition.RowValues(condition);
            for (var entry = 0; entry < cases.Length; entry++)
            {
                var factor = scale * step.ConditionRate * values[entry];
                Vectors.AddScaled(Conditions.StepOf(condition), factor, states.AsSpan(cases[entry] * Hidden, Hidden));
                Vectors.AddScaled(Conditions.StepOf(condition), -factor, negativeStates.AsSpan(cases[entry] * Hidden, Hidden));
            }

            Conditions.End(condition);
        });

    private float[] Differences(float[] states, float[] negativeStates, int cases)
    {
        var sum = new float[Hidden];
        for (var one = 0; one < cases; one++)
        {
            Vectors.AddScaled(sum, 1, states.AsSpan(one * Hidden, Hidden));
            Vectors.AddScaled(sum, -1, negativeStates.AsSpan(one * Hidden, Hidden));
        }

        return sum;
    }

    private void AddConditions(ReadOnlySpan<int> conditions, ReadOnlySpan<float> values, Span<float> state)
    {
        for (var entry = 0; entry < conditions.Length; entry++)
        {
            Vectors.AddScaled(state, values[entry], Conditions.Row(conditions[entry]));
        }
    }

    private static void Sigmoid(Span<float> state)
    {
        for (var unit = 0; unit < state.Length; unit++)
        {
            state[unit] = 1 / (1 + MathF.Exp(-state[unit]));
        }
    }
}

/// <summary>Which machines a rating is connected to.</summary>
public enum RbmMachines
{
    /// <summary>That of its user and that of its item: UI-RBM.</summary>
    Both,

    /// <summary>That of its user alone: a case is a user, a unit an item (U-RBM).</summary>
    Users,

    /// <summary>That of its item alone: a case is an item, a unit a user (I-RBM).</summary>
    Items,
}

/// <summary>The rated cells as one machine sees them: a case is a user and a unit an item, or the other way round.</summary>
/// <param name="Cases">A row a case: its units.</param>
/// <param name="CasePairs">The pair of each entry of <paramref name="Cases"/>.</param>
/// <param name="Units">A row a unit: the cases it is rated in.</param>
/// <param name="UnitPairs">The pair of each entry of <paramref name="Units"/>.</param>
/// <param name="Conditions">A row a case: what is known of it beside its ratings; null for nothing.</param>
internal sealed record RbmSide(SparseRows Cases, int[] CasePairs, SparseRows Units, int[] UnitPairs, SparseRows? Conditions)
{
    private SparseRows? byCondition;

    /// <summary>A row a condition: the cases it holds of.</summary>
    public SparseRows? ByCondition => byCondition ??= Conditions?.Transpose();

    /// <summary>Number of cases with ratings: what sums are divided by.</summary>
    public int Size { get; } = Math.Max(1, Enumerable.Range(0, Cases.RowCount).Count(one => Cases.Length(one) > 0));

    /// <summary>Users as cases.</summary>
    public static RbmSide OfUsers(RatingPairs pairs, SparseRows? conditions) => new(pairs.ByUser, pairs.UserPairs, pairs.ByItem, pairs.ItemPairs, conditions);

    /// <summary>Items as cases.</summary>
    public static RbmSide OfItems(RatingPairs pairs, SparseRows? conditions) => new(pairs.ByItem, pairs.ItemPairs, pairs.ByUser, pairs.UserPairs, conditions);
}

/// <summary>How far an update goes.</summary>
/// <param name="Rate">Learning rate; sums over cases are divided by their number.</param>
/// <param name="Momentum">Share of the previous step.</param>
/// <param name="Decay">Weight decay.</param>
/// <param name="ConditionRate">Learning rate of the weights of conditions, in learning rates.</param>
internal readonly record struct RbmStep(float Rate, float Momentum, float Decay, float ConditionRate);

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
