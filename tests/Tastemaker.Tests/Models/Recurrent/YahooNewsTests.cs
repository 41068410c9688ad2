using Tastemaker.Data;
using Tastemaker.Models.Recurrent;
using Tastemaker.Tests.Models.Baselines;
using static Tastemaker.Tests.Models.Recurrent.NewsSamples;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Recurrent;

public class YahooNewsTests
{
    private static readonly YahooNewsOptions WithSessions = Small with { SessionColumn = "session", PositionColumn = "position" };

    [Fact]
    public void A_session_has_the_clicks_before_it_and_compares_what_was_clicked_with_what_was_shown()
    {
        var sessions = NewsSessions.Of(Train(), "session", "position", 3);

        sessions[0].Length.ShouldBe(2);
        sessions[0][0].ShouldBeEquivalentTo(new NewsSession(0, [0], [3, 4], [1], [2, 3]));
        sessions[0][1].ShouldBeEquivalentTo(new NewsSession(1, [1, 2], [5], [2, 1], [3])); // its own clicks are not before it
        sessions[1].ShouldHaveSingleItem().ShouldBeEquivalentTo(new NewsSession(0, [3], [0], [1], [3])); // position 4 has the bias of the last one
        sessions[2].ShouldBeEmpty(); // a session without a click, and a click without a session
    }

    [Fact]
    public void Sessions_that_are_not_there_are_reported()
    {
        Fails(WithSessions with { SessionColumn = "visit" }).ShouldContain("session, position");
        Fails(WithSessions with { PositionColumn = "place" }).ShouldContain("position-column");
        Fails(WithSessions with { SessionColumn = "" }).ShouldContain("session-column");
        Should.Throw<InputException>(() => YahooNews.Info.Demand(WithSessions, Train(isLabelled: false))).Message.ShouldContain("labels");
        Should.Throw<InputException>(() => NewsSessions.Of(Train(), "session", "session", 3)).Message.ShouldContain("not a position");
        Should.Throw<InputException>(() => NewsSessions.Of(Of(Articles, Categories, [(0, 0, 1, "s1", 1)]), "session", "", 3)).Message.ShouldContain("nothing to compare");
        Should.Throw<InputException>(() => Make(Small with { CategoryColumn = "length" })).Message.ShouldContain("column of categories");

        static string Fails(YahooNewsOptions options) => Should.Throw<InputException>(() => YahooNews.Info.Demand(options, Train())).Message;
    }

    [Fact]
    public void The_loss_is_the_mean_over_sessions_of_the_mean_over_their_pairs()
    {
        using var scope = NewDisposeScope();
        using var batch = Batch(WithSessions);
        var relevance = randn(batch.Articles.shape[0]);
        var bias = tensor([0, 0.5f, -0.25f, 0.125f]);
        var of = Enumerable.Range(0, (int)batch.Articles.shape[0]).ToDictionary(place => batch.Articles[place].item<int>() + (10 * (int)batch.Places[place].item<long>()), place => (Relevance: (double)relevance[place].item<float>(), Bias: (double)bias[batch.Positions[place].item<int>()].item<float>()));

        // User 0 is the longer one: 3 clicks, L = 3; the session of user 1 has row 1 and 2 clicks.
        double Pair(int better, int worse, int place) => Math.Log(1 + Math.Exp(of[worse + (10 * place)].Relevance + of[worse + (10 * place)].Bias - of[better + (10 * place)].Relevance - of[better + (10 * place)].Bias));
        var (first, second) = batch.Browsed.Items[0, 0].item<int>() == 0 && !batch.Browsed.IsPadding[0, 0].item<bool>() ? (0, 4) : (4, 0);
        var expected = ((Pair(0, 3, first) + Pair(0, 4, first)) / 2) + ((Pair(1, 5, first + 1) + Pair(2, 5, first + 1)) / 2) + Pair(3, 0, second + 1);
        ((double)YahooNews.PairLoss(relevance, batch, bias).item<float>()).ShouldBe(expected / 3, 1e-5);
        batch.Count.ShouldBe(3);
    }

