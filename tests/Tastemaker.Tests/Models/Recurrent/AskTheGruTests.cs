using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Features;
using Tastemaker.Inputs;
using Tastemaker.Models.Recurrent;
using Tastemaker.Nn;
using Tastemaker.Tests.Models.Attention;
using Tastemaker.Tests.Models.Baselines;
using static Tastemaker.Tests.Models.Recurrent.ArticleSamples;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Recurrent;

public class AskTheGruTests
{
    [Theory]
    [InlineData(TextEncoder.Gru)]
    [InlineData(TextEncoder.Embed)]
    public void The_vector_of_a_text_depends_on_neither_the_batch_nor_its_padding(TextEncoder encoder)
    {
        using var scope = NewDisposeScope();
        using var model = Make(Small with { Encoder = encoder });
        var all = model.Encode(Read(model, Articles));

        for (var item = 0; item < Items; item++)
        {
            model.Encode(Read(model, Articles[item]))[0].allclose(all[item], 1e-6, 1e-6).ShouldBeTrue();
        }

        all[Silent].abs().sum().item<float>().ShouldBe(0);
    }

    [Fact]
    public void The_order_of_words_counts_for_recurrent_layers_and_not_for_the_mean_of_embeddings()
    {
        using var scope = NewDisposeScope();
        using var gru = Make(Small);
        using var embed = Make(Small with { Encoder = TextEncoder.Embed });
        string[] both = [Articles[0], string.Join(' ', Articles[0].Split(' ').Reverse())];
        var (ordered, mean) = (gru.Encode(Read(gru, both)), embed.Encode(Read(embed, both)));

        ordered[0].allclose(ordered[1], 1e-3, 1e-3).ShouldBeFalse();
        mean[0].allclose(mean[1], 1e-6, 1e-6).ShouldBeTrue();
    }

    [Fact]
    public void A_cold_item_scores_by_its_text_as_a_warm_one_without_its_own_vector()
    {
        using var model = Make(Small).Fit(Train());
        model.eval();
        var requests = Requests.OfUsers(0, 1, 2, 3);
        var (trained, biases) = (model.Scores(requests), model.Saved("itemBiases.weight"));
        var mean = biases[..Cold].Average();

        biases[Cold..].ShouldAllBe(bias => bias == 0); // nothing is learned of cold items
        model.Saved("items.weight")[(Cold * 4)..].ShouldAllBe(value => value == 0);
        model.Saved("items.weight")[..(Cold * 4)].ShouldAllBe(value => value != 0);
        trained[0][Copy].ShouldNotBe(trained[0][0] - biases[0] + mean);
        var without = model.With(("items.weight", new float[Items * 4])).Scores(requests);
        for (var user = 0; user < Users; user++)
        {
            (without[user][0] - biases[0] + mean).ShouldBe(trained[user][Copy], 1e-5f);
            trained[user][Silent].ShouldBe(model.Saved("userBiases.weight")[user] + mean, 1e-5f);
        }
    }

    [Fact]
    public void Where_all_vectors_are_zero_the_loss_is_that_of_the_biases()
    {
        using var scope = NewDisposeScope();
        using var model = Make(Small).With(("users.weight", new float[Users * 4]), ("userBiases.weight", [0.5f, 0.25f, 0, 1]), ("itemBiases.weight", [0.1f, 0.2f, 0.3f, 0.4f, 0, 0, 0]));
        using var batch = Batch(model, [0, 1], [0, 1], [2, 3]);

        // User 0: 1 - .6 and .8; user 1, with three times the weight: 1 - .45 and .65.
        var loss = model.Loss(batch, tensor([0.5f, 1.5f])).item<float>();
        ((double)loss).ShouldBe(((0.5 * ((0.4 * 0.4) + (0.8 * 0.8))) + (1.5 * ((0.55 * 0.55) + (0.65 * 0.65)))) / 4, 1e-6);
    }

