using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Texts;

namespace Tastemaker.Core.Tests.Texts;

public sealed class WordFitTests
{
    // The last is no training document.
    private static readonly TextColumn Titles = new("title", ["graph networks of graphs: graph learning", "deep networks", "networks of users", "deep deep users", null, "graph secrets deep deep deep deep"]);

    private static readonly bool[] IsTraining = [true, true, true, true, true, false];

    private static FittedWords Fit(WordRules rules) => Fit(Titles, rules);

    private static FittedWords Fit(FeatureColumn column, WordRules rules)
    {
        var (words, rows) = Documents.Of(column);
        return WordFit.Of(words, rows, IsTraining, rules);
    }

    [Fact]
    public void Words_of_training_documents_are_known_those_of_more_documents_first()
    {
        var fitted = Fit(new WordRules());

        fitted.DocumentCount.ShouldBe(5);
        fitted.Known.Ids.ShouldBe(["networks", "deep", "of", "users", "graph", "graphs", "learning"]);
        var log = (double holders) => (float)Math.Log(5 / holders);
        fitted.InverseFrequencies.ShouldBe([log(3), log(2), log(2), log(2), log(1), log(1), log(1)]);
    }

    [Fact]
    public void The_words_with_the_largest_sums_of_tf_idf_are_chosen()
    {
        // Times as often as they occur: graph 2 ln 5 = 3.22, deep 3 ln 2.5 = 2.75, of and users 2 ln 2.5 = 1.83, graphs and learning ln 5 = 1.61, networks 3 ln 5/3 = 1.53.
        Fit(new WordRules { Words = 1 }).Known.Ids.ShouldBe(["graph"]);
        Fit(new WordRules { Words = 2 }).Known.Ids.ShouldBe(["deep", "graph"]);
        Fit(new WordRules { Words = 3 }).Known.Ids.ShouldBe(["deep", "of", "graph"]); // of two that are equal the first in ordinal order
        Fit(new WordRules { Words = 6 }).Known.Ids.ShouldNotContain("networks");
        Fit(new WordRules { Words = 100 }).Known.Count.ShouldBe(7);
    }

    [Fact]
    public void Rare_frequent_and_stop_words_are_left_out()
    {
        Fit(new WordRules { MinimumCount = 2 }).Known.Ids.ShouldBe(["networks", "deep", "of", "users"]);
        Fit(new WordRules { MaximumShare = 0.4m }).Known.Ids.ShouldNotContain("networks"); // in 3 of 5
        Fit(new WordRules { MaximumShare = 0.6m }).Known.Ids.ShouldContain("networks");
        Fit(new WordRules { StopWords = StopWords.English }).Known.Ids.ShouldNotContain("of");
        Fit(new WordRules { MinimumCount = 3, MaximumShare = 0.5m }).Known.Count.ShouldBe(0);
    }

    [Fact]
    public void Counts_in_the_data_are_as_good_as_texts()
    {
        var words = new Vocabulary(["deep", "graph", "graphs", "learning", "networks", "of", "secrets", "users"]);
        var counts = new MultiCategoricalColumn("words", words, new SparseRows(
            [0, 5, 7, 10, 12, 12, 15], [1, 4, 5, 2, 3, 4, 0, 7, 5, 4, 7, 0, 1, 6, 0], 8, [2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 1, 1, 4]));
        foreach (var rules in new[] { new WordRules(), new WordRules { Words = 3 }, new WordRules { MinimumCount = 2, StopWords = StopWords.English } })
        {
            var (text, bag) = (Fit(rules), Fit(counts, rules));
            bag.Known.Ids.ShouldBe(text.Known.Ids);
            bag.InverseFrequencies.ShouldBe(text.InverseFrequencies);
        }
    }

    [Fact]
    public void A_column_is_taken_apart_and_fitted_once()
    {
        var train = new Interactions([0], [0]);
        var (words, rows) = Documents.Of(Titles);
        var other = Documents.Of(Titles with { Name = "other" });
        ReferenceEquals(other.Words, words).ShouldBeTrue();
        ReferenceEquals(other.Rows, rows).ShouldBeTrue();

        var fits = 0;
        bool[] Count()
        {
            fits++;
            return IsTraining;
        }

        var first = WordFit.Once(train, words, rows, Count, new WordRules { Words = 3 });
        WordFit.Once(train, words, rows, Count, new WordRules { Words = 3 }).ShouldBeSameAs(first);
        fits.ShouldBe(1);
        WordFit.Once(train, words, rows, Count, new WordRules { Words = 4 }).ShouldNotBeSameAs(first);
        WordFit.Once(new Interactions([0], [0]), words, rows, Count, new WordRules { Words = 3 }).ShouldNotBeSameAs(first);
        fits.ShouldBe(3);
    }
}
