namespace Tastemaker.Models.Mlp;

/// <summary>What NeuMF is training, and so which of its outputs is trained. The numbers are saved with the model.</summary>
internal enum NeuMFStage
{
    /// <summary>GMF alone.</summary>
    Gmf = 0,

    /// <summary>MLP alone.</summary>
    Mlp = 1,

    /// <summary>Both under one output.</summary>
    Fused = 2,
}
