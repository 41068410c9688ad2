using System.Collections.Concurrent;
using Tastemaker.Catalog;
using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Data.Filters;
using Tastemaker.Data.Import;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation;
using Tastemaker.Options;
using Tastemaker.Tests.Documentation;

namespace Tastemaker.Tests.Conformance;

/// <summary>
/// What every system must reach on real data: the sample of MovieLens that comes with the sources, reduced to its busiest users and films, with
/// settings small enough for a test. Each floor lies a little below what was measured; recipes say what the systems can do.
/// </summary>
public sealed class FloorTests
{
    private const string RandomFifth = "ratio-by-user(test=0.2,validation=0)";
    private const string Newest = "leave-one-out(by=time,validation=no)";

    // NDCG@10. Rating predictors learn what people give the films they saw, not which films they see, so good films that few saw come first: they rank
    // below popularity, here as in the literature.
    private static readonly Dictionary<string, double> Floors = new()
    {
        ["popularity"] = 0.25,
        ["item-knn"] = 0.39,
        ["user-knn"] = 0.37,
        ["slim"] = 0.45,
        ["ease"] = 0.45,
        ["ials"] = 0.43,
        ["biased-mf"] = 0.09,
        ["svd++"] = 0.14,
        ["mf-logistic"] = 0.40,
        ["bpr-mf"] = 0.36,
        ["warp-mf"] = 0.34,
        ["lr"] = 0.2,
        ["fm"] = 0.3,
        ["wide-deep"] = 0.3,
        ["ffm"] = 0.36,
        ["deepfm"] = 0.35,
        ["dcn-v2"] = 0.33,
        ["dlrm"] = 0.36,
        ["xdeepfm"] = 0.34,
        ["autoint"] = 0.33,
        ["youtube-dnn"] = 0.05,
        ["youtube-ranking"] = 0.31,
        ["two-tower"] = 0.31,
        ["irgan"] = 0.20,
        ["lightgcn"] = 0.38,
        ["ultragcn"] = 0.40,
        ["sasrec"] = 0.05,
        ["deepconn"] = 0.05,
        ["gmf"] = 0.34,
        ["mlp"] = 0.37,
        ["neumf"] = 0.37,
        ["cml"] = 0.38,
        ["cdae"] = 0.1,
        ["cdl"] = 0.3,
        ["cdr"] = 0.3,
        ["i-autorec"] = 0.16,
        ["u-autorec"] = 0.13,
        ["i-rbm-cf"] = 0.17,
        ["u-rbm-cf"] = 0.08,
        ["i-cf-nade"] = 0.07,
        ["u-cf-nade"] = 0.1,
        ["multi-dae"] = 0.42,
        ["multi-vae"] = 0.39,
        ["dcf"] = 0.14,
        ["ui-rbm"] = 0.09,
        ["ic-crbm"] = 0.09,
        ["gru4rec"] = 0.08,
        ["narm"] = 0.035,
        ["drnn"] = 0.05,
        ["caser"] = 0.05,
        ["bert4rec"] = 0.033,
        ["deep-coevolve"] = 0.03,
        ["rrn"] = 0.05,
        ["gcmc"] = 0.05,
        ["pinsage"] = 0.03,
        ["convncf"] = 0.25,
        ["naive-bayes"] = 0.01,
        ["hashtag-cnn"] = 0.01,
        ["tab-lstm"] = 0.01,
        ["quote-rec"] = 0.29,
        ["ask-the-gru"] = 0.31,
        ["lrcnn"] = 0.3,
        ["crae"] = 0.3,
        ["vector-profile"] = 0.01,
        ["bm25"] = 0.06,
        ["ncn"] = 0.18,
        ["yahoo-news"] = 0.05,
    };

    // They know a film by its title or its genres alone, which say little of who likes it.
    private static readonly string[] ContentAlone = ["bm25", "ncn", "vector-profile"];

    private static readonly ConcurrentDictionary<string, Lazy<(Split Films, double Popularity)>> Splits = new();

