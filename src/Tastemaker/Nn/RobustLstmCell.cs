using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>
/// One step of a robust recurrent network (Wang, Shi and Yeung 2016): a long short-term memory whose pre-activations and states are Gaussian around their means with precision lambda_s, by propagation of means. The mean of sigma(x) is taken as
/// sigma(k x), k = (1 + pi / (8 lambda_s))^-1/2, and that of tanh(x), which is 2 sigma(2 x) - 1, as tanh(k' x), k' = (1 + pi / (2 lambda_s))^-1/2. The candidate is a sigmoid: s' = sigma(f) s + sigma(i) sigma(a), h' = tanh(s') sigma(o).
/// With lambda_s towards infinity the gates are those of an ordinary memory. The weights are those of <see cref="LstmCell"/>.
/// </summary>
internal sealed class RobustLstmCell : nn.Module
{
    private readonly LstmCell cell; // a field, because state_dict names parameters by their fields
    private readonly double ofSigmoid; // k
    private readonly double ofTanh; // k'

    /// <summary>A cell of <paramref name="width"/> units over <paramref name="inputs"/> numbers.</summary>
    /// <param name="inputs">Length of an input.</param>
    /// <param name="width">Length of h and of s.</param>
    /// <param name="precision">lambda_s, above 0.</param>
    public RobustLstmCell(int inputs, int width, double precision)
        : base(nameof(RobustLstmCell))
    {
        (ofSigmoid, ofTanh) = (SigmoidScale(precision), TanhScale(precision));
        cell = new LstmCell(inputs, width);
        RegisterComponents();
    }

    /// <summary>k: the mean of sigma(x) for x of mean m and precision lambda_s is about sigma(k m).</summary>
    public static double SigmoidScale(double precision) => 1 / Math.Sqrt(1 + (Math.PI / (8 * precision)));

    /// <summary>k': the mean of tanh(x) for x of mean m and precision lambda_s is about tanh(k' m).</summary>
    public static double TanhScale(double precision) => 1 / Math.Sqrt(1 + (Math.PI / (2 * precision)));

    /// <summary>A state of zeros for <paramref name="count"/> sequences.</summary>
    public (Tensor H, Tensor S) Begin(long count) => cell.Begin(count);

    /// <summary>The input's part of the gates [..., 4 width] of inputs [..., inputs].</summary>
    public Tensor Gates(Tensor x) => cell.Gates(x);

    /// <summary>The next state from the input's part of the gates [B, 4 width] and the state, each [B, width].</summary>
    public (Tensor H, Tensor S) Step(Tensor gates, (Tensor H, Tensor S) state)
    {
        var open = (ofSigmoid * cell.Activations(gates, state.H)).sigmoid().chunk(4, 1);
        var s = (open[0] * state.S) + (open[1] * open[3]);
        return ((ofTanh * s).tanh() * open[2], s);
    }

    /// <summary>(h; s) after each step of sequences [B, L, inputs], from a state [B, L, 2 width].</summary>
    public Tensor States(Tensor x, (Tensor H, Tensor S) begin)
    {
        var state = begin;
        return stack(
            Array.ConvertAll(Gates(x).unbind(1), gates =>
            {
                state = Step(gates, state);
                return cat([state.H, state.S], 1);
            }),
            1);
    }
}
