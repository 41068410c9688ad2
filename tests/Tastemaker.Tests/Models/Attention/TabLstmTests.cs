using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models.Attention;
using Tastemaker.Tests.Models.Baselines;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Attention;

public class TabLstmTests
{
    private static readonly TabLstmOptions Small = new() { WordDimension = 4, Units = 5, Topics = 3, TopicSweeps = 10, Dropout = 0, BatchSize = 4 };
    private static readonly string[] Posts = ["rain on the last day of the tour", "sun on the first day", "rain", "the tour of the town", "first rain then sun then rain and wind"];

    [Theory]
    [InlineData(StatePooling.Topical)]
    [InlineData(StatePooling.Attention)]
    [InlineData(StatePooling.Mean)]
    [InlineData(StatePooling.Last)]
    public void The_vector_of_a_text_depends_on_neither_the_batch_nor_its_padding(StatePooling pooling)
    {
        using var scope = NewDisposeScope();
        using var model = Make(Small with { Pooling = pooling });
        var theta = Theta(Posts.Length, 3);
        var all = model.Encode(Read(model, Posts), theta);

        for (var post = 0; post < Posts.Length; post++)
        {
            model.Encode(Read(model, Posts[post]), theta.narrow(0, post, 1))[0].allclose(all[post], 1e-6, 1e-6).ShouldBeTrue();
        }

        model.Encode(Read(model, "", "rain"), theta.narrow(0, 0, 2))[0].abs().sum().item<float>().ShouldBe(0);
    }

    [Fact]
    public void Attention_sums_to_one_over_words_and_only_topics_guide_it()
    {
        using var scope = NewDisposeScope();
        using var topical = Make(Small);
        using var plain = Make(Small with { Pooling = StatePooling.Attention });
        var batch = Read(topical, Posts);
        var (one, other) = (Theta(Posts.Length, 1), Theta(Posts.Length, 2));
        var h = topical.States(batch);
        var weights = topical.Attention(batch, h, one);

        weights.sum(1).allclose(ones(Posts.Length), 1e-5, 1e-6).ShouldBeTrue();
        (weights * batch.IsPadding.to(float32)).abs().sum().item<float>().ShouldBe(0);
        weights.allclose(topical.Attention(batch, h, other), 1e-6, 1e-6).ShouldBeFalse();
        plain.Attention(batch, h, one).equal(plain.Attention(batch, h, other)).all().item<bool>().ShouldBeTrue();
    }

    [Fact]
    public void Without_v_the_vector_is_the_mean_of_the_states()
    {
        using var scope = NewDisposeScope();
        using var model = Make(Small);
        using (no_grad())
        {
            model.Parameter("attention").zero_();
        }

        var batch = Read(model, Posts[0], Posts[1]);
        var h = model.States(batch);
        var vectors = model.Encode(batch, Theta(2, 4));

        vectors[0].allclose(h[0].mean([0]), 1e-5, 1e-6).ShouldBeTrue();
        vectors[1].allclose(h[1].narrow(0, 0, 5).mean([0]), 1e-5, 1e-6).ShouldBeTrue();
    }

    [Fact]
    public void A_text_with_two_hashtags_has_the_sum_of_the_losses_of_both()
    {
        using var scope = NewDisposeScope();
        using var model = Make(Small);
        var theta = Theta(1, 6);
        double Loss(params int[] tags)
        {
            using var batch = new TextBatch { Count = tags.Length, UserBuffer = new int[tags.Length], ItemBuffer = tags };
            var words = model.Shape.Get<EntityTexts>().Encode(Posts[0]);
            batch.Texts.Fill(tags.Length, _ => words);
            batch.Load(CPU);
            return model.Loss(batch, theta.expand(tags.Length, -1)).item<float>() * tags.Length;
        }

        Loss(0, 2).ShouldBe(Loss(0) + Loss(2), 1e-5);
    }

    [Fact]
    public void A_request_with_the_text_of_a_training_user_is_answered_as_the_user()
    {
        using var scope = NewDisposeScope();
        using var model = Make(Small);
        var rows = SparseRows.Empty(2, 3);
        var scores = model.Scores(new RequestBatch([1, -1], rows, [null, new Dictionary<string, string> { ["text"] = Posts[1] }]));

        scores[1].ShouldBe(scores[0], 1e-6f);
    }

    private static Tensor Theta(int texts, int seed)
    {
        random.manual_seed(seed);
        return rand(texts, 3).softmax(1);
    }

    private static PaddedTexts Read(TabLstm model, params string[] posts) => TextSamples.Padded(model.Shape.Get<EntityTexts>(), posts);

    private static TabLstm Make(TabLstmOptions options)
    {
        random.manual_seed(3);
        return (TabLstm)TabLstm.Info.Make(options, TextSamples.Of(Posts));
    }
}
