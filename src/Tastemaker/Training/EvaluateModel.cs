using Tastemaker.Data.Splits;
using Tastemaker.Recommending;

namespace Tastemaker.Training;

/// <summary>Measures a recommender on a hold-out; gives means by metric name, e.g. "ndcg@10".</summary>
internal delegate IReadOnlyDictionary<string, double> EvaluateModel(IRecommender recommender, HoldOut holdOut, CancellationToken cancellation);
