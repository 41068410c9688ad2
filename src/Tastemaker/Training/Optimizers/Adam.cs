using System.Numerics;
using static TorchSharp.torch;

namespace Tastemaker.Training.Optimizers;

/// <summary>The constants of Adam that its paper recommends and nobody changes.</summary>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="Epsilon">Added to the root of the second moment.</param>
internal readonly record struct AdamConstants(double Beta1, double Beta2, double Epsilon)
{
    /// <summary>Kingma and Ba 2015, section 2.</summary>
    public static AdamConstants Published { get; } = new(0.9, 0.999, 1e-8);
}

/// <summary>Where Adam's weight decay acts.</summary>
internal enum AdamDecay
{
    /// <summary>As an L2 term in the gradient: Adam.</summary>
    InGradient,

    /// <summary>On the weights, beside the adaptive step: AdamW.</summary>
    Decoupled,
}

/// <summary>
/// Adam (Kingma and Ba 2015, algorithm 1) and AdamW (Loshchilov and Hutter 2019, algorithm 2). In tables updated by row it is lazy: the
/// moments of untouched rows do not decay and such rows do not move, while the bias correction counts all steps. Equal to whole updates
/// where every step touches every row.
/// </summary>
internal sealed class Adam : Optimizer
{
    private static readonly AdamConstants Constants = AdamConstants.Published;
    private readonly Tensor[] counters; // the fused kernel wants one a parameter, beside its moments
    private readonly double weightDecay;
    private readonly AdamDecay decay;

    /// <summary>Adam or AdamW over the parameters.</summary>
    public Adam(ParameterSet parameters, double weightDecay, AdamDecay decay)
        : base(parameters, ["m", "v"])
    {
        this.weightDecay = weightDecay;
        this.decay = decay;
        counters = [.. parameters.Whole.Select(pair => zeros([], device: pair.Parameter.device).DetachFromDisposeScope())];
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> State()
    {
        var state = new Dictionary<string, Tensor>(base.State());
        for (var index = 0; index < counters.Length; index++)
        {
            state.Add($"{Parameters.Whole[index].Name}.t", counters[index]);
        }

        return state;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var counter in counters)
        {
            counter.Dispose();
        }

        base.Dispose();
    }

    /// <inheritdoc/>
    protected override void StepWhole(Tensor[] parameters, Tensor[] gradients, double rate) => FusedKernels.Adam(
        decay is AdamDecay.Decoupled ? "adamw" : "adam",
        parameters, gradients, Slot(0), Slot(1), PresentOf(counters), rate, Constants, weightDecay);

    /// <inheritdoc/>
    protected override void StepRows(RowGradient row, Tensor weight, double rate)
    {
        var (correction1, correction2) = (1 - Math.Pow(Constants.Beta1, Steps), 1 - Math.Pow(Constants.Beta2, Steps));
        var shrink = decay is AdamDecay.Decoupled ? 1 - (rate * weightDecay) : 1;
        var pull = decay is AdamDecay.InGradient ? weightDecay : 0;
        if (UpdatesInOnePass(weight))
        {
            var rule = new Rule(
                (float)(rate / correction1), (float)(1 / Math.Sqrt(correction2)), (float)Constants.Beta1, (float)Constants.Beta2, (float)Constants.Epsilon, (float)shrink, (float)pull);
            RowPass.Run(rule, row, weight, Slot(0, row), Slot(1, row));
            return;
        }

        var rows = row.Rows;
        var vectors = weight.index_select(0, rows).mul_(shrink);
        var gradient = pull > 0 ? row.Gradient.add(vectors, pull) : row.Gradient;
        var first = Slot(0, row).index_select(0, rows).mul_(Constants.Beta1).add_(gradient, 1 - Constants.Beta1);
        var second = Slot(1, row).index_select(0, rows).mul_(Constants.Beta2).addcmul_(gradient, gradient, 1 - Constants.Beta2);
        Slot(0, row).index_copy_(0, rows, first);
        Slot(1, row).index_copy_(0, rows, second);
        var root = second.sqrt_().div_(Math.Sqrt(correction2)).add_(Constants.Epsilon);
        weight.index_copy_(0, rows, vectors.addcdiv_(first, root, -rate / correction1));
    }

    private readonly struct Rule(float rate, float scale, float beta1, float beta2, float epsilon, float shrink, float pull) : IRowRule
    {
        public void Update(ref Vector<float> weight, ref Vector<float> first, ref Vector<float> second, Vector<float> gradient)
        {
            weight *= shrink;
            gradient += weight * pull;
            first = (first * beta1) + (gradient * (1 - beta1));
            second = (second * beta2) + (gradient * gradient * (1 - beta2));
            weight -= first * rate / ((Vector.SquareRoot(second) * scale) + new Vector<float>(epsilon));
        }
    }
}
