using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Inputs;
using Tastemaker.Models.Hybrid;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Tests.Models.Attention;
using Tastemaker.Tests.Models.Baselines;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Hybrid;

public sealed class CraeTests
{
    private const int K = 4, Users = 20, Items = 14, Cold = 12, Silent = 13; // item 12 is cold and has the text of item 0; item 13 has none
    private static readonly string[] Texts = ["the cat sees the dog", "the dog sees the cat", "a cat", "dog"];

    private static readonly CraeOptions Small = new()
    {
        Dimension = K, WordDimension = 5, MinimumCount = 1, BatchSize = 4, PretrainingEpochs = 1, Epochs = 3, LearningRate = 0.01, UserWeight = 0.2, ItemWeight = 0.5, UnobservedWeight = 0.1,
    };

    [Theory]
    [InlineData(StatePooling.Last)]
    [InlineData(StatePooling.Beta)]
    public void The_code_of_a_text_depends_on_neither_the_batch_nor_its_padding_but_on_the_order_of_words(StatePooling pooling)
    {
        using var scope = NewDisposeScope();
        using var model = Make(Small with { Pooling = pooling, BetaA = 2, BetaB = 3 });
        var all = model.Network.Encode(Read(model, [.. Texts, ""]));

        for (var text = 0; text < Texts.Length; text++)
        {
            model.Network.Encode(Read(model, Texts[text]))[0].allclose(all[text], 1e-5, 1e-6).ShouldBeTrue();
        }

        all[0].allclose(all[1], 1e-4, 1e-4).ShouldBeFalse();
        all[4].abs().sum().item<float>().ShouldBe(0);
    }

    [Fact]
    public void Where_a_and_b_are_1_the_code_is_of_the_mean_of_all_states_of_encoder_and_decoder()
    {
        using var scope = NewDisposeScope();
        using var last = Make(Small with { Pooling = StatePooling.Last });
        using var mean = Make(Small);
        var texts = Read(mean, Texts[0]);
        var theta = last.Network.Encode(texts).atanh(); // of the last state
        var encoded = mean.Network.Encode(texts);

        var decoder = mean.Network.Decode(texts, theta); // [1, 5, 10]
        var (weight, bias) = (mean.Parameter("network.bottleneck.weight"), mean.Parameter("network.bottleneck.bias"));
        var words = mean.Parameter("network.words.weight").index_select(0, texts.Words[0].to(int64)).unsqueeze(0);
        var cell = (RobustLstmCell)mean.Network.named_children().First(child => child.name == "encoder").module;
        var encoder = cell.States(words, cell.Begin(1));
        var expected = (cat([encoder, decoder], 1).mean([1]).matmul(weight.t()) + bias).tanh();
        encoded.allclose(expected, 1e-4, 1e-5).ShouldBeTrue();
    }

    [Fact]
    public void A_centered_bottleneck_is_0_in_the_mean_over_the_texts()
    {
        using var scope = NewDisposeScope();
        using var model = Make(Small with { Pooling = StatePooling.Last });
        var texts = Read(model, [.. Enumerable.Range(0, Silent).Select(Words)]); // all that have words
        float Mean() => model.Network.Encode(texts).atanh().mean([0L]).abs().max().item<float>();

        Mean().ShouldBeGreaterThan(0.05f);
        model.Network.Center(model.Shape.Get<EntityTexts>().Rows);
        Mean().ShouldBeLessThan(1e-5f);
    }

    [Fact]
    public void The_decoder_is_given_the_words_before_a_place_alone()
    {
        using var scope = NewDisposeScope();
        using var model = Make(Small);
        var theta = zeros(2, K);
        var states = model.Network.Decode(Read(model, "the cat sees the dog", "the cat dog the dog"), theta);

        states[0].narrow(0, 0, 3).allclose(states[1].narrow(0, 0, 3), 1e-6, 1e-6).ShouldBeTrue();
        states[0][3].allclose(states[1][3], 1e-5, 1e-5).ShouldBeFalse();
    }

    [Fact]
    public void Wildcards_hide_words_from_the_encoder_but_the_decoder_must_tell_the_words_themselves()
    {
        using var scope = NewDisposeScope();
        using var plain = Make(Small with { WildcardRate = 0 });
        using var hiding = Make(Small with { WildcardRate = 0.99 });
        var texts = Read(plain, Texts);

        hiding.Network.Denoise(texts).Code.allclose(plain.Network.Encode(texts), 1e-4, 1e-4).ShouldBeFalse();
        plain.Network.Denoise(texts).Code.allclose(plain.Network.Encode(texts), 1e-5, 1e-6).ShouldBeTrue();

        // A decoder that is not told the bottleneck finds the same words equally likely.
        using (no_grad())
        {
            plain.Parameter("network.start.weight").zero_();
            hiding.Parameter("network.start.weight").zero_();
        }

        hiding.Network.Denoise(texts).Reconstruction.item<float>().ShouldBe(plain.Network.Denoise(texts).Reconstruction.item<float>(), 1e-5f);
        plain.Parameter("network.output.weight").shape[0].ShouldBe(plain.Shape.Get<EntityTexts>().Size); // no output stands for the wildcard
        plain.Parameter("network.words.weight").shape[0].ShouldBe(plain.Shape.Get<EntityTexts>().Size + 1);
    }

