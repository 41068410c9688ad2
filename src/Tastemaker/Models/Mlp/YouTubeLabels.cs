namespace Tastemaker.Models.Mlp;

/// <summary>What YouTube DNN is trained to predict.</summary>
public enum YouTubeLabels
{
    /// <summary>What a user took up next, from what came before ("rollback"); of data without times or order the same as <see cref="HeldOut"/>.</summary>
    Next,

    /// <summary>What was held out at random, from all else the user took up, later or earlier: the custom that the paper found worse.</summary>
    HeldOut,
}
