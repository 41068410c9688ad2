using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>
/// One step of a long short-term memory: f, i, o = sigma(W x + U h + b), l = tanh(V x + Q h + d), c' = f c + i l, h' = o tanh(c') (Hochreiter and Schmidhuber 1997, with forget gates of Gers et al. 2000).
/// Gates lie side by side in the order forget, input, output, candidate; the forget gate begins open.
/// </summary>
internal sealed class LstmCell : nn.Module
{
    private readonly Parameter input; // fields, because state_dict names parameters by their fields
    private readonly Parameter recurrent;
    private readonly Parameter bias;
    private readonly int width;

    /// <summary>A cell of <paramref name="width"/> units over <paramref name="inputs"/> numbers.</summary>
    public LstmCell(int inputs, int width)
        : base(nameof(LstmCell))
    {
        this.width = width;
        input = nn.Parameter(empty(inputs, 4 * width));
        recurrent = nn.Parameter(empty(width, 4 * width));
        bias = nn.Parameter(zeros(4 * width));
        using (no_grad())
        {
            var gateByGate = Initializers.ColumnBlocks(4, Initializers.GlorotUniform);
            gateByGate(input);
            gateByGate(recurrent);
            bias.narrow(0, 0, width).fill_(1);
        }

        RegisterComponents();
    }

    /// <summary>A state of zeros for <paramref name="count"/> sequences.</summary>
    public (Tensor H, Tensor C) Begin(long count) => (zeros(count, width, device: bias.device), zeros(count, width, device: bias.device));

    /// <summary>The input's part of the gates [..., 4 width] of inputs [..., inputs]: of all steps at once where they are known.</summary>
    public Tensor Gates(Tensor x) => x.matmul(input) + bias;

    /// <summary>What the gates and the candidate are functions of [B, 4 width]: the input's part and that of the state h [B, width].</summary>
    public Tensor Activations(Tensor gates, Tensor h) => gates + h.matmul(recurrent);

    /// <summary>The next state from the input's part of the gates [B, 4 width] and the state, each [B, width].</summary>
    public (Tensor H, Tensor C) Step(Tensor gates, (Tensor H, Tensor C) state)
    {
        var all = Activations(gates, state.H);
        var open = all.narrow(1, 0, 3 * width).sigmoid();
        var c = (open.narrow(1, 0, width) * state.C) + (open.narrow(1, width, width) * all.narrow(1, 3 * width, width).tanh());
        return (open.narrow(1, 2 * width, width) * c.tanh(), c);
    }

    /// <summary>The state after each step of sequences [B, L, inputs], from a state of zeros [B, L, width].</summary>
    public Tensor States(Tensor x)
    {
        // Unbinding has one backward pass for all steps; choosing step by step would fill a tensor of all steps for each.
        var state = Begin(x.shape[0]);
        return stack(Array.ConvertAll(Gates(x).unbind(1), gates => (state = Step(gates, state)).H), 1);
    }

    /// <summary>The state after the last step of each sequence [B, width]; zeros where a sequence has none.</summary>
    /// <param name="states">The state after each step [B, L, width], those of padding too, which are not read.</param>
    /// <param name="isStep">1 for steps and 0 for the padding on their right [B, L].</param>
    public static Tensor Last(Tensor states, Tensor isStep) =>
        states.gather(1, (isStep.sum(1).to(int64) - 1).clamp_min(0).view(-1, 1, 1).expand(-1, 1, states.shape[2])).squeeze(1) * isStep.narrow(1, 0, 1);
}
