using Tastemaker.Batches;
using Tastemaker.Models.Attention;
using Tastemaker.Tests.Models.Baselines;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Attention;

public class HashtagCnnTests
{
    private static readonly HashtagCnnOptions Small = new() { WordDimension = 4, FilterCount = 3, LocalDimension = 3, Dimension = 5, Dropout = 0, BatchSize = 4 };
    private static readonly string[] Posts = ["rain on the last day of the tour", "sun on the first day", "rain", "the tour of the town", "first rain then sun then rain and wind"];

    [Theory]
    [InlineData(TriggerGate.Excess)]
    [InlineData(TriggerGate.StraightThrough)]
    [InlineData(TriggerGate.Soft)]
    public void The_vector_of_a_text_depends_on_neither_the_batch_nor_its_padding(TriggerGate gate)
    {
        using var scope = NewDisposeScope();
        using var model = Make(Small with { Gate = gate });
        var all = model.Encode(Read(model, Posts));

        for (var post = 0; post < Posts.Length; post++)
        {
            model.Encode(Read(model, Posts[post]))[0].allclose(all[post], 1e-6, 1e-6).ShouldBeTrue();
        }

        model.Encode(Read(model, "", "rain"))[0].abs().sum().item<float>().ShouldBe(0);
    }

    [Fact]
    public void A_lower_threshold_keeps_more_words_and_equal_scores_keep_all()
    {
        using var scope = NewDisposeScope();
        using var model = Make(Small with { Gate = TriggerGate.StraightThrough, Threshold = 0.2 });
        using var lower = Make(Small with { Gate = TriggerGate.StraightThrough, Threshold = 0.7 });
        using var lowest = Make(Small with { Gate = TriggerGate.StraightThrough, Threshold = 1 });
        lower.load_state_dict(model.state_dict());
        lowest.load_state_dict(model.state_dict());
        var (few, more, most) = (Kept(model), Kept(lower), Kept(lowest));

        for (var word = 0; word < few.Length; word++)
        {
            more[word].ShouldBeGreaterThanOrEqualTo(few[word]);
        }

        few.Sum().ShouldBeLessThan(more.Sum());
        most.Sum().ShouldBe(8 - 1); // all but the word with the lowest score
        using (no_grad())
        {
            model.Parameter("attention.weight").zero_();
        }

        Kept(model).Sum().ShouldBe(8);
    }

    [Fact]
    public void With_all_gates_open_the_local_channel_folds_the_sum_of_the_words()
    {
        using var scope = NewDisposeScope();
        using var model = Make(Small);
        using (no_grad())
        {
            model.Parameter("attention.weight").zero_();
        }

        var batch = Read(model, Posts[0]);
        var sum = model.Parameter("words.weight").index_select(0, batch.Words[0].to(int64)).sum([0L]);
        var expected = (model.Parameter("fold.weight").matmul(sum) + model.Parameter("fold.bias")).tanh();

        model.Local(batch)[0].allclose(expected, 1e-5, 1e-5).ShouldBeTrue();
    }

    [Fact]
    public void Only_filters_of_one_word_do_not_see_the_order_of_words()
    {
        using var scope = NewDisposeScope();
        using var model = Make(Small);
        var maps = model.Global(Read(model, "sun on the first day", "day first the on sun"));

        maps[0].narrow(0, 0, 3).allclose(maps[1].narrow(0, 0, 3), 1e-6, 1e-6).ShouldBeTrue();
        maps[0].narrow(0, 3, 6).allclose(maps[1].narrow(0, 3, 6), 1e-3, 1e-3).ShouldBeFalse();
    }

    [Fact]
    public void The_global_channel_is_the_largest_value_of_each_filter_over_the_windows_within_the_text()
    {
        using var scope = NewDisposeScope();
        using var model = Make(Small);
        var maps = model.Global(Read(model, "sun on the first day", "rain"));
        var batch = Read(model, "sun on the first day");
        var x = model.Parameter("words.weight").index_select(0, batch.Words[0].to(int64)); // [5, d]
        var (kernel, bias) = (model.Parameter("filters.1.weight"), model.Parameter("filters.1.bias")); // [filters, d, 2]
        var windows = Enumerable.Range(0, 4).Select(place => (kernel * x.narrow(0, place, 2).t()).sum([1L, 2L]) + bias);

        maps[0].narrow(0, 3, 3).allclose(stack([.. windows]).amax([0]).tanh().tanh(), 1e-5, 1e-5).ShouldBeTrue();
        maps[1].isfinite().all().item<bool>().ShouldBeTrue(); // a text shorter than the filters
    }

    [Theory]
    [InlineData(TriggerGate.Excess)]
    [InlineData(TriggerGate.StraightThrough)]
    [InlineData(TriggerGate.Soft)]
    public void The_scores_of_words_learn_under_every_gate(TriggerGate gate)
    {
        using var scope = NewDisposeScope();
        using var model = Make(Small with { Gate = gate });
        model.Local(Read(model, Posts)).sum().backward();

        model.get_parameter("attention.weight")!.grad.ShouldNotBeNull().abs().sum().item<float>().ShouldBeGreaterThan(0);
    }

    [Fact]
    public void The_threshold_has_no_gradient_and_lies_between_the_scores_of_the_text_alone()
    {
        using var scope = NewDisposeScope();
        using var model = Make(Small with { Threshold = 0.25 });
        var scores = tensor(new[] { 0.5f, -0.3f, 0.9f, -1f }, [1, 4], requires_grad: true);
        var eta = model.Threshold(scores, tensor(new[] { false, false, false, true }, [1, 4]));

        eta.requires_grad.ShouldBeFalse();
        eta.item<float>().ShouldBe((0.25f * -0.3f) + (0.75f * 0.9f), 1e-6f);
    }

    private static float[] Kept(HashtagCnn model)
    {
        using var grad = no_grad();
        return model.Gates(Read(model, "rain on the last day of the tour"))[0].data<float>().ToArray();
    }

    private static PaddedTexts Read(HashtagCnn model, params string[] posts) => TextSamples.Padded(model.Shape.Get<Tastemaker.Inputs.EntityTexts>(), posts);

    private static HashtagCnn Make(HashtagCnnOptions options)
    {
        random.manual_seed(3);
        return (HashtagCnn)HashtagCnn.Info.Make(options, TextSamples.Of(Posts));
    }
}
