using Tastemaker.Evaluation.Ranking;

namespace Tastemaker.Evaluation.Metrics;

/// <summary>A metric of one request.</summary>
/// <param name="ranked">Where the targets stand.</param>
/// <param name="k">The cut-off.</param>
/// <param name="listed">The items of the list, k or fewer.</param>
internal delegate double RankingMeasure(in RankedTargets ranked, int k, ReadOnlySpan<int> listed);
