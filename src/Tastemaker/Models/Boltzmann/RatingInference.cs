namespace Tastemaker.Models.Boltzmann;

/// <summary>How a Boltzmann machine predicts a rating from the ratings it is given.</summary>
public enum RatingInference
{
    /// <summary>From the expected hidden units, one pass for all columns: what the paper's experiments use.</summary>
    MeanField,

    /// <summary>By the exact conditional distribution of the one rating, summed over all hidden states: K times as many functions of hidden units.</summary>
    Exact,
}
