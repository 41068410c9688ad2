namespace Tastemaker.Features;

/// <summary>What is done to a numeric column before a model reads it.</summary>
internal enum NumericTransform
{
    /// <summary>(x - mean) / standard deviation of the training rows.</summary>
    Standardize,

    /// <summary>sign(x) log(1 + |x|).</summary>
    Log,

    /// <summary>(x - minimum) / (maximum - minimum) of the training rows, held within 0 and 1.</summary>
    MinMax,

    /// <summary>
    /// The empirical distribution function: the share of training rows below x, in a line between quantiles: from 0 up to, but not reaching, 1
    /// (Covington et al. 2016, section 4.1).
    /// </summary>
    Quantile,

    /// <summary>The place of x among the distinct quantiles, from 0 up to, but not reaching, 1: each distinct quantile is one step, however many rows have it.</summary>
    Rank,

    /// <summary>x itself.</summary>
    Raw,

    /// <summary>The number of the quantile that x is in: a category.</summary>
    Buckets,
}
