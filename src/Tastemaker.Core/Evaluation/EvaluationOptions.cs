namespace Tastemaker.Evaluation;

/// <summary>What to measure and how.</summary>
public sealed record EvaluationOptions
{
    /// <summary>List lengths at which ranking metrics are taken. <value>10, 20</value></summary>
    public IReadOnlyList<int> Cutoffs { get; init; } = [10, 20];

    /// <summary>
    /// Names of the metrics, e.g. "ndcg", "recall", "rmse"; a name with a cut-off, e.g. "ndcg@5", is taken there and not at
    /// <see cref="Cutoffs"/>. Empty for the default set: recall, recall-min, precision, hr, ndcg, map, mrr, novelty, arp, coverage, gini and
    /// entropy, with rmse and mae where the system predicts values (ratings) and some are held out; on labelled rows, for systems that predict
    /// clicks, auc, gauc, logloss, normalized-entropy, calibration, ece, accuracy and pr-auc.
    /// </summary>
    public IReadOnlyList<string> Metrics { get; init; } = [];

    /// <summary>
    /// Columns by whose values the figures are also given: features of users and, on labelled rows, of items and of context, e.g. "gender";
    /// "user-activity" and "item-popularity", five groups by training interactions. "user.age" where several have an "age".
    /// </summary>
    public IReadOnlyList<string> Slices { get; init; } = [];

    /// <summary>How equal scores are ranked. <value>by item index</value></summary>
    public TieRule Ties { get; init; } = TieRule.ByItem;

    /// <summary>
    /// Most bytes that scores may take at once, whatever the catalog; less is used where less stays in cache. One request's scores of the catalog are
    /// the least for systems that cannot score it part by part. <value>256 MiB</value> Results do not depend on it.
    /// </summary>
    public long BlockBytes { get; init; } = 256L << 20;

    /// <summary>Threads for ranking. <value>those of <see cref="Parallelism"/>: all cores</value> Results do not depend on it.</summary>
    public int Threads { get; init; } = Parallelism.Threads;
}

/// <summary>How items of equal score are ordered when ranks are taken.</summary>
public enum TieRule
{
    /// <summary>
    /// Lower item indexes first: deterministic, and the order in which lists are shown. Where no target occurs in training, the rule is <see cref="Expected"/> instead: a catalog names popular items first, so that its order would rank items of which nothing is known.
    /// </summary>
    ByItem,

    /// <summary>The mean over all orders of the equal items, computed exactly: a constant scorer gets what chance would give.</summary>
    Expected,

    /// <summary>Targets after all other items of equal score: exposes systems whose scores saturate.</summary>
    Conservative,
}
