using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>One step of a gated recurrent unit. Gates lie side by side in the order reset, update, candidate.</summary>
internal sealed class GruCell : nn.Module
{
    private readonly Parameter? input; // fields, because state_dict names parameters by their fields
    private readonly Parameter recurrent;
    private readonly Parameter bias;
    private readonly Parameter? recurrentBias;
    private readonly ResetGate reset;
    private readonly int width;

    /// <summary>A cell whose weights are filled gate by gate, biases 0.</summary>
    /// <param name="inputs">Numbers in; 0 where the caller computes the input's part of the gates, as with one-hot input.</param>
    /// <param name="width">Units.</param>
    /// <param name="reset">Which of the two forms.</param>
    /// <param name="weights">Fills the weights of one gate, given as [in, width].</param>
    public GruCell(int inputs, int width, ResetGate reset, Action<Tensor> weights)
        : base(nameof(GruCell))
    {
        this.reset = reset;
        this.width = width;
        input = inputs == 0 ? null : nn.Parameter(empty(inputs, 3 * width));
        recurrent = nn.Parameter(empty(width, 3 * width));
        bias = nn.Parameter(zeros(3 * width));
        recurrentBias = reset == ResetGate.BeforeProduct ? null : nn.Parameter(zeros(width));
        using (no_grad())
        {
            var gateByGate = Initializers.ColumnBlocks(3, weights);
            gateByGate(recurrent);
            if (input is not null)
            {
                gateByGate(input);
            }
        }

        RegisterComponents();
    }

    /// <summary>W_r, W_z, W [inputs, 3 width], or null.</summary>
    public Parameter? Input => input;

    /// <summary>U_r, U_z, U [width, 3 width].</summary>
    public Parameter Recurrent => recurrent;

    /// <summary>b_r, b_z, b [3 width].</summary>
    public Parameter Bias => bias;

    /// <summary>b' [width], where the reset gate acts after the product.</summary>
    public Parameter? RecurrentBias => recurrentBias;

    /// <summary>The next state [B, width] from an input [B, inputs] and the state [B, width].</summary>
    public Tensor Step(Tensor x, Tensor state) => StepFromGates(x.matmul(input!), state);

    /// <summary>The next state [B, width] from the input's part of the gates, W x [B, 3 width], and the state [B, width].</summary>
    public Tensor StepFromGates(Tensor gates, Tensor state) =>
        reset == ResetGate.BeforeProduct ? StepBefore(gates + bias, state) : StepAfter(gates + bias, state);

    /// <summary>The states after each place [B, L, width] of sequences [B, L, inputs], from a state of zeros. What follows a place has no part in its state.</summary>
    public Tensor States(Tensor sequences)
    {
        var gates = sequences.transpose(0, 1).matmul(input!); // [L, B, 3 width]
        return reset is ResetGate.AfterProduct && gates.device_type is DeviceType.CPU && gates.dtype is ScalarType.Float32
            ? GruPass.States(gates + bias, recurrent, recurrentBias!).transpose(0, 1)
            : StatesByStep(gates);
    }

    // The same step by step. Unbinding has one backward pass for all places; choosing place by place would fill a tensor of all places for each.
    internal Tensor StatesByStep(Tensor gates)
    {
        var state = zeros(gates.shape[1], width, device: bias.device);
        return stack(Array.ConvertAll(gates.unbind(0), gate => state = StepFromGates(gate, state)), 1);
    }

    private Tensor StepBefore(Tensor gates, Tensor state)
    {
        var switches = (gates.narrow(1, 0, 2 * width) + state.matmul(recurrent.narrow(1, 0, 2 * width))).sigmoid();
        var r = switches.narrow(1, 0, width);
        var z = switches.narrow(1, width, width);
        var candidate = (gates.narrow(1, 2 * width, width) + (r * state).matmul(recurrent.narrow(1, 2 * width, width))).tanh();
        return lerp(state, candidate, z);
    }

    private Tensor StepAfter(Tensor gates, Tensor state)
    {
        var past = state.matmul(recurrent);
        var switches = (gates.narrow(1, 0, 2 * width) + past.narrow(1, 0, 2 * width)).sigmoid();
        var r = switches.narrow(1, 0, width);
        var z = switches.narrow(1, width, width);
        var candidate = (gates.narrow(1, 2 * width, width) + (r * (past.narrow(1, 2 * width, width) + recurrentBias!))).tanh();
        return lerp(candidate, state, z);
    }
}

/// <summary>Where the reset gate r of a GRU acts on the past. The update gate z has opposite meanings in the two, so weights never mix.</summary>
internal enum ResetGate
{
    /// <summary>c = tanh(W x + U (r o h) + b), h' = (1 - z) o h + z o c: the papers (Cho et al. 2014, GRU4Rec 2016).</summary>
    BeforeProduct,

    /// <summary>c = tanh(W x + b + r o (U h + b')), h' = (1 - z) o c + z o h: the cells of cuDNN and the frameworks.</summary>
    AfterProduct,
}
