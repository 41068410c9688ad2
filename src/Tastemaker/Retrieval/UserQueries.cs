using Tastemaker.Data;
using Tastemaker.Recommending;

namespace Tastemaker.Retrieval;

/// <summary>Queries of a recommender's own users.</summary>
internal static class UserQueries
{
    /// <summary>The vectors [at most count, length] of users drawn without replacement; fewer where fewer can be answered by vectors.</summary>
    public static float[] Sample(IRecommender recommender, int count, SeededRandom random)
    {
        var vectors = VectorTable.Required(recommender);
        int[] order = [.. Enumerable.Range(0, recommender.Users.Count)];
        random.Shuffle(order.AsSpan());
        return [.. order
            .Select(user => vectors.QueryOf(Request.ForUser(recommender.Users[user])))
            .OfType<VectorQuery>()
            .Take(count)
            .SelectMany(query => query.Vector.ToArray())];
    }
}
