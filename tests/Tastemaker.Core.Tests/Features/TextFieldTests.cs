using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Features;
using Tastemaker.Texts;

namespace Tastemaker.Tests.Features;

public sealed class TextFieldTests
{
    private static readonly string?[] Titles = ["graph networks of graphs: graph learning", "deep networks", "graph secrets", null];

    private static readonly string?[] Bios = ["Reads graph papers | and more", "Deep reader", "Reads secrets"];

    // Item z and user c are in no training interaction.
    private static Dataset Data(params FeatureColumn[] more) => new()
    {
        Name = "papers",
        Users = new Vocabulary(["a", "b", "c"]),
        Items = new Vocabulary(["x", "y", "z", "w"]),
        Interactions = new Interactions([0, 1, 1, 0, 0], [0, 0, 1, 1, 3]),
        UserFeatures = new FeatureTable(3, [new TextColumn("bio", Bios)]),
        ItemFeatures = new FeatureTable(4, [new TextColumn("title", Titles), .. more]),
        InteractionFeatures = new FeatureTable(5, [new TextColumn("query", ["graph", "graph", "deep papers", "papers", null])]),
    };

    private static FeatureSpace Fit(Dataset data, params string[] fields) => new FeatureFit(new TrainingSet(data), 1).Space(fields);

    private static FeatureSpace Fit(params string[] fields) => Fit(Data(), fields);

    private static List<(string Word, float Weight)> Bag(FeatureSpace space, EncodedFeatures rows, int row, int field = 0)
    {
        var many = rows.Many[field];
        var words = space.Schema.Fields[field].Vocabulary!.Known;
        return [.. many[row].ToArray().Zip(many.RowValues(row).ToArray(), (index, weight) => (words[index - 1], weight))];
    }

    [Fact]
    public void Text_is_a_bag_of_the_words_of_training_documents()
    {
        var space = Fit("title");

        space.Schema.Fields[0].Kind.ShouldBe(FieldKind.Categories);
        space.Schema.ToString().ShouldBe("item.title: text, 6 words, by count\n");
        Bag(space, space.Items, 0).ShouldBe([("networks", 1), ("graph", 2), ("graphs", 1), ("learning", 1), ("of", 1)]);
        Bag(space, space.Items, 1).ShouldBe([("networks", 1), ("deep", 1)]);
        Bag(space, space.Items, 2).ShouldBe([("graph", 1)]); // what only this item of no training interaction says is unknown
        Bag(space, space.Items, 3).ShouldBeEmpty();
    }

    [Fact]
    public void Weights_are_as_asked_for()
    {
        var (ln3, half) = ((float)Math.Log(3), (float)Math.Log(1.5)); // of three documents, one of them empty
        Bag(Fit("title(weighting=binary)"), Fit("title(weighting=binary)").Items, 0).ShouldBe([("networks", 1), ("graph", 1), ("graphs", 1), ("learning", 1), ("of", 1)]);
        var log = Fit("title(weighting=log,stop-words=english)");
        Bag(log, log.Items, 0).ShouldBe([("networks", MathF.Log(2)), ("graph", MathF.Log(3)), ("graphs", MathF.Log(2)), ("learning", MathF.Log(2))]);
        log.Schema.ToString().ShouldBe("item.title(weighting=log,stop-words=english): text, 5 words, by log(1 + count), without English stop words\n");
        var tfIdf = Fit("title(weighting=tf-idf,words=3)");
        Bag(tfIdf, tfIdf.Items, 0).ShouldBe([("graph", 2 * ln3), ("graphs", ln3)]);
        Bag(tfIdf, tfIdf.Items, 1).ShouldBe([("deep", ln3)]);
        var common = Fit("title(weighting=tf-idf,minimum-count=2)");
        Bag(common, common.Items, 0).ShouldBe([("networks", half)]);
        var mean = Fit("title(pool=mean,maximum-share=0.5)");
        Bag(mean, mean.Items, 0).ShouldBe([("graph", 0.4f), ("graphs", 0.2f), ("learning", 0.2f), ("of", 0.2f)]);
    }

    [Fact]
    public void What_an_item_outside_of_training_says_changes_nothing()
    {
        var data = Data();
        string?[] others = [Titles[0], Titles[1], "networks networks deep another thing entirely", Titles[3]];
        var changed = data with { ItemFeatures = new FeatureTable(4, [new TextColumn("title", others)]) };

        var (one, other) = (Fit(data, "title(words=4,weighting=tf-idf)"), Fit(changed, "title(words=4,weighting=tf-idf)"));

        other.Schema.Fields[0].Vocabulary!.Known.Ids.ShouldBe(one.Schema.Fields[0].Vocabulary!.Known.Ids);
        other.Schema.Fields[0].Words!.InverseFrequencies.ShouldBe(one.Schema.Fields[0].Words!.InverseFrequencies);
        Bag(other, other.Items, 0).ShouldBe(Bag(one, one.Items, 0));
    }

