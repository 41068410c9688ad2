using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Inputs;
using Tastemaker.Models.Convolutional;
using Tastemaker.Nn;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Convolutional;

public class DeepCoNNTests
{
    private static readonly (int User, int Item, float Rating, string Text)[] Rows =
    [
        (0, 0, 5, "a fine guitar string"), (0, 1, 2, "weak cable"), (1, 0, 4, "fine string fine tone"), (1, 2, 1, ""), (2, 1, 3, "the cable works and the cable is long"), (2, 2, 5, "tone tone tone"),
    ];

    [Fact]
    public void The_factorization_machine_is_the_sum_over_all_pairs_of_numbers()
    {
        using var scope = NewDisposeScope();
        using var model = Make(Rows);
        var (x, y) = (randn(1, 4), randn(1, 4));
        var z = cat([x, y], 1).squeeze(0).data<float>().ToArray();
        var (w, v) = (model.Parameter("weights"), model.Parameter("vectors"));
        var expected = model.Parameter("constant").item<float>() + z.Select((value, place) => value * w[place, 0].item<float>()).Sum();
        for (var a = 0; a < z.Length; a++)
        {
            for (var b = a + 1; b < z.Length; b++)
            {
                expected += (v[a] * v[b]).sum().item<float>() * z[a] * z[b];
            }
        }

        model.Rate(x, y).item<float>().ShouldBe(expected, 1e-4f);
    }

