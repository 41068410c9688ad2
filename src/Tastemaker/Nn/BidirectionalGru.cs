using Tastemaker.Batches;
using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>Two gated recurrent units over texts, one from the first word on and one from the last word back; neither reads padding before a word.</summary>
internal sealed class BidirectionalGru : nn.Module
{
    private readonly GruCell onward; // fields, because state_dict names parameters by their fields
    private readonly GruCell backward;

    /// <summary>Units of <paramref name="width"/> each over <paramref name="inputs"/> values per word.</summary>
    public BidirectionalGru(int inputs, int width)
        : base(nameof(BidirectionalGru))
    {
        onward = new GruCell(inputs, width, ResetGate.AfterProduct, Initializers.GlorotUniform);
        backward = new GruCell(inputs, width, ResetGate.AfterProduct, Initializers.GlorotUniform);
        RegisterComponents();
    }

    /// <summary>The states of both at each word, side by side [B, L, 2 width], of what lies beside the words [B, L, inputs].</summary>
    public Tensor States(Tensor beside, PaddedTexts texts) => cat([onward.States(beside), texts.Reversed(backward.States(texts.Reversed(beside)))], 2);
}