    private static readonly Dictionary<string, string[]> Settings = new()
    {
        ["ials"] = ["dimension=16"],
        ["biased-mf"] = ["dimension=16"],
        ["svd++"] = ["dimension=8", "epochs=5"],
        ["mf-logistic"] = ["dimension=16", "epochs=20", "learning-rate=0.05", "regularization=0.01"],
        ["bpr-mf"] = ["dimension=16", "epochs=15", "learning-rate=0.05"],
        ["warp-mf"] = ["dimension=16", "epochs=20", "draws=10"],
        ["lr"] = ["fields=[user, item]", "epochs=4"],
        ["fm"] = ["fields=[user, item]", "dimension=16", "epochs=10", "regularization=0.001"],
        ["wide-deep"] = ["fields=[user, item]", "dimension=16", "hidden=[32, 16]", "epochs=10", "batch-size=512", "learning-rate=0.05"],
        ["ffm"] = ["fields=[user, item]", "dimension=16", "epochs=10", "regularization=0.001"],
        ["deepfm"] = ["fields=[user, item]", "dimension=16", "hidden=[32, 16]", "dropout=0", "epochs=8", "learning-rate=0.01"],
        ["dcn-v2"] = ["fields=[user, item]", "dimension=16", "hidden=[32, 16]", "epochs=8", "learning-rate=0.01"],
        ["dlrm"] = ["fields=[user, item]", "dimension=16", "hidden=[32, 16]", "epochs=8", "learning-rate=0.01"],
        ["xdeepfm"] = ["fields=[user, item]", "dimension=16", "feature-maps=[16]", "hidden=[32, 16]", "epochs=8", "learning-rate=0.01"],
        ["autoint"] = ["fields=[user, item]", "layers=1", "head-dimension=16", "epochs=8", "learning-rate=0.01"],
        ["youtube-dnn"] = ["embedding-dimension=32", "layers=[]", "fields=[history]", "samples=0", "examples-per-user=0", "epochs=6", "learning-rate=0.005"],
        ["youtube-ranking"] = ["fields=[user, item]", "embedding-dimension=16", "hidden=[32]", "epochs=6", "learning-rate=0.005"],
        ["two-tower"] = ["fields=[user, item]", "embedding-dimension=32", "hidden=[]", "dimension=32", "epochs=10", "learning-rate=0.005"],
        ["gmf"] = ["factors=16", "epochs=10", "batch-size=1024", "learning-rate=0.02"],
        ["mlp"] = ["embedding-dimension=16", "hidden=[32, 16]", "epochs=10", "batch-size=1024", "learning-rate=0.01"],
        ["neumf"] = ["factors=16", "embedding-dimension=16", "hidden=[32, 16]", "pretraining-epochs=6", "epochs=2", "batch-size=1024", "learning-rate=0.02"],
        ["cml"] = ["dimension=32", "negatives=5", "epochs=10", "batch-size=512", "learning-rate=0.1"],
        ["cdl"] = ["dimension=16", "hidden=[]", "pretraining-epochs=1", "epochs=10", "unobserved-weight=0.1", "item-weight=1", "content-weight=1"],
        ["cdr"] = ["dimension=16", "hidden=[]", "pretraining-epochs=1", "epochs=10", "item-weight=1", "content-weight=1"],
        ["i-autorec"] = ["hidden=[50]", "epochs=30", "batch-size=50", "learning-rate=0.003", "regularization=20"],
        ["u-autorec"] = ["hidden=[50]", "epochs=30", "batch-size=50", "learning-rate=0.003", "regularization=20"],
        ["i-rbm-cf"] = ["hidden=50", "epochs=20", "batch-size=50", "optimizer=adam", "momentum=0", "learning-rate=0.005", "gibbs-steps=[1]", "gibbs-growth=[]"],
        ["u-rbm-cf"] = ["hidden=50", "epochs=20", "batch-size=50", "optimizer=adam", "momentum=0", "learning-rate=0.005", "gibbs-steps=[1]", "gibbs-growth=[]"],
        ["i-cf-nade"] = ["hidden=[50]", "epochs=15", "batch-size=50", "learning-rate=0.005"],
        ["u-cf-nade"] = ["hidden=[50]", "epochs=15", "batch-size=50", "learning-rate=0.005"],
        ["multi-dae"] = ["latent=32", "epochs=30", "batch-size=50", "learning-rate=0.005"],
        ["multi-vae"] = ["hidden=[64]", "latent=32", "epochs=40", "batch-size=50", "learning-rate=0.005"],
        ["dcf"] = ["regularization=3", "feature-weight=1", "epochs=10", "item-fields=[genres(pool=sum)]"],
        ["ui-rbm"] = ["user-hidden=20", "item-hidden=20", "epochs=100"],
        ["ic-crbm"] = ["user-hidden=20", "item-hidden=20", "epochs=100", "item-fields=[genres(pool=sum)]"],
        ["irgan"] = ["dimension=16", "pretraining-epochs=30", "pretraining-regularization=0.03", "rounds=1", "discriminator-epochs=5", "generator-epochs=2"],
        ["lightgcn"] = ["dimension=16", "layers=2", "epochs=12", "batch-size=1024", "learning-rate=0.02"],
        ["ultragcn"] = ["dimension=16", "epochs=30", "batch-size=1024", "negatives=10", "learning-rate=0.02"],
        ["sasrec"] = ["dimension=32", "dropout=0.2", "epochs=12", "batch-size=64", "learning-rate=0.003"],
        ["deepconn"] = ["word-dimension=8", "filter-count=16", "dimension=8", "document-words=100", "epochs=2", "batch-size=500"],
        ["narm"] = ["embedding=32", "units=32", "epochs=8", "batch-size=32", "learning-rate=0.005"],
        ["drnn"] = ["embedding=32", "units=32", "epochs=8", "batch-size=32", "learning-rate=0.005"],
        ["caser"] = ["dimension=32", "horizontal-filters=4", "dropout=0.2", "epochs=10", "batch-size=32", "learning-rate=0.005"],
        ["bert4rec"] = ["dimension=32", "inner=64", "epochs=40", "batch-size=32", "learning-rate=0.005"],
        ["deep-coevolve"] = ["dimension=16", "epochs=4", "window=400", "learning-rate=0.01", "user-negatives=5", "item-negatives=5"],
        ["rrn"] = ["dimension=16", "pretraining-epochs=8", "epochs=2"],
        ["gcmc"] = ["hidden=100", "dimension=32", "epochs=10"],
        ["pinsage"] = ["epochs=5", "item-fields=[genres(pool=sum)]", "item-ids=true"],
        ["convncf"] = ["dimension=16", "channels=8", "pretraining-epochs=30", "epochs=3"],
        ["naive-bayes"] = ["smoothing=50"],
        ["hashtag-cnn"] = ["word-dimension=32", "filter-count=32", "local-dimension=32", "dimension=32", "dropout=0.2", "epochs=3", "optimizer=adam", "learning-rate=0.003"],
        ["tab-lstm"] = ["word-dimension=32", "units=32", "topics=10", "topic-sweeps=20", "dropout=0.2", "epochs=3", "learning-rate=0.003"],
        ["quote-rec"] = ["word-dimension=32", "filter-count=32", "turn-dimension=32", "units=32", "turn-words=200", "dropout=0.2", "epochs=3", "learning-rate=0.003"],
        ["lrcnn"] = ["dimension=16", "word-dimension=16", "filter-count=16", "minimum-count=1", "text-column=title", "epochs=3"],
        ["crae"] = ["dimension=16", "word-dimension=16", "minimum-count=1", "text-column=title", "pretraining-epochs=1", "epochs=10"],
        ["ask-the-gru"] = ["word-dimension=16", "units=8", "dimension=16", "minimum-count=1", "text-column=title", "tag-column=genres", "epochs=10", "batch-size=256", "learning-rate=0.01"],
        ["bm25"] = ["item-text-column=title"],
        ["ncn"] = ["item-text-column=title", "word-dimension=16", "filter-count=16", "units=16", "layers=1", "title-words=6", "title-minimum-count=1", "epochs=3", "batch-size=256", "learning-rate=0.01"],
        ["yahoo-news"] = ["text-column=title", "minimum-count=1", "category-column=genres", "dimension=64", "units=32", "article-epochs=40", "article-learning-rate=0.005", "epochs=12"],
        ["gru4rec"] = ["layers=[32]", "embedding-dimension=32", "epochs=5", "batch-size=32", "samples=64", "learning-rate=0.05"],
    };

