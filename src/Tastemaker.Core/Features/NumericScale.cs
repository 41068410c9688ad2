namespace Tastemaker.Features;

/// <summary>A numeric transform with the statistics of the training rows it was fitted on.</summary>
/// <param name="Transform">What is done.</param>
/// <param name="Center">What is subtracted.</param>
/// <param name="Width">What the difference is divided by; never 0.</param>
/// <param name="Quantiles">Ascending, distinct boundaries of quantiles; empty where the transform has none.</param>
/// <param name="Shares">
/// Of <see cref="NumericTransform.Quantile"/>: the share of training rows below each boundary, ascending. Null in models saved before there were
/// shares, which go on with the rank that they were trained on.
/// </param>
internal sealed record NumericScale(NumericTransform Transform, double Center, double Width, float[] Quantiles, float[]? Shares = null)
{
    private const int QuantileCount = 1000;

    /// <summary>Number of categories of <see cref="NumericTransform.Buckets"/>, with the one of missing values.</summary>
    public int BucketCount => Quantiles.Length + 2;

    /// <summary>Takes the statistics of some values; missing ones (NaN) are passed over.</summary>
    /// <param name="transform">What is to be done.</param>
    /// <param name="values">A value a training row.</param>
    /// <param name="buckets">Number of buckets, where the transform has some.</param>
    public static NumericScale Fit(NumericTransform transform, ReadOnlySpan<float> values, int buckets)
    {
        var present = new List<float>(values.Length);
        foreach (var value in values)
        {
            if (float.IsFinite(value))
            {
                present.Add(value);
            }
        }

        if (present.Count == 0)
        {
            return new NumericScale(transform, 0, 1, []);
        }

        switch (transform)
        {
            case NumericTransform.Standardize:
                var mean = present.Average(value => (double)value);
                var deviation = Math.Sqrt(present.Average(value => (value - mean) * (value - mean)));
                return new NumericScale(transform, mean, deviation > 0 ? deviation : 1, []);
            case NumericTransform.MinMax:
                var (low, high) = ((double)present.Min(), (double)present.Max());
                return new NumericScale(transform, low, high > low ? high - low : 1, []);
            case NumericTransform.Quantile or NumericTransform.Rank or NumericTransform.Buckets:
                present.Sort();
                var boundaries = Boundaries(present, transform is NumericTransform.Buckets ? buckets : QuantileCount, transform);
                return new NumericScale(transform, 0, 1, boundaries, transform is NumericTransform.Quantile ? SharesBelow(boundaries, present) : null);
            default:
                return new NumericScale(transform, 0, 1, []);
        }
    }

    /// <summary>The transformed value; 0 for a missing one, which is the mean where values are standardized.</summary>
    public float Apply(float value) => !float.IsFinite(value) ? 0 : Transform switch
    {
        NumericTransform.Standardize => (float)((value - Center) / Width),
        NumericTransform.MinMax => (float)Math.Clamp((value - Center) / Width, 0, 1),
        NumericTransform.Log => MathF.CopySign(MathF.Log(1 + MathF.Abs(value)), value),
        NumericTransform.Quantile or NumericTransform.Rank => Share(value),
        _ => value,
    };

    /// <summary>The bucket of a value, from 1; 0 for a missing one.</summary>
    public int Bucket(float value)
    {
        if (!float.IsFinite(value))
        {
            return 0;
        }

        var place = Array.BinarySearch(Quantiles, value);
        return (place >= 0 ? place + 1 : ~place) + 1; // a boundary opens the bucket above it
    }

    // In a line from one boundary to the next.
    private float Share(float value)
    {
        const float Largest = 0.99999994f; // the float below 1
        if (Quantiles.Length < 2 || value <= Quantiles[0])
        {
            return 0;
        }

        if (value > Quantiles[^1])
        {
            return Largest;
        }

        var place = Array.BinarySearch(Quantiles, value);
        var below = Math.Min(place >= 0 ? place : ~place - 1, Quantiles.Length - 2);
        var within = (value - Quantiles[below]) / (Quantiles[below + 1] - Quantiles[below]);
        var share = Shares is null ? (below + within) / (Quantiles.Length - 1) : Shares[below] + (within * (Shares[below + 1] - Shares[below]));
        return Math.Min(share, Largest);
    }

    private static float[] SharesBelow(float[] boundaries, List<float> sorted)
    {
        var shares = new float[boundaries.Length];
        var below = 0;
        for (var boundary = 0; boundary < boundaries.Length; boundary++)
        {
            while (sorted[below] < boundaries[boundary])
            {
                below++; // boundaries are among the values, so the walk ends there
            }

            shares[boundary] = (float)((double)below / sorted.Count);
        }

        return shares;
    }

    private static float[] Boundaries(List<float> sorted, int count, NumericTransform transform)
    {
        // Buckets need only the boundaries between them; shares need the ends too.
        var ends = transform is not NumericTransform.Buckets;
        var boundaries = new List<float>();
        for (var quantile = ends ? 0 : 1; quantile < (ends ? count + 1 : count); quantile++)
        {
            var value = sorted[(int)Math.Min((long)quantile * sorted.Count / count, sorted.Count - 1)];
            if (boundaries.Count == 0 || value > boundaries[^1])
            {
                boundaries.Add(value);
            }
        }

        // All rows in the lowest bucket would leave it without a boundary.
        if (!ends && boundaries.Count > 0 && boundaries[0] <= sorted[0])
        {
            boundaries.RemoveAt(0);
        }

        return [.. boundaries];
    }
}
