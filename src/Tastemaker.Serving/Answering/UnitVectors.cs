using Tastemaker.Data;
using Tastemaker.Recommending;
using Tastemaker.Solvers;

namespace Tastemaker.Serving.Answering;

/// <summary>Item vectors of length 1, for cosines.</summary>
internal static class UnitVectors
{
    /// <summary>The vectors of some items of the catalog, a row each.</summary>
    public static float[][] Of(Vocabulary catalog, IVectorRecommender recommender, IReadOnlyList<string> items)
    {
        var table = new float[items.Count][];
        for (var row = 0; row < table.Length; row++)
        {
            table[row] = new float[recommender.VectorLength];
            recommender.WriteItemVectors(catalog.IndexOf(items[row]), table[row]);
            var length = MathF.Sqrt(Vectors.Dot(table[row], table[row]));
            Vectors.AddScaled(table[row], length > 0 ? (1 / length) - 1 : 0, table[row]);
        }

        return table;
    }

    /// <summary>The cosine of two rows.</summary>
    public static float Cosine(float[][] table, int row, int other) => Vectors.Dot(table[row], table[other]);
}
