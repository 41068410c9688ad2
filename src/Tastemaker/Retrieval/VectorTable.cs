using Tastemaker.Recommending;

namespace Tastemaker.Retrieval;

/// <summary>All item vectors of a recommender.</summary>
internal static class VectorTable
{
    /// <summary>The vectors [items, length].</summary>
    /// <exception cref="InputException">They are too many for one array.</exception>
    public static float[] Of(IVectorRecommender recommender)
    {
        var length = (long)recommender.Items.Count * recommender.VectorLength;
        if (length > Array.MaxLength)
        {
            throw new InputException(
                $"{recommender.Items.Count} items with vectors of {recommender.VectorLength} numbers are more than an index of this library holds ({Array.MaxLength} numbers); use a vector store.");
        }

        var vectors = new float[length];
        recommender.WriteItemVectors(0, vectors);
        return vectors;
    }
}