    public static TheoryData<string> Systems => SystemCases.All;

    [Theory]
    [MemberData(nameof(Systems))]
    public void On_real_films_it_reaches_its_floor_and_beats_popularity_unless_it_predicts_ratings(string id)
    {
        // Systems that learn what comes next are asked that; asked for a random fifth of a history they have no chance.
        var (films, popularity) = On(id is "gru4rec" or "youtube-dnn" or "sasrec" or "narm" or "drnn" or "caser" or "bert4rec" or "deep-coevolve" or "pinsage" or "yahoo-news" ? Newest : RandomFifth);

        var ndcg = Ndcg(id, films);

        Floors.ShouldContainKey(id, "A system of the catalog needs a floor: measure it here and write down a little less.");
        ndcg.ShouldBeGreaterThan(Floors[id]);
        if (!SystemCases.NotPersonalized.Contains(id) && !ContentAlone.Contains(id) && !SystemCatalog.Find(id).PredictsRatings)
        {
            ndcg.ShouldBeGreaterThan(popularity);
        }
    }

    private static (Split Films, double Popularity) On(string splitter) => Splits.GetOrAdd(splitter, text => new(() =>
    {
        var data = DatasetImport.Import(Path.Combine(Repository.Root, "data", "ml-latest-small"));
        var films = SplitterSyntax.Parse(text).Apply(FilterSyntax.Parse("k-core(40)").Apply(data with { InteractionFeatures = Reviews(data), UserFeatures = Profiles(data) }), seed: 42);
        return (films, Ndcg("popularity", films));
    })).Value;

