using Tastemaker.Systems;
using Tastemaker.Training;

namespace Tastemaker.Recommending;

/// <summary>A trained system whose scores are inner products, and that predicts values too.</summary>
internal sealed class TrainedVectorRatingRecommender(SystemInfo info, Model model, RecommenderSnapshot snapshot, RecommenderOrigin origin)
    : TrainedRatingRecommender(info, model, snapshot, origin), IVectorRecommender
{
    /// <inheritdoc/>
    public int VectorLength => Vectors!.Length;

    /// <inheritdoc/>
    public IReadOnlyList<string?>? ItemTitles => Snapshot.Titles;

    /// <inheritdoc/>
    public void WriteItemVectors(int first, Span<float> vectors) => Vectors!.WriteItems(first, vectors);

    /// <inheritdoc/>
    public VectorQuery? QueryOf(Request request, CandidateFilter? filter = null) => Vectors!.QueryOf(request, filter);
}
