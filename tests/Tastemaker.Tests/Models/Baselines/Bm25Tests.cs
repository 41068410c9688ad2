using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Models.Baselines;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Tests.Models.Hybrid;
using Tastemaker.Texts;

namespace Tastemaker.Tests.Models.Baselines;

public class Bm25Tests
{
    private static readonly SparseRows Documents = SparseRows.FromRows([[1, 2], [2, 2, 3, 3], [3], []], 5); // word 4 is nowhere

    [Fact]
    public void Scores_are_those_of_the_formula()
    {
        var index = new Bm25Index(Documents, 1.2, 0.75);
        var scores = new float[4];
        index.Score([2, 3, 3, 4], scores);

        const double Mean = 7 / 4.0;
        double Part(int holders, int count, int length) => Math.Log(1 + ((4 - holders + 0.5) / (holders + 0.5))) * count * 2.2 / (count + (1.2 * (0.25 + (0.75 * length / Mean))));
        ((double)scores[0]).ShouldBe(Part(2, 1, 2), 1e-5);
        ((double)scores[1]).ShouldBe(Part(2, 2, 4) + (2 * Part(2, 2, 4)), 1e-5);
        ((double)scores[2]).ShouldBe(2 * Part(2, 1, 1), 1e-5);
        scores[3].ShouldBe(0);
    }

    [Fact]
    public void Without_saturation_repeats_do_not_count_and_without_normalization_length_does_not()
    {
        var scores = new float[4];
        new Bm25Index(Documents, 0, 0.75).Score([2], scores);
        scores[0].ShouldBe(scores[1]);
        new Bm25Index(Documents, 1.2, 0).Score([3], scores);
        scores[1].ShouldBeGreaterThan(scores[2]); // twice the word in a longer text
        new Bm25Index(Documents, 1.2, 1).Score([3], scores);
        scores[1].ShouldBeLessThan(scores[2]);
    }

    [Fact]
    public void Equal_scores_are_ordered_by_preference_and_then_by_number() =>
        Bm25Index.Best([1, 3, 1, 3, 1], [0, 0, 2, 1, 0], 4).ShouldBe([3, 1, 2, 0]);

    [Fact]
    public void Items_that_training_never_met_are_found_by_words_of_their_own()
    {
        var train = CitationSamples.Of(["a model of the trees of sentences", "nothing"], ["counting words", "a model of translation", "trees", "forests"], [0], [1]);
        using var model = Bm25.Info.Make(new Bm25Options(), train);
        var scores = model.Scores(Requests.OfUsers(0, 1));

        scores[0][2].ShouldBeGreaterThan(0); // "trees" stands in no title of training
        scores[0][1].ShouldBeGreaterThan(scores[0][2]);
        scores[0][0].ShouldBe(0);
        scores[1].ShouldAllBe(score => score == 0);
    }

    [Fact]
    public void A_text_of_a_request_is_searched_with_and_one_that_matches_nothing_is_answered_with_what_is_popular()
    {
        var train = CitationSamples.Of(["counting", "translation"], ["counting words", "a model of translation", "trees", "forests"], [0, 1, 0], [1, 1, 0]);
        var split = new Split { Description = "all", Train = train, Test = new HoldOut { Requests = Requests.OfUsers(0), Targets = SparseRows.FromRows([[2]], 4) } };
        using var recommender = Recommender.Train("bm25", split, new Bm25Options(), new TrainingOptions { Threads = 1 });

        var found = recommender.Recommend(new Request { Content = "forests and trees grow" }, 2);
        found.Items.Select(item => item.Item).ShouldBe(["t3", "t2"], ignoreOrder: true);
        found.Strategy.ShouldBe(AnswerSource.Content);
        var none = recommender.Recommend(new Request { Content = "weather" }, 1);
        none.Items.Single().Item.ShouldBe("t1");
        none.Notes.ShouldContain(note => note.Contains("knows no word of the text", StringComparison.Ordinal));
    }

    [Fact]
    public void Both_texts_must_be_there()
    {
        var train = CitationSamples.Train();
        string Problem(TrainingSet data, Bm25Options options) => string.Join(' ', Bm25.Info.Inputs.SelectMany(input => input.Problems(data, options, "BM25")));

        Problem(train, new Bm25Options { TextColumn = "context", ItemTextColumn = "title" }).ShouldBeEmpty();
        Problem(train, new Bm25Options { ItemTextColumn = "abstract" }).ShouldContain("have no text 'abstract'");
        Problem(new TrainingSet(train.Data with { ItemFeatures = null }), new Bm25Options()).ShouldContain("a text of each of the items");
    }
}
