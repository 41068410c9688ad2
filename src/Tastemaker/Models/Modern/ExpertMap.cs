using Tastemaker.Nn;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Modern;

/// <summary>
/// sum over experts i of g_i(x) (U_i tanh(C_i tanh(V_i' x)) + b): a mixture of maps of low rank, gated by a softmax or a sigmoid each (Wang et al. 2021,
/// eq. 3 and 4).
/// </summary>
internal sealed class ExpertMap : nn.Module<Tensor, Tensor>
{
    private readonly int experts;
    private readonly int rank;
    private readonly Parameter up; // [E, r, D]; fields, because state_dict names parameters by their fields
    private readonly Parameter core; // [E, r, r]
    private readonly Parameter down; // [E, D, r]
    private readonly Parameter bias;
    private readonly Dense gate;
    private readonly ExpertGate kind;

    /// <summary>Some experts on <paramref name="width"/> numbers, each through <paramref name="rank"/>.</summary>
    public ExpertMap(int width, int rank, int experts, ExpertGate kind = ExpertGate.Softmax)
        : base(nameof(ExpertMap))
    {
        (this.experts, this.rank, this.kind) = (experts, rank, kind);
        up = Matrices(rank, width);
        core = Matrices(rank, rank);
        down = Matrices(width, rank);
        bias = nn.Parameter(zeros(width));
        gate = new Dense(width, experts, Initializers.GlorotUniform);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)
    {
        var hidden = x.unsqueeze(0).matmul(down).tanh().matmul(core).tanh(); // [E, B, r]
        var scores = gate.forward(x);
        var gates = kind is ExpertGate.Softmax ? scores.softmax(1) : scores.sigmoid(); // [B, E]
        var gated = hidden.permute(1, 0, 2) * gates.unsqueeze(2); // [B, E, r]
        var mapped = gated.flatten(1).matmul(up.view((long)experts * rank, -1)); // one product sums over the experts
        return kind is ExpertGate.Softmax ? mapped + bias : mapped + (gates.sum(1, keepdim: true) * bias); // shares add up to 1
    }

    private Parameter Matrices(long rows, long columns)
    {
        var matrices = nn.Parameter(empty(experts, rows, columns));
        using (no_grad())
        {
            foreach (var matrix in matrices.unbind())
            {
                Initializers.GlorotUniform(matrix);
            }
        }

        return matrices;
    }
}
