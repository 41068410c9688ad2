namespace Tastemaker.Models.Recurrent;

/// <summary>Losses of GRU4Rec. The first two are the ones to use; gradients of the others vanish as samples grow.</summary>
public enum Gru4RecLoss
{
    /// <summary>Softmax cross-entropy over target and negatives.</summary>
    CrossEntropy,

    /// <summary>BPR against negatives weighted by their softmax, with a score regulariser (2018).</summary>
    BprMax,

    /// <summary>TOP1 against negatives weighted by their softmax (2018).</summary>
    Top1Max,

    /// <summary>Bayesian personalised ranking, mean over negatives (2016).</summary>
    Bpr,

    /// <summary>The 2016 paper's own ranking loss, mean over negatives.</summary>
    Top1,
}
