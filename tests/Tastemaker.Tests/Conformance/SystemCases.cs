using Tastemaker.Catalog;
using Tastemaker.Configuration;
using Tastemaker.Data.Splits;
using Tastemaker.Options;
using Tastemaker.Systems;
using Tastemaker.Training;

namespace Tastemaker.Tests.Conformance;

/// <summary>How each system is set for tiny data; systems not listed run with their defaults.</summary>
internal static class SystemCases
{
    /// <summary>Systems that give everyone one list, or go by features alone, and so cannot learn a checkerboard that features say nothing of.</summary>
    public static readonly string[] NotPersonalized = ["popularity", "lr", "vector-profile"];

    /// <summary>Systems that score a part of the catalog at a time: full ranking of a large catalog rests on it.</summary>
    public static readonly string[] ScoredInParts =
        [.. SystemCatalog.Systems.Where(system => system.ScoresByInnerProduct).Select(system => system.Id), "mlp", "neumf"];

    private static readonly Dictionary<string, string[]> Overrides = new()
    {
        ["slim"] = ["l1=0.1", "l2=1"],
        ["ease"] = ["regularization=10"],
        ["ials"] = ["dimension=8"],
        ["biased-mf"] = ["dimension=8", "epochs=40", "learning-rate=0.03"],
        ["svd++"] = ["dimension=8", "epochs=40", "learning-rate=0.03"],
        ["mf-logistic"] = ["dimension=8", "epochs=40", "learning-rate=0.05"],
        ["bpr-mf"] = ["dimension=8", "epochs=40", "learning-rate=0.05"],
        ["warp-mf"] = ["dimension=8", "epochs=40", "learning-rate=0.02"],
        ["irgan"] = ["dimension=8", "pretraining-epochs=40", "pretraining-learning-rate=0.1", "pretraining-regularization=0.01", "rounds=2", "discriminator-epochs=5", "generator-epochs=2"],
        ["lr"] = ["epochs=5", "batch-size=64"],
        ["fm"] = ["dimension=8", "epochs=25", "batch-size=64", "regularization=0"],
        ["wide-deep"] = ["dimension=8", "hidden=[16, 8]", "epochs=30", "batch-size=64", "learning-rate=0.05", "negatives=2"],
        ["ffm"] = ["dimension=8", "epochs=25", "batch-size=64", "regularization=0", "learning-rate=0.1"],
        ["deepfm"] = ["dimension=8", "hidden=[16, 8]", "dropout=0", "epochs=25", "batch-size=64", "learning-rate=0.02"],
        ["dcn-v2"] = ["dimension=8", "cross-layers=2", "hidden=[16, 8]", "initial-deviation=0.1", "batch-normalization=true", "epochs=25", "batch-size=64", "learning-rate=0.02"],
        ["dlrm"] = ["dimension=8", "hidden=[16, 8]", "epochs=25", "batch-size=64", "learning-rate=0.02"],
        ["xdeepfm"] = ["dimension=8", "feature-maps=[8]", "hidden=[16, 8]", "dropout=0.1", "initial-deviation=0.1", "epochs=25", "batch-size=64", "learning-rate=0.02"],
        ["autoint"] = ["dimension=8", "layers=2", "head-dimension=8", "initial-deviation=0.1", "epochs=25", "batch-size=64", "learning-rate=0.02"],
        ["gmf"] = ["factors=8", "epochs=25", "batch-size=64", "learning-rate=0.02"],
        ["mlp"] = ["embedding-dimension=8", "hidden=[16, 8]", "epochs=25", "batch-size=64", "learning-rate=0.02"],
        ["neumf"] = ["factors=4", "embedding-dimension=8", "hidden=[16, 8]", "pretraining-epochs=10", "epochs=8", "batch-size=64", "learning-rate=0.02"],
        ["cml"] = ["dimension=8", "negatives=5", "epochs=25", "batch-size=64"],
        ["youtube-dnn"] = ["embedding-dimension=16", "layers=[16]", "activates-last=false", "examples-per-user=8", "samples=20", "epochs=25", "batch-size=64", "learning-rate=0.02"],
        ["youtube-ranking"] = ["embedding-dimension=8", "hidden=[32, 16]", "epochs=15", "batch-size=64", "learning-rate=0.01"],
        ["two-tower"] = ["embedding-dimension=16", "hidden=[]", "dimension=16", "epochs=15", "batch-size=64", "learning-rate=0.01"],
        ["cdae"] = ["dimension=16", "epochs=25"],
        ["cdl"] = ["dimension=8", "hidden=[16]", "pretraining-epochs=1", "epochs=10", "batch-size=16", "item-weight=0.1", "content-weight=1", "learning-rate=0.01"],
        ["cdr"] = ["dimension=8", "hidden=[16]", "pretraining-epochs=1", "epochs=20", "batch-size=16", "item-weight=0.1", "content-weight=1", "learning-rate=0.01"],
        ["i-autorec"] = ["hidden=[16]", "epochs=40", "batch-size=10", "learning-rate=0.01", "regularization=1", "initial-deviation=0.05"],
        ["u-autorec"] = ["hidden=[16]", "epochs=40", "batch-size=10", "learning-rate=0.01", "regularization=1", "initial-deviation=0.05"],
        ["i-rbm-cf"] = ["hidden=16", "epochs=40", "batch-size=10", "optimizer=adam", "momentum=0", "learning-rate=0.02", "initial-deviation=0.1"],
        ["u-rbm-cf"] = ["hidden=16", "epochs=40", "batch-size=10", "optimizer=adam", "momentum=0", "learning-rate=0.02", "initial-deviation=0.1"],
        ["i-cf-nade"] = ["hidden=[16]", "epochs=25", "batch-size=10", "learning-rate=0.02"],
        ["u-cf-nade"] = ["hidden=[16]", "epochs=25", "batch-size=10", "learning-rate=0.02"],
        ["multi-dae"] = ["latent=16", "epochs=30", "batch-size=10", "learning-rate=0.01"],
        ["multi-vae"] = ["hidden=[32]", "latent=8", "epochs=40", "batch-size=10", "learning-rate=0.01"],
        ["ui-rbm"] = ["user-hidden=8", "item-hidden=8", "epochs=100"],
        ["ic-crbm"] = ["user-hidden=8", "item-hidden=8", "epochs=100"],
        ["dcf"] = ["dimension=8", "regularization=0.1"],
        ["lightgcn"] = ["dimension=8", "epochs=40", "batch-size=64", "learning-rate=0.05"],
        ["ultragcn"] = ["dimension=8", "epochs=40", "batch-size=64", "negatives=5", "learning-rate=0.02"],
        ["drnn"] = ["embedding=16", "units=16", "epochs=15", "batch-size=10", "dropout=0", "learning-rate=0.01"],
        ["pinsage"] = ["dimension=16", "hidden=16", "neighbors=5", "shared-negatives=20", "epochs=10", "batch-size=32", "learning-rate=0.01", "warmup-steps=5", "walk-steps=200", "item-ids=true"],
        ["deep-coevolve"] = ["dimension=2", "epochs=50", "window=200", "learning-rate=0.1", "user-negatives=5", "item-negatives=5", "maximum-norm=0", "weight-decay=0", "coevolution=false"],
        ["bert4rec"] = ["dimension=16", "inner=32", "dropout=0.1", "epochs=40", "batch-size=10", "learning-rate=0.01"],
        ["caser"] = ["dimension=16", "horizontal-filters=4", "dropout=0.1", "epochs=30", "batch-size=10", "learning-rate=0.01"],
        ["narm"] = ["embedding=16", "units=16", "dropout=0.1", "epochs=20", "batch-size=10", "learning-rate=0.01"],
        ["rrn"] = ["dimension=8", "units=8", "embedding=8", "dynamic-dimension=4", "pretraining-epochs=30", "epochs=5", "batch-size=10", "factor-learning-rate=0.03", "regularization=0.01"],
        ["convncf"] = ["dimension=8", "channels=8", "pretraining-epochs=20", "epochs=10", "batch-size=64", "kernel-regularization=0.01", "output-regularization=0.01"],
        ["gcmc"] = ["hidden=20", "dimension=8", "dropout=0.3", "epochs=30", "updates-per-epoch=5"],
        ["sasrec"] = ["dimension=16", "dropout=0.1", "epochs=25", "batch-size=10", "learning-rate=0.01"],
        ["deepconn"] = ["word-dimension=8", "filter-count=8", "dimension=8", "factors=4", "dropout=0", "epochs=15", "batch-size=100", "learning-rate=0.005"],
        ["lrcnn"] = ["dimension=8", "word-dimension=16", "filter-count=8", "minimum-count=1", "dropout=0", "sweeps=10", "epochs=5", "batch-size=16", "learning-rate=0.01", "user-penalty=0.05", "item-penalty=0.05"],
        ["crae"] = ["dimension=8", "word-dimension=16", "minimum-count=1", "pretraining-epochs=1", "epochs=10", "batch-size=16", "item-weight=0.1", "learning-rate=0.01"],
        ["hashtag-cnn"] = ["word-dimension=16", "filter-count=8", "local-dimension=8", "dimension=16", "dropout=0", "epochs=10", "batch-size=64", "optimizer=adam", "learning-rate=0.01"],
        ["tab-lstm"] = ["word-dimension=16", "units=16", "topics=4", "topic-sweeps=20", "dropout=0", "epochs=10", "batch-size=64", "learning-rate=0.01"],
        ["quote-rec"] = ["word-dimension=16", "filter-count=8", "turn-dimension=16", "units=16", "dropout=0", "epochs=10", "batch-size=64", "learning-rate=0.01"],
        ["ask-the-gru"] = ["word-dimension=16", "units=8", "dimension=16", "minimum-count=1", "hidden-dropout=0", "output-dropout=0", "epochs=20", "batch-size=32", "learning-rate=0.01"],
        ["bm25"] = ["minimum-count=20"], // a word that few have says nothing of parity
        ["ncn"] = ["word-dimension=16", "filter-count=16", "units=16", "layers=1", "dropout=0", "epochs=15", "batch-size=64", "learning-rate=0.01"],
        ["yahoo-news"] = ["minimum-count=1", "dimension=16", "units=16", "article-epochs=10", "article-batch-size=10", "article-learning-rate=0.01", "epochs=20", "batch-size=10"],
        ["gru4rec"] = ["layers=[16]", "embedding-dimension=16", "epochs=15", "batch-size=10", "samples=16", "learning-rate=0.05"],
    };

    /// <summary>Ids of all systems.</summary>
    public static TheoryData<string> All => [.. SystemCatalog.Systems.Select(system => system.Id)];

    /// <summary>A system's options for tiny data.</summary>
    public static ModelOptions Options(SystemInfo system) => Options(system, Overrides);

    /// <summary>A system's options with settings by id.</summary>
    public static ModelOptions Options(SystemInfo system, IReadOnlyDictionary<string, string[]> settings)
    {
        var problems = new List<string>();
        var bound = new OptionBinder(problems).Bind(system.OptionsType, settings.GetValueOrDefault(system.Id, []).Select(OptionAssignment.Parse), system.Name);
        problems.ShouldBeEmpty();
        return (ModelOptions)bound.Record;
    }

    /// <summary>Trains a system on a split, without early stopping.</summary>
    public static Tastemaker.Recommending.IRecommender Train(
        string id, Split split, ITrainingObserver? observer = null, string? checkpoints = null, CancellationTokenSource? stop = null) =>
        Recommender.Train(
            id, split, Options(SystemCatalog.Find(id)), new TrainingOptions { Threads = 1, Patience = 0, Seed = 5 }, observer is null ? [] : [observer], checkpoints, stop?.Token ?? TestContext.Current.CancellationToken);
}
