using System.Text.Json.Nodes;
using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Features;
using Tastemaker.Inputs;
using Tastemaker.Models.Attention;
using Tastemaker.Models.Baselines;
using Tastemaker.Tests.Models.Baselines;
using Tastemaker.Texts;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Inputs;

public class EntityTextsTests
{
    private static readonly TextRules Rules = new("") { MostWords = 4, Unknown = UnknownWords.Keep };

    [Fact]
    public void Words_are_those_of_training_texts_and_further_ones_alone()
    {
        var train = Posts("red and blue", "green and blue", "never trained on");

        EntityTexts.Of(train, FieldSource.User, Texts(train), Rules).Words.Ids.ShouldBe(["red", "and", "blue", "green"], ignoreOrder: true);
        EntityTexts.Of(train, FieldSource.User, Texts(train), Rules, "more", ["blue sky"]).Words.Ids.ShouldBe(["red", "and", "blue", "green", "sky"], ignoreOrder: true);
    }

    [Fact]
    public void Texts_of_held_out_users_and_of_requests_are_read_in_order_with_one_index_for_unknown_words()
    {
        var train = Posts("red and blue", "green and blue", "blue xx and red and green");
        var texts = EntityTexts.Of(train, FieldSource.User, Texts(train), Rules);
        int Index(string word) => texts.Words.IndexOf(word) + 1;
        int[] expected = [Index("blue"), texts.Words.Count + 1, Index("and"), Index("red")]; // four words at most

        texts.Rows[2].ToArray().ShouldBe(expected);
        texts.Encode("Blue XX, and red and green").ShouldBe(expected);
        texts.Size.ShouldBe(texts.Words.Count + 2);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("TEXT")]
    [InlineData("user.text")]
    public void What_a_request_says_goes_before_what_is_known_of_its_user(string name)
    {
        var train = Posts("red and blue", "green and blue");
        var texts = EntityTexts.Of(train, FieldSource.User, Texts(train), Rules);
        var requests = new RequestBatch([0, 0, -1], SparseRows.Empty(3, 3), [null, new Dictionary<string, string> { [name] = "green" }, new Dictionary<string, string> { ["age"] = "5" }]);

        texts.Of(requests, 0).ShouldBe(texts.Rows[0].ToArray());
        texts.Of(requests, 1).ShouldBe(texts.Encode("green"));
        texts.Of(requests, 2).ShouldBeEmpty();
    }

    [Fact]
    public void What_was_saved_is_restored_topics_too()
    {
        using var scope = NewDisposeScope();
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var model = TabLstm.Info.Shape(new TabLstmOptions { Topics = 3, TopicSweeps = 5 }, Posts("red and blue", "green and blue", "sky"));
            var (tensors, card) = (new Dictionary<string, Tensor>(), new JsonObject());
            var saved = new SavedInputs(folder, card, tensors);
            foreach (var input in model.Inputs)
            {
                input.Save(saved);
            }

            var (texts, topics) = (EntityTexts.Restore(saved, FieldSource.User)!, TextTopics.Restore(saved)!);
            texts.Words.Ids.ShouldBe(model.Get<EntityTexts>().Words.Ids);
            texts.Encode("blue xx").ShouldBe(model.Get<EntityTexts>().Encode("blue xx"));
            texts.Rows.Columns.ToArray().ShouldBe(model.Get<EntityTexts>().Rows.Columns.ToArray());
            topics.OfUsers().ShouldBe(model.Get<TextTopics>().OfUsers());
            EntityTexts.Restore(saved, FieldSource.Item).ShouldBeNull();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Further_texts_teach_topics_words_that_no_tagged_text_has()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(file, ["sky and sea", "sky"]);
            var shape = TabLstm.Info.Shape(new TabLstmOptions { Topics = 2, TopicSweeps = 20, TopicFile = file }, Posts("red and blue", "green and blue"));
            var requests = new RequestBatch([-1, -1], SparseRows.Empty(2, 3), [new Dictionary<string, string> { ["text"] = "sky" }, new Dictionary<string, string> { ["text"] = "nothing known" }]);
            var theta = shape.Get<TextTopics>().Of(requests);

            Math.Abs(theta[0] - theta[1]).ShouldBeGreaterThan(0.1f);
            theta[2].ShouldBe(0.5f, 1e-6f);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Data_without_a_text_or_with_several_is_refused_with_the_way_out()
    {
        var input = NaiveBayes.Info.Inputs.Single();
        var train = Posts("red", "blue");
        var two = new TrainingSet(train.Data with { UserFeatures = new FeatureTable(2, [new TextColumn("one", ["a", "b"]), new TextColumn("two", ["c", "d"])]) });
        var none = new TrainingSet(train.Data with { UserFeatures = null });
        var empty = new TrainingSet(train.Data with { UserFeatures = new FeatureTable(2, [new TextColumn("one", [null, "!?"])]) });

        input.Problems(train, new NaiveBayesOptions(), "NB").ShouldBeEmpty();
        input.Problems(none, new NaiveBayesOptions(), "NB").Single().ShouldContain("user-file");
        input.Problems(two, new NaiveBayesOptions(), "NB").Single().ShouldContain("text-column=one or text-column=two");
        input.Problems(two, new NaiveBayesOptions { TextColumn = "two" }, "NB").ShouldBeEmpty();
        input.Problems(two, new NaiveBayesOptions { TextColumn = "three" }, "NB").Single().ShouldContain("There is one, two.");
        input.Problems(empty, new NaiveBayesOptions(), "NB").Single().ShouldContain("has no words");
    }

    [Fact]
    public void Naive_Bayes_gives_the_logarithms_of_its_probabilities()
    {
        // Tag 0 has "a a b", tag 1 has "b"; V = 2, alpha = 1.
        var data = Posts("a a b", "b").Data with { Items = new Vocabulary(["#0", "#1"]) };
        using var model = ((NaiveBayes)NaiveBayes.Info.Make(new NaiveBayesOptions { Smoothing = 1 }, new TrainingSet(data))).Fit(new TrainingSet(data));
        var scores = model.Scores(new RequestBatch([-1], SparseRows.Empty(1, 2), [new Dictionary<string, string> { ["text"] = "a b b zzz" }]))[0];

        scores[0].ShouldBe((float)(Math.Log(2 / 4.0) + Math.Log(3 / 5.0) + (2 * Math.Log(2 / 5.0))), 1e-5f);
        scores[1].ShouldBe((float)(Math.Log(2 / 4.0) + Math.Log(1 / 3.0) + (2 * Math.Log(2 / 3.0))), 1e-5f);
    }

    // The first two posts are in training, with a tag each.
    private static TrainingSet Posts(params string[] texts) => new(new Dataset
    {
        Name = "posts",
        Users = new Vocabulary(texts.Select((_, post) => $"p{post}")),
        Items = new Vocabulary(["#0", "#1", "#2"]),
        Interactions = new Interactions([0, 1], [0, 1]),
        UserFeatures = new FeatureTable(texts.Length, [new TextColumn("text", texts)]),
    });

    private static FeatureColumn Texts(TrainingSet train) => train.Data.UserFeatures!.Find("text")!;
}
