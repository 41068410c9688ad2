using Tastemaker.Catalog;
using Tastemaker.Onnx.Graphs;
using Tastemaker.Recommending;
using Tastemaker.Systems;

namespace Tastemaker.Onnx.Systems;

/// <summary>How systems become graphs: any whose score is an inner product by its vectors, others by a graph of their own.</summary>
internal static class Exporters
{
    private static readonly IReadOnlyList<Exporter> Own =
    [
        new("popularity", LinearGraphs.Popularity, ReadsHistories: true),
        new("item-knn", LinearGraphs.ItemKnn, ReadsHistories: true),
        new("slim", LinearGraphs.Slim, ReadsHistories: true),
        new("ease", LinearGraphs.Ease, ReadsHistories: true),
        new("svd++", FactorGraphs.SvdPlusPlus, ReadsHistories: true),
        new("mlp", PairGraphs.Mlp),
        new("neumf", PairGraphs.NeuMF),
        new("cdae", AutoencoderGraphs.Cdae, ReadsHistories: true),
        new("i-autorec", RatingGraphs.ItemAutoRec),
        new("u-autorec", RatingGraphs.UserAutoRec, ReadsHistories: true),
        new("multi-dae", AutoencoderGraphs.MultiDae, ReadsHistories: true),
        new("multi-vae", AutoencoderGraphs.MultiVae, ReadsHistories: true),
        new("sasrec", AttentionGraphs.SasRec, ReadsHistories: true),
        new("gru4rec", RecurrentGraphs.Gru4Rec, ReadsHistories: true),
        new("i-rbm-cf", RatingGraphs.ItemRbm),
        new("u-rbm-cf", RatingGraphs.UserRbm, ReadsHistories: true),
        new("i-cf-nade", RatingGraphs.ItemNade),
        new("u-cf-nade", RatingGraphs.UserNade, ReadsHistories: true),
    ];

    /// <summary>The systems that can be exported, in the order of the catalog.</summary>
    public static IReadOnlyList<Exporter> All { get; } = [.. SystemCatalog.Systems.Select(Of).OfType<Exporter>()];

    /// <summary>How a system becomes a graph.</summary>
    /// <exception cref="InputException">It does not; names those that do.</exception>
    public static Exporter Find(TrainedRecommender recommender) => Of(recommender.Info) ?? throw new InputException(
        $"{recommender.Info.Name} ({recommender.System}) is not exported to ONNX. Systems that can be are: {string.Join(", ", All.Select(exporter => exporter.System))}.");

    private static Exporter? Of(SystemInfo system) => Own.FirstOrDefault(exporter => exporter.System == system.Id) ?? (system.ScoresByInnerProduct && system.Answers.HasFlag(Capabilities.KnownUsers) ? new Exporter(system.Id, FactorGraphs.KnownUsers) : null);
}

/// <summary>How a system becomes a graph.</summary>
/// <param name="System">Its id.</param>
/// <param name="Scores">Adds the operations that give the scores [batch, items].</param>
/// <param name="ReadsHistories">Whether histories are an input, so that anyone is answered; else only users of the training data are.</param>
internal sealed record Exporter(string System, Func<GraphSource, OnnxValue> Scores, bool ReadsHistories = false);