    [Fact]
    public void A_constant_added_to_all_relevances_or_all_positions_changes_no_loss()
    {
        using var scope = NewDisposeScope();
        using var batch = Batch(WithSessions);
        var (relevance, bias) = (randn(batch.Articles.shape[0]), randn(4));
        var loss = YahooNews.PairLoss(relevance, batch, bias).item<float>();

        YahooNews.PairLoss(relevance + 7, batch, bias).item<float>().ShouldBe(loss, 1e-5f);
        YahooNews.PairLoss(relevance, batch, bias + 7).item<float>().ShouldBe(loss, 1e-5f);
        Math.Abs(YahooNews.PairLoss(relevance, batch, null).item<float>() - loss).ShouldBeGreaterThan(1e-3f);
    }

    [Fact]
    public void Without_sessions_each_click_is_compared_with_articles_that_the_user_did_not_click()
    {
        using var scope = NewDisposeScope();
        var train = Train(isLabelled: false);
        using var batch = new BrowseSource(train, 10, 100, negatives: 3, null).Epoch(new SeededRandom(1)).Single();
        batch.Load(CPU);

        batch.Count.ShouldBe(6); // clicks
        batch.Better.shape[0].ShouldBe(18);
        var worse = batch.Articles.index_select(0, batch.Worse).data<int>().ToArray();
        worse.ShouldAllBe(item => item < 5); // nobody clicked the others
        for (var pair = 0; pair < 18; pair++)
        {
            var user = (int)(batch.Places[batch.Better[pair].item<long>()].item<long>() / (batch.Browsed.Length + 1));
            var clicked = Enumerable.Range(0, batch.Browsed.Length).Where(place => !batch.Browsed.IsPadding[user, place].item<bool>()).Select(place => batch.Browsed.Items[user, place].item<int>());
            clicked.ShouldContain(batch.Articles[batch.Better[pair].item<long>()].item<int>());
            clicked.ShouldNotContain(worse[pair]);
        }
    }

    [Fact]
    public void Of_long_histories_the_newest_articles_are_read_and_the_sessions_among_them()
    {
        using var scope = NewDisposeScope();
        using var batch = new BrowseSource(Train(isLabelled: false), 10, 2, negatives: 1, null).Epoch(new SeededRandom(1)).Single();
        batch.Load(CPU);

        batch.Browsed.Length.ShouldBe(2);
        batch.Count.ShouldBe(4); // of three clicks of user 0 the last one; two of user 1 and one of user 2
    }

    [Fact]
    public void Step_1_trains_the_articles_alone_and_step_2_all_else_with_these_frozen()
    {
        using var begun = Make(WithSessions with { CategoryColumn = "category" });
        using var after1 = Make(WithSessions with { CategoryColumn = "category" }).Fit(Train(), 2);
        using var after2 = Make(WithSessions with { CategoryColumn = "category" }).Fit(Train(), 4);

        foreach (var name in begun.State().Keys)
        {
            var isOfArticles = name.StartsWith("autoencoder", StringComparison.Ordinal);
            after1.Saved(name).SequenceEqual(begun.Saved(name)).ShouldBe(!isOfArticles, name);
            after2.Saved(name).SequenceEqual(after1.Saved(name)).ShouldBe(isOfArticles, name);
        }
    }

    [Fact]
    public void A_cold_article_scores_by_its_words_whatever_their_order_and_one_without_words_scores_zero()
    {
        using var model = Make(Small).Fit(Train(isLabelled: false));
        model.eval();
        var scores = model.Scores(Requests.OfHistories(Items, [0, 3], [5]));

        for (var request = 0; request < 2; request++)
        {
            scores[request][Copy].ShouldBe(scores[request][0]);
            scores[request][Silent].ShouldBe(0);
            scores[request][1].ShouldNotBe(scores[request][0]);
        }
    }