    [Fact]
    public void Reconstruction_is_the_mean_over_words_of_minus_the_logarithm_of_their_probability()
    {
        using var scope = NewDisposeScope();
        using var model = Make(Small with { WildcardRate = 0, Pooling = StatePooling.Last });
        var texts = Read(model, Texts[2], Texts[3]);
        var theta = model.Network.Encode(texts).atanh();
        var h = model.Network.Decode(texts, theta).narrow(2, 0, 5);
        var logs = (h.matmul(model.Parameter("network.output.weight").t()) + model.Parameter("network.outputBias")).log_softmax(-1);
        double Log(int text, int place) => logs[text, place, texts.Words[text, place].item<int>()].item<float>();

        ((double)model.Network.Denoise(texts).Reconstruction.item<float>()).ShouldBe(-(Log(0, 0) + Log(0, 1) + Log(1, 0)) / 3, 1e-4);
    }

    [Fact]
    public void The_loss_pulls_codes_to_vectors()
    {
        using var scope = NewDisposeScope();
        using var model = Make(Small with { WildcardRate = 0 });
        using var batch = new ItemTextSource<PaddedTexts>(model.Shape.Get<EntityTexts>(), [1, 4], 2).Epoch(new SeededRandom(1)).Single();
        batch.Load(CPU);
        var vectors = randn(Items, K);
        var (loss, reconstruction) = model.ContentLoss(batch, vectors, 3);
        var distance = (model.Network.Encode(batch.Texts) - vectors.index_select(0, batch.Items)).square().sum().item<float>();
        loss.item<float>().ShouldBe(reconstruction.item<float>() + (1.5f * distance / 2), 1e-4f);
    }

    [Fact]
    public void Items_without_interactions_lie_at_the_codes_of_their_texts_and_a_cold_start_user_is_solved_for()
    {
        var train = Train();
        using var model = Make(Small).Fit(train);
        using var scope = NewDisposeScope();
        var codes = model.Network.Encode(Read(model, Words(Cold), "")).data<float>().ToArray();
        var items = model.Saved("items");

        Sample.ShouldBeClose(items.AsSpan(Cold * K, K).ToArray(), [.. codes[..K].Select(value => (double)value)], 1e-4);
        items.AsSpan(Silent * K, K).ToArray().ShouldAllBe(value => value == 0);
        items[..K].ShouldNotBe(items.AsSpan(Cold * K, K).ToArray());
        using var fixedItems = Make(Small with { ItemWeight = 1e9 }).Fit(train); // items hold still, so that users are solved for the items of the model
        fixedItems.eval();
        var (known, folded) = (fixedItems.Scores(Sample.KnownUsers(train)), fixedItems.Scores(Sample.ColdStartUsers(train)));
        Sample.ShouldBeClose(folded[0], [.. known[0].Select(value => (double)value)], 0.01);
    }

    [Fact]
    public void The_objective_is_the_sum_over_all_pairs_and_the_priors()
    {
        var train = Train();
        using var model = Make(Small with { ItemWeight = 0.5 }).Fit(train);
        using var scope = NewDisposeScope();
        var (users, items, binary) = (model.Saved("users"), model.Saved("items"), Sample.Binary(train));
        var codes = model.Network.Encode(Read(model, [.. Enumerable.Range(0, Items).Select(Words)])).data<float>().ToArray();
        var expected = (0.1 * users.Sum(value => (double)value * value)) + (0.25 * items.Zip(codes, (value, code) => Math.Pow(value - code, 2)).Sum());
        for (var user = 0; user < Users; user++)
        {
            for (var item = 0; item < Items; item++)
            {
                var error = binary[user][item] - Enumerable.Range(0, K).Sum(index => (double)users[(user * K) + index] * items[(item * K) + index]);
                expected += (binary[user][item] > 0 ? 1 : 0.1) * error * error / 2;
            }
        }

        model.Objective(new()).ShouldBe(expected, 1e-3);
    }

    [Fact]
    public void Weights_that_do_not_fit_are_refused() =>
        Should.Throw<InputException>(() => Make(Small with { UnobservedWeight = 2 })).Message.ShouldContain("must not be above observed-weight");

    private static PaddedTexts Read(Crae model, params string[] texts) => TextSamples.Padded(model.Shape.Get<EntityTexts>(), texts);

    private static string Words(int item) => item == Silent ? "" : $"{Texts[item % Cold % 4]} {(item % Cold < 6 ? "a dog" : "sees")}";

    private static Crae Make(CraeOptions options)
    {
        random.manual_seed(3);
        return (Crae)Crae.Info.Make(options, Train());
    }

    private static TrainingSet Train()
    {
        var data = Sample.WithoutValuesAndTimes(Sample.Random(Users, Cold + 1)).Data; // the last of these items has no interactions
        return new TrainingSet(data with
        {
            Items = new Vocabulary(Enumerable.Range(0, Items).Select(item => $"i{item}")),
            ItemFeatures = new FeatureTable(Items, [new TextColumn("text", [.. Enumerable.Range(0, Items).Select(Words)])]),
        });
    }
}