    [Fact]
    public void Scores_of_the_loss_are_those_of_the_ranking()
    {
        using var scope = NewDisposeScope();
        using var model = Make(Small with { Regularization = 0.01 }).Fit(Train());
        model.eval();
        using var batch = Batch(model, [2, 3], [0, 2], [1, 1]);
        var scores = model.Scores(Requests.OfUsers(2, 3));
        var users = model.Saved("users.weight");

        double Squared(float value) => (double)value * value;
        var expected = (Squared(scores[0][0] - 1) + Squared(scores[0][1]) + Squared(scores[1][2] - 1) + Squared(scores[1][1])) / 4;
        ((double)model.Loss(batch, ones(2)).item<float>()).ShouldBe(expected + (0.01 * users[8..16].Sum(value => Squared(value)) / 2), 1e-5);
    }

    [Fact]
    public void The_loss_of_tags_is_the_weighted_cross_entropy_of_tagged_items_over_present_tags()
    {
        using var scope = NewDisposeScope();
        using var model = Make(Small with { TagColumn = "tags", AbsentTagWeight = 0.2 });
        using var batch = Batch(model, [0, 1], [0, 2], [3, 1]); // items 0, 2, 3, 1
        var f = randn(4, 4);
        var logits = f.matmul(model.Parameter("tags.weight").t());
        double expected = 0, present = 0;
        foreach (var (place, item) in batch.ItemBuffer.Index().Where(item => Tags[item.Item].Length > 0))
        {
            for (var tag = 0; tag < 3; tag++)
            {
                var p = 1 / (1 + Math.Exp(-logits[place, tag].item<float>()));
                var has = Tags[item].Contains(tag);
                expected -= has ? Math.Log(p) : 0.2 * Math.Log(1 - p);
                present += has ? 1 : 0;
            }
        }

        present.ShouldBe(4);
        ((double)model.TagLoss(batch, f).item<float>()).ShouldBe(expected / present, 1e-5);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.0)]
    public void At_either_end_of_lambda_one_task_has_no_gradient_and_both_teach_the_words(double lambda)
    {
        using var scope = NewDisposeScope();
        using var model = Make(Small with { TagColumn = "tags", LikeWeight = lambda });
        using var batch = Batch(model, [0, 1], [0, 2], [3, 3]);
        model.Loss(batch, ones(2)).backward();

        float Slope(string name) => model.Parameter(name).grad is { } gradient ? gradient.abs().sum().item<float>() : 0;
        (Slope("tags.weight") > 0).ShouldBe(lambda < 1);
        (Slope("users.weight") > 0).ShouldBe(lambda > 0);
        (Slope("userBiases.weight") > 0).ShouldBe(lambda > 0);
        Slope("words.weight").ShouldBeGreaterThan(0);
        Slope("second.recurrent").ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Without_a_tag_column_there_are_no_tags()
    {
        using var model = Make(Small with { LikeWeight = 0 });

        model.named_parameters().ShouldNotContain(named => named.name.StartsWith("tags", StringComparison.Ordinal));
        using var scope = NewDisposeScope();
        using var batch = Batch(model, [0], [0], [3]);
        model.Loss(batch, ones(1)).item<float>().ShouldBeGreaterThan(0); // lambda has no effect
    }

    [Fact]
    public void Tags_must_be_categories_of_items()
    {
        Should.Throw<InputException>(() => Make(Small with { TagColumn = "length" })).Message.ShouldContain("column of categories");
        Should.Throw<InputException>(() => Make(Small with { TagColumn = "labels" }));
    }

    [Fact]
    public void A_vector_left_out_of_training_gets_no_gradient_and_counts_in_scoring()
    {
        using var scope = NewDisposeScope();
        var own = Enumerable.Range(0, Items * 4).Select(value => 0.1f * value).ToArray();
        using var always = Make(Small with { ItemVectorDropout = 1 }).With(("items.weight", own));
        using var never = Make(Small).With(("items.weight", own));
        using var zero = Make(Small);
        using var batch = Batch(always, [0, 1], [0, 2], [3, 3]);

        Loss(always).ShouldBe(Loss(zero), 1e-6f);
        Math.Abs(Loss(never) - Loss(zero)).ShouldBeGreaterThan(1e-3f);
        always.Loss(batch, ones(2)).backward();
        always.Parameter("items.weight").grad!.abs().sum().item<float>().ShouldBe(0);
        always.eval();
        never.eval();
        always.Scores(Requests.OfUsers(0))[0].ShouldBe(never.Scores(Requests.OfUsers(0))[0]);

        float Loss(AskTheGru model) => model.Loss(batch, ones(2)).item<float>();
    }

    [Fact]
    public void Confidence_grows_with_the_logarithm_of_likes()
    {
        using var model = Make(Small);

        ((double)model.Confidence(1)).ShouldBe(185.2, 0.1);
        ((double)(model.Confidence(100) - model.Confidence(10))).ShouldBe(10 * Math.Log(10), 1e-3);
        model.Confidence(0).ShouldBe(1);
    }

    [Fact]
    public void Cold_items_are_ranked_by_words_that_were_learned_from_warm_ones()
    {
        const int Count = 60;
        string[] words = ["harbour", "mountain"];
        var random = new SeededRandom(3);
        string[] articles = [.. Enumerable.Range(0, Count).Select(item => $"w{random.Next(9)} w{random.Next(9)} {words[item % 2]} w{random.Next(9)}")];
        var pairs = Enumerable.Range(0, 20).SelectMany(user => Enumerable.Range(0, 40).Where(item => item % 2 == user % 2 && random.Next(2) == 0).Select(item => (User: user, Item: item))).ToArray();
        var train = Of(20, articles, [.. pairs.Select(pair => pair.User)], [.. pairs.Select(pair => pair.Item)], Enumerable.Repeat<int[]>([], Count));
        foreach (var encoder in new[] { TextEncoder.Gru, TextEncoder.Embed })
        {
            manual_seed(1);
            using var model = ((AskTheGru)AskTheGru.Info.Make(Small with { Encoder = encoder, WordDimension = 8, Dimension = 8, ItemVectorDropout = 1, LearningRate = 0.02, BatchSize = 32 }, train)).Fit(train, 60);
            model.eval();
            var scores = model.Scores(Requests.OfUsers(0, 1));

            // How often a cold item with the right word is above one with the wrong word.
            double Right(int user) => Cold(user % 2).Average(right => Cold(1 - (user % 2)).Average(wrong => scores[user][right] > scores[user][wrong] ? 1.0 : 0));
            Right(0).ShouldBeGreaterThan(0.95, encoder.ToString());
            Right(1).ShouldBeGreaterThan(0.95, encoder.ToString());
        }

        static IEnumerable<int> Cold(int kind) => Enumerable.Range(40, Count - 40).Where(item => item % 2 == kind);
    }

    [Fact]
    public void A_cold_start_user_is_folded_in_by_a_history()
    {
        using var model = Make(Small with { LearningRate = 0.05 }).Fit(Train(), 60);
        model.eval();
        var known = model.Scores(Requests.OfUsers(1))[0];
        var unseen = model.Scores(new RequestBatch([-1], SparseRows.FromRows([Liked[1]], Items)))[0];

        unseen[1].ShouldBeGreaterThan(unseen[0]);
        unseen[2].ShouldBeGreaterThan(unseen[3]);
        known[1].ShouldBeGreaterThan(known[0]);
    }

    [Fact]
    public void What_was_cold_in_training_is_cold_in_the_model_that_was_saved()
    {
        using var model = Make(Small).Fit(Train());
        using var again = Make(Small);
        model.eval();
        again.Restore(model.State());
        again.eval();

        again.Scores(Requests.OfUsers(2))[0].ShouldBe(model.Scores(Requests.OfUsers(2))[0]);
    }

    private static PaddedTexts Read(AskTheGru model, params string[] articles) => TextSamples.Padded(model.Shape.Get<EntityTexts>(), articles);

    private static PairwiseTextBatch Batch(AskTheGru model, int[] users, int[] positives, int[] negatives)
    {
        var batch = new PairwiseTextBatch();
        batch.Fill(users, positives, negatives, model.Shape.Get<EntityTexts>().Rows, TagsOf(model));
        batch.Load(CPU);
        return batch;
    }
}