    [Fact]
    public void Words_with_counts_and_words_in_order_are_fields_like_texts()
    {
        var order = TokenizedTexts.Of(new TextColumn("order", Titles));
        var counts = new MultiCategoricalColumn("counts", order.Words, new SparseRows(
            [0, 5, 7, 9, 9],
            [.. new[] { "graph", "networks", "of", "graphs", "learning", "deep", "networks", "graph", "secrets" }.Select(word => order.Words.IndexOf(word))],
            order.Words.Count,
            [2, 1, 1, 1, 1, 1, 1, 1, 1]));
        var data = Data(order, counts);

        foreach (var arguments in new[] { "weighting=count", "words=3,weighting=tf-idf", "weighting=log,stop-words=english,minimum-count=1,maximum-share=0.5", "words=4,pool=mean,weighting=binary" })
        {
            var space = Fit(data, $"title({arguments})", $"item.order({arguments})", $"counts({arguments})");
            for (var item = 0; item < 4; item++)
            {
                Bag(space, space.Items, item, 1).ShouldBe(Bag(space, space.Items, item));
                Bag(space, space.Items, item, 2).ShouldBe(Bag(space, space.Items, item));
            }
        }

        // Without such arguments they are the sets they always were.
        var plain = Fit(data, "counts");
        plain.Schema.Fields[0].Words.ShouldBeNull();
        plain.Items.Many[0].RowValues(0).ToArray().ShouldBe([2, 1, 1, 1, 1]);
    }

    [Fact]
    public void Text_is_read_only_where_it_is_named()
    {
        Fit(Data(TokenizedTexts.Of(new TextColumn("order", Titles)))).Schema.Fields.Select(field => field.Name).ShouldBe(["user", "item"]);
        FieldSyntax.Texts(Data(TokenizedTexts.Of(new TextColumn("order", Titles)))).ShouldBe(["user.bio", "item.title", "item.order", "context.query"]);
    }

    [Fact]
    public void A_new_text_is_encoded_as_the_column_was()
    {
        var space = Fit("title(words=5,weighting=tf-idf)", "item.title(weighting=log)");
        var encoder = new FieldEncoder(space.Schema, FieldSource.Item);
        for (var item = 0; item < 3; item++)
        {
            var alone = encoder.Encode(new FeatureTable(1, [new TextColumn("title", [Titles[item]])]), null, 1);
            for (var field = 0; field < 2; field++)
            {
                Bag(space, alone, 0, field).ShouldBe(Bag(space, space.Items, item, field));
            }
        }
    }

    [Fact]
    public void What_a_request_says_is_encoded_as_the_text_of_training_was()
    {
        var space = Fit("bio(weighting=tf-idf)", "query");
        space.Schema.Fields[1].Vocabulary!.Known.Ids.ShouldBe(["graph", "papers", "deep"]); // each row is a document of its own

        var (users, contexts) = space.Requests([-1, 1], [
            new Dictionary<string, string> { ["bio"] = Bios[0]!, ["context.query"] = "Deep|papers" },
            new Dictionary<string, string>()]);

        users.Many[0].RowValues(0).ToArray().ShouldBe(space.Users.Many[0].RowValues(0).ToArray());
        users.Many[0][0].ToArray().ShouldBe(space.Users.Many[0][0].ToArray());
        users.Many[0][1].ToArray().ShouldBe(space.Users.Many[0][1].ToArray()); // what is not said of a known user is taken from training
        contexts.Many[0][0].ToArray().ShouldBe([2, 3]);
        contexts.Many[0].Length(1).ShouldBe(0);
    }

    [Fact]
    public void A_fitted_field_puts_texts_in_order_too()
    {
        var space = Fit("title(stop-words=english,minimum-count=1)", "user");
        var sequencer = space.Schema.Fields[0].Sequencer(10, UnknownWords.Drop);
        var words = space.Schema.Fields[0].Vocabulary!;

        sequencer.Encode(Titles[0]!).ShouldBe([.. new[] { "graph", "networks", "graphs", "graph", "learning" }.Select(words.IndexOf)]);
        sequencer.Size.ShouldBe(space.Schema.Fields[0].Size); // 0 is padding in the one, unknown in the other
        Should.Throw<InvalidOperationException>(() => space.Schema.Fields[1].Sequencer(10, UnknownWords.Drop));
    }

    [Fact]
    public void Fields_that_cannot_be_are_refused_together()
    {
        var counts = new MultiCategoricalColumn("tags", new Vocabulary(["p"]), SparseRows.FromRows([[0], [], [], []], 1));
        var message = Should.Throw<InputException>(() => Fit(
            Data(counts), "title(hash=5)", "bio(words=0)", "item.title(weighting=bm25)", "query(maximum-share=1.5)", "tags(words=5,hash=3)", "item.tags(stop-words=german)", "user(words=5)")).Message;
        message.ShouldContain("'title(hash=5)' cannot have 'hash': text has words=, weighting=");
        message.ShouldContain("words must be a whole number from 1");
        message.ShouldContain("weighting is count, binary, log or tf-idf, not 'bm25'");
        message.ShouldContain("maximum-share must be a number above 0 and up to 1, not '1.5'");
        message.ShouldContain("words are listed, not hashed");
        message.ShouldContain("stop-words is none or english, not 'german'");
        message.ShouldContain("'user(words=5)' cannot have 'words'");
        Should.Throw<InputException>(() => Fit("title(minimum-count=4)")).Message.ShouldContain("knows no word: none of those in 3 training documents is in 4");
    }

    [Fact]
    public void Users_sets_can_be_added_up()
    {
        var sets = new MultiCategoricalColumn("likes", new Vocabulary(["p", "q"]), SparseRows.FromRows([[0, 1], [0], []], 2));
        var data = Data() with { UserFeatures = new FeatureTable(3, [sets]) };
        Fit(data, "likes(pool=sum)").Users.Many[0].RowValues(0).ToArray().ShouldBe([1, 1]);
        Fit(data, "likes").Users.Many[0].RowValues(0).ToArray().ShouldBe([0.5f, 0.5f]);
    }
}
