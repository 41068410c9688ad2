namespace Tastemaker.Nn;

/// <summary>Where the reset gate r of a GRU acts on the past. The update gate z has opposite meanings in the two, so weights never mix.</summary>
internal enum ResetGate
{
    /// <summary>c = tanh(W x + U (r o h) + b), h' = (1 - z) o h + z o c: the papers (Cho et al. 2014, GRU4Rec 2016).</summary>
    BeforeProduct,

    /// <summary>c = tanh(W x + b + r o (U h + b')), h' = (1 - z) o c + z o h: the cells of cuDNN and the frameworks.</summary>
    AfterProduct,
}
