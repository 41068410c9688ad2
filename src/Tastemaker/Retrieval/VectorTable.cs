using Tastemaker.Recommending;

namespace Tastemaker.Retrieval;

/// <summary>All item vectors of a recommender.</summary>
internal static class VectorTable
{
    /// <summary>The capability of a recommender to give vectors.</summary>
    /// <exception cref="InputException">It does not score by inner products.</exception>
    public static IVectorRecommender Required(IRecommender recommender) => recommender.As<IVectorRecommender>() ?? throw new InputException(
        $"{recommender.System} does not score by inner products of vectors, so nothing can be found by vectors. 'taste models ID' says which systems do.");

    /// <summary>The vectors [items, length].</summary>
    /// <exception cref="InputException">They are too many for one array.</exception>
    public static float[] Of(IRecommender recommender)
    {
        var source = Required(recommender);
        var length = (long)recommender.Items.Count * source.VectorLength;
        if (length > Array.MaxLength)
        {
            throw new InputException(
                $"{recommender.Items.Count} items with vectors of {source.VectorLength} numbers are more than an index of this library holds ({Array.MaxLength} numbers); use a vector store.");
        }

        var vectors = new float[length];
        source.WriteItemVectors(0, vectors);
        return vectors;
    }
}
