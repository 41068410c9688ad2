namespace Tastemaker.Onnx.Systems;

/// <summary>The systems that can be exported: a closed list, each with what its graph reads.</summary>
internal static class Exporters
{
    /// <summary>All of them, in the order of the catalog of systems.</summary>
    public static IReadOnlyList<Exporter> All { get; } =
    [
        new("popularity", LinearGraphs.Popularity, ReadsHistories: true),
        new("item-knn", LinearGraphs.ItemKnn, ReadsHistories: true),
        new("slim", LinearGraphs.Slim, ReadsHistories: true),
        new("ease", LinearGraphs.Ease, ReadsHistories: true),
        new("ials", FactorGraphs.KnownUsers),
        new("biased-mf", FactorGraphs.KnownUsers),
        new("svd++", FactorGraphs.SvdPlusPlus, ReadsHistories: true),
        new("mf-logistic", FactorGraphs.KnownUsers),
        new("bpr-mf", FactorGraphs.KnownUsers),
        new("warp-mf", FactorGraphs.KnownUsers),
        new("gmf", FactorGraphs.KnownUsers),
        new("mlp", PairGraphs.Mlp),
        new("neumf", PairGraphs.NeuMF),
        new("cml", FactorGraphs.Cml),
        new("youtube-dnn", FactorGraphs.KnownUsers),
        new("cdae", AutoencoderGraphs.Cdae, ReadsHistories: true),
        new("cdl", FactorGraphs.KnownUsers),
        new("cdr", FactorGraphs.KnownUsers),
        new("i-autorec", RatingGraphs.ItemAutoRec),
        new("u-autorec", RatingGraphs.UserAutoRec, ReadsHistories: true),
        new("multi-dae", AutoencoderGraphs.MultiDae, ReadsHistories: true),
        new("multi-vae", AutoencoderGraphs.MultiVae, ReadsHistories: true),
        new("dcf", FactorGraphs.KnownUsers),
        new("gru4rec", RecurrentGraphs.Gru4Rec, ReadsHistories: true),
        new("i-rbm-cf", RatingGraphs.ItemRbm),
        new("u-rbm-cf", RatingGraphs.UserRbm, ReadsHistories: true),
        new("i-cf-nade", RatingGraphs.ItemNade),
        new("u-cf-nade", RatingGraphs.UserNade, ReadsHistories: true),
        new("two-tower", FactorGraphs.KnownUsers),
    ];

    /// <summary>How a system becomes a graph.</summary>
    /// <exception cref="InputException">It does not; names those that do.</exception>
    public static Exporter Find(string system, string name) => All.FirstOrDefault(exporter => exporter.System == system) ?? throw new InputException(
        $"{name} ({system}) is not exported to ONNX. Systems that can be are: {string.Join(", ", All.Select(exporter => exporter.System))}.");
}