    [Fact]
    public void Predictions_and_rankings_by_inner_products_are_those_of_the_network()
    {
        using var scope = NewDisposeScope();
        using var model = Make(Rows);
        model.eval();
        var (users, items) = (new[] { 0, 2, 3, -1 }, new[] { 2, 0, 1, 1 });
        var predicted = new float[4];
        model.Predict(users, items, predicted);
        using var grad = no_grad();
        var texts = model.Shape.Get<ReviewTexts>();
        var direct = model.Rate(model.Users(Documents(texts, texts.OfUsers, users)), model.Items(Documents(texts, texts.OfItems, items))).data<float>().ToArray();

        predicted.Zip(direct).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-4);
        Requests.Scores(model, Requests.OfUsers(0, 2))[1, 0].ShouldBe(predicted[1], 1e-4f);
    }

    [Fact]
    public void The_text_of_a_pair_has_no_part_in_its_own_prediction_while_training_but_in_those_of_others()
    {
        using var scope = NewDisposeScope();
        var edited = Rows.ToArray();
        edited[0].Text = "string a guitar fine"; // the same words, so that they keep their vectors
        float[] Losses(bool leave, (int, int, float, string)[] rows)
        {
            var (own, others) = (Loss(Make(rows, leave), rows, 0), Loss(Make(rows, leave), rows, 2)); // row 2 is of the same item
            return [own, others];
        }

        Losses(true, edited)[0].ShouldBe(Losses(true, Rows)[0], 1e-6f);
        Math.Abs(Losses(true, edited)[1] - Losses(true, Rows)[1]).ShouldBeGreaterThan(1e-4f);
        Math.Abs(Losses(false, edited)[0] - Losses(false, Rows)[0]).ShouldBeGreaterThan(1e-4f);
    }

    [Fact]
    public void A_document_is_read_as_its_texts_one_after_the_other_with_empty_words_between()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var network = new TextCnn(3, 5, 3);
        using var words = new EmbeddingTable(9, 3, table => nn.init.normal_(table));
        var apart = new DocumentBuffer();
        apart.Fill(SparseRows.FromRows([[1, 2, 3, 4], [5], [6, 7, 8]], 9), SparseRows.FromRows([[0, 2], [], [1]], 3), [0, 1, 2], null);
        apart.Load(CPU);
        var together = new DocumentBuffer();
        together.Fill(SparseRows.FromRows([[1, 2, 3, 4, 0, 0, 6, 7, 8], [5]], 9), SparseRows.FromRows([[0], [], [1]], 2), [0, 1, 2], null);
        words.Weight[0].zero_();
        together.Load(CPU);
        var (one, other) = (network.forward(apart, words), network.forward(together, words));

        one.allclose(other, 1e-6, 1e-6).ShouldBeTrue();
        one[1].abs().sum().item<float>().ShouldBe(0); // no text at all
    }

    [Theory]
    [InlineData(3, 5)]
    [InlineData(1, 1)]
    [InlineData(2, 19)]
    public void Features_and_gradients_are_those_of_a_convolution(int window, int filters)
    {
        using var scope = NewDisposeScope();
        using var network = new TextCnn(3, filters, window);
        using var words = new EmbeddingTable(9, 3, table => nn.init.normal_(table)) { AlwaysWhole = true };
        int[][] texts = [[1, 2, 3, 4], [5], [], [6, 7, 8, 1, 1, 2]];
        var documents = new DocumentBuffer();
        documents.Fill(SparseRows.FromRows(texts, 9), SparseRows.FromRows([[0], [1], [2], [3]], 4), [0, 1, 2, 3], null);
        documents.Load(CPU);
        var slopes = randn(4, filters);
        var parameters = network.parameters().Append(words.Weight).ToArray();

        var ours = network.OfTexts(documents.Texts, words);
        (ours * slopes).sum().backward();
        var gradients = parameters.Select(parameter => parameter.grad!.clone()).ToArray();
        network.zero_grad();
        words.zero_grad();
        var theirs = stack(texts.Select(text => ByConvolution(text, network, words, window)).ToArray());
        (theirs * slopes).sum().backward();

        ours.allclose(theirs, 1e-5, 1e-5).ShouldBeTrue();
        network.Padded(words.forward(documents.Texts.Distinct).matmul(network.Parameter("weight").t()), documents.Texts).allclose(theirs, 1e-5, 1e-5).ShouldBeTrue(); // as on accelerators
        parameters.Zip(gradients).ShouldAllBe(pair => pair.First.grad!.allclose(pair.Second, 1e-4, 1e-5));
    }

    private static Tensor ByConvolution(int[] text, TextCnn network, EmbeddingTable words, int window)
    {
        var (weight, bias) = (network.Parameter("weight"), network.Parameter("bias"));
        if (text.Length == 0)
        {
            return zeros(bias.shape[0]);
        }

        var vectors = nn.functional.pad(words.Weight.index_select(0, tensor(text)).t().unsqueeze(0), [0, window - 1]); // [1, c, L + window - 1]
        var filters = weight.view(window, bias.shape[0], -1).permute(1, 2, 0); // [filters, c, window]
        return nn.functional.relu(nn.functional.conv1d(vectors, filters, bias).squeeze(0).amax([1]));
    }

    [Fact]
    public void Its_parameters_are_as_many_as_the_paper_has()
    {
        using var model = Make(Rows, options: new DeepCoNNOptions { WordDimension = 300, MinimumCount = 1 });
        long Count(string name) => model.named_parameters().Where(named => named.name.StartsWith(name, StringComparison.Ordinal)).Sum(named => named.parameter.numel());

        Count("userTexts").ShouldBe(90_100);
        Count("itemTexts").ShouldBe(90_100);
        (Count("constant") + Count("weights") + Count("vectors")).ShouldBe(1 + 100 + (100 * 8));
    }

    [Fact]
    public void Vectors_of_words_come_from_a_file_which_a_saved_model_no_longer_needs()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var file = Path.Combine(folder, "vectors.txt");
            File.WriteAllText(file, "guitar 1 2\ncable 3 4\nunheard 5 6\n");
            var options = new DeepCoNNOptions { WordVectors = file, FilterCount = 3, Dimension = 2, MinimumCount = 1 };
            var shape = DeepCoNN.Info.Shape(options, Train(Rows));
            using var scope = NewDisposeScope();
            using var model = new DeepCoNN(options, shape);
            var (texts, words) = (shape.Get<ReviewTexts>(), model.Parameter("words.weight"));
            var tensors = new Dictionary<string, Tensor>();
            var saved = new SavedInputs(folder, new System.Text.Json.Nodes.JsonObject { ["users"] = 4, ["items"] = 3 }, tensors);
            texts.Save(saved);
            File.Delete(file);
            using var loaded = new DeepCoNN(options, new ModelShape(4, 3, 1, 5).With(ReviewTexts.Restore(saved)!));

            words[texts.Words.IndexOf("guitar") + 1].data<float>().ToArray().ShouldBe([1, 2]);
            words[texts.Words.IndexOf("cable") + 1].data<float>().ToArray().ShouldBe([3, 4]);
            words[texts.Words.IndexOf("tone") + 1].abs().max().item<float>().ShouldBeLessThanOrEqualTo(0.25f);
            loaded.Parameter("words.weight").shape.ShouldBe(words.shape);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_document_ends_with_the_text_that_fills_it()
    {
        var (train, rules) = (Train(Rows), new ReviewRules("review") { DocumentWords = 4 });
        var texts = ReviewTexts.Of(train, train.Data.InteractionFeatures!.Columns[0], rules);

        texts.OfUsers[0].ToArray().ShouldBe([0]);
        texts.OfItems[0].ToArray().ShouldBe([0]);
        texts.Texts.RowCount.ShouldBe(5); // an empty text is none
    }

    [Fact]
    public void Data_without_texts_or_with_several_is_refused_with_what_to_do()
    {
        var input = DeepCoNN.Info.Inputs[1];
        var data = Train(Rows).Data;
        string Problem(FeatureTable? table, string column = "") =>
            input.Problems(new TrainingSet(data with { InteractionFeatures = table }), new DeepCoNNOptions { ReviewColumn = column }, "DeepCoNN").Single();

        Problem(null).ShouldContain("import a file with a column of reviews");
        var two = new FeatureTable(6, [new TextColumn("good", new string?[6]), new TextColumn("bad", new string?[6])]);
        Problem(two).ShouldContain("review-column=good or review-column=bad");
        Problem(two, "summary").ShouldContain("no text 'summary'");
        Problem(two, "good").ShouldContain("is empty in all training rows");
    }

    private static float Loss(DeepCoNN model, (int User, int Item, float Rating, string Text)[] rows, int row)
    {
        using (model)
        {
            model.eval();
            var train = new TrainingSet(Train(rows).Data.Restrict([row], "one row", shrink: false));
            var batch = new ReviewSource(train, model.Shape.Get<ReviewTexts>(), 1, ((DeepCoNNOptions)model.HyperParameters).LeaveTargetOut).Epoch(new SeededRandom(1)).Single();
            batch.Load(CPU);
            return model.Loss(batch).item<float>();
        }
    }

    private static DocumentBuffer Documents(ReviewTexts texts, SparseRows documents, int[] owners)
    {
        var buffer = new DocumentBuffer();
        buffer.Fill(texts.Texts, documents, owners, null);
        buffer.Load(CPU);
        return buffer;
    }

    private static DeepCoNN Make((int User, int Item, float Rating, string Text)[] rows, bool leaveTargetOut = true, DeepCoNNOptions? options = null)
    {
        options ??= new DeepCoNNOptions { WordDimension = 3, FilterCount = 6, Dimension = 4, Factors = 2, MinimumCount = 1, LeaveTargetOut = leaveTargetOut };
        manual_seed(9);
        var model = new DeepCoNN(options, DeepCoNN.Info.Shape(options, Train(rows)));
        using var grad = no_grad();
        nn.init.normal_(model.Parameter("weights"));
        return model;
    }

    private static TrainingSet Train((int User, int Item, float Rating, string Text)[] rows) => new(new Dataset
    {
        Name = "reviews",
        Users = new Vocabulary(["u0", "u1", "u2", "u3"]),
        Items = new Vocabulary(["i0", "i1", "i2"]),
        Interactions = new Interactions([.. rows.Select(row => row.User)], [.. rows.Select(row => row.Item)], [.. rows.Select(row => row.Rating)]),
        InteractionFeatures = new FeatureTable(rows.Length, [new TextColumn("review", [.. rows.Select(row => row.Text)])]),
    });
}