    [Fact]
    public void Scores_are_products_of_state_and_article_and_without_a_history_those_of_the_initial_state()
    {
        using var scope = NewDisposeScope();
        using var model = Make(WithSessions).Fit(Train());
        model.eval();
        var scores = model.Scores(Requests.OfHistories(Items, [], [0, 4], [3]));
        var articles = model.ItemVectors.clone();
        using var grad = no_grad();
        using var batch = new Tastemaker.Batches.SequenceBatch();
        batch.Fill(2, row => row == 0 ? [0, 4] : (int[])[3]);
        batch.Load(CPU);
        var u = model.States(batch); // [2, 3, dimension]

        void Equal(int request, Tensor state) => tensor(scores[request]).allclose(articles.matmul(state), 1e-5, 1e-6).ShouldBeTrue();
        Equal(0, u[0, 0]);
        Equal(1, u[0, 2]);
        Equal(2, u[1, 2]);
        scores[0].ShouldContain(score => score != 0);
    }

    [Fact]
    public void Positions_have_no_part_in_scores()
    {
        using var model = Make(WithSessions).Fit(Train());
        model.eval();
        var scores = model.Scores(Requests.OfHistories(Items, [0, 1]))[0];

        model.With(("positionBias", [.. Enumerable.Range(0, 21).Select(position => 10f * position)])).Scores(Requests.OfHistories(Items, [0, 1]))[0].ShouldBe(scores);
    }

    [Fact]
    public void What_stands_above_is_clicked_more_and_the_bias_learns_it()
    {
        var random = new SeededRandom(2);
        var rows = new List<(int, int, int, string, int)>();
        for (var session = 0; session < 300; session++)
        {
            for (var position = 1; position <= 5; position++)
            {
                rows.Add((session % 20, random.Next(5), random.NextDouble() < 0.9 / position ? 1 : 0, $"s{session}", position));
            }
        }

        using var model = Make(WithSessions with { LearningRate = 0.02, Epochs = 30 }, Of(Articles, Categories, [.. rows]));
        model.Fit(Of(Articles, Categories, [.. rows]));
        var bias = model.Saved("positionBias");

        for (var position = 2; position <= 5; position++)
        {
            bias[position].ShouldBeLessThan(bias[position - 1]);
        }

        bias[6].ShouldBe(0); // nothing stood there
    }

    [Theory]
    [InlineData(NewsEncoder.Gru)]
    [InlineData(NewsEncoder.Average)]
    public void Cold_articles_are_ranked_by_words_that_were_learned_from_others(NewsEncoder encoder)
    {
        const int Count = 80, Warm = 60;
        string[][] words = [["goal", "cup", "league", "match"], ["bank", "shares", "rates", "bonds"]];
        var random = new SeededRandom(4);
        string[] articles = [.. Enumerable.Range(0, Count).Select(item => string.Join(' ', Enumerable.Range(0, 6).Select(word => word % 2 == 0 ? words[item % 2][random.Next(4)] : $"w{random.Next(20)}")))];
        int[][] categories = [.. Enumerable.Range(0, Count).Select(item => (int[])[item % 2])];
        var rows = Enumerable.Range(0, 40).SelectMany(user => Enumerable.Range(0, 10).Select(_ => (user, (2 * random.Next(Warm / 2)) + (user % 2), 1, "", 1))).ToArray();
        var train = Of(articles, categories, rows, isLabelled: false);
        using var model = Make(Small with { CategoryColumn = "category", Encoder = encoder, Dimension = 16, Units = 16, ArticleEpochs = 20, ArticleBatchSize = 20, ArticleLearningRate = 0.01, Epochs = 10, BatchSize = 10 }, train).Fit(train);
        model.eval();
        var scores = model.Scores(Requests.OfHistories(Count, [0, 2, 4], [1, 3, 5]));

        double Right(int user) => Cold(user).Average(right => Cold(1 - user).Average(wrong => scores[user][right] > scores[user][wrong] ? 1.0 : 0));
        Right(0).ShouldBeGreaterThan(0.95);
        Right(1).ShouldBeGreaterThan(0.95);

        static IEnumerable<int> Cold(int kind) => Enumerable.Range(Warm, Count - Warm).Where(item => item % 2 == kind);
    }

    private static BrowseBatch Batch(YahooNewsOptions options)
    {
        var train = Train();
        var batch = new BrowseSource(train, 10, options.MaxLength, 1, NewsSessions.Of(train, options.SessionColumn, options.PositionColumn, 3)).Epoch(new SeededRandom(1)).Single();
        batch.Load(CPU);
        return batch;
    }
}