    // Nobody wrote about these films: the genres of the film, and whether the rating is a good one, stand for a text.
    private static FeatureTable Reviews(Dataset data)
    {
        var genres = (MultiCategoricalColumn)data.ItemFeatures!.Find("genres")!;
        var (items, values) = (data.Interactions.Items.ToArray(), data.Interactions.Values.ToArray());
        return new FeatureTable(items.Length, [new TextColumn("review", [.. items.Select((item, row) => $"{string.Join(' ', genres.Values[item].ToArray().Select(genre => genres.Categories[genre]))} {(values[row] >= 4 ? "liked" : "disliked")}")])]);
    }

    // What stands for a text of a user: a word of their own, and the genres of a fifth of their films: too coarse to tell a test film.
    private static FeatureTable Profiles(Dataset data)
    {
        var genres = (MultiCategoricalColumn)data.ItemFeatures!.Find("genres")!;
        var words = Enumerable.Range(0, data.Users.Count).Select(user => new List<string> { $"u{user}" }).ToArray();
        for (var row = 0; row < data.Interactions.Count; row += 5)
        {
            words[data.Interactions.Users[row]].AddRange(genres.Values[data.Interactions.Items[row]].ToArray().Select(genre => genres.Categories[genre]));
        }

        return new FeatureTable(words.Length, [new TextColumn("profile", [.. words.Select(all => string.Join(' ', all))])]);
    }

    private static double Ndcg(string id, Split films)
    {
        var options = SystemCases.Options(SystemCatalog.Find(id), Settings);
        using var recommender = Recommender.Train(id, films, options, new TrainingOptions { Threads = 1, Seed = 5 }, cancellation: TestContext.Current.CancellationToken);
        return new Evaluator(films.Train, new EvaluationOptions { Metrics = ["ndcg"], Cutoffs = [10] }).Evaluate(recommender, films.Test).Metrics["ndcg@10"];
    }
}
