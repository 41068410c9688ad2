using Tastemaker.Models.Recurrent;
using static Tastemaker.Tests.Models.Recurrent.NewsSamples;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Recurrent;

public class BrowseEncoderTests
{
    public static TheoryData<NewsEncoder> Encoders => [.. Enum.GetValues<NewsEncoder>()];

    [Theory]
    [MemberData(nameof(Encoders))]
    public void Padding_changes_nothing_and_the_state_of_a_place_is_that_of_its_prefix(NewsEncoder kind)
    {
        using var scope = NewDisposeScope();
        using var encoder = Make(kind);
        var articles = randn(1, 4, 6);
        var alone = encoder.States(articles, ones(1, 4, @bool));
        var padded = encoder.States(cat([randn(1, 3, 6), articles], 1), cat([zeros(1, 3, @bool), ones(1, 4, @bool)], 1));

        padded.narrow(1, 3, 5).allclose(alone, 1e-6, 1e-6).ShouldBeTrue();
        for (var place = 0; place < 3; place++)
        {
            padded[0, place].equal(padded[0, 3]).all().item<bool>().ShouldBeTrue(); // before the first article
        }

        for (var length = 1; length < 4; length++)
        {
            encoder.States(articles.narrow(1, 0, length), ones(1, length, @bool))[0, length].allclose(alone[0, length], 1e-6, 1e-6).ShouldBeTrue();
        }
    }

    [Theory]
    [MemberData(nameof(Encoders))]
    public void Before_the_first_article_all_users_are_alike_and_that_state_is_learned(NewsEncoder kind)
    {
        using var scope = NewDisposeScope();
        using var encoder = Make(kind);
        var states = encoder.States(randn(2, 3, 6), ones(2, 3, @bool));
        states[0, 0].equal(states[1, 0]).all().item<bool>().ShouldBeTrue();

        (states.select(1, 0) * randn(6)).sum().backward();
        encoder.named_parameters().Where(named => named.name.Contains("initial", StringComparison.Ordinal)).ShouldContain(named => named.parameter.grad is object && named.parameter.grad.abs().sum().item<float>() > 0);
    }

    [Theory]
    [MemberData(nameof(Encoders))]
    public void Gradients_reach_every_parameter(NewsEncoder kind)
    {
        using var scope = NewDisposeScope();
        using var encoder = Make(kind);
        (encoder.States(randn(2, 3, 6), ones(2, 3, @bool)) * randn(6)).sum().backward();

        encoder.named_parameters().ShouldAllBe(named => named.parameter.grad is object && named.parameter.grad.abs().sum().item<float>() > 0);
    }

    [Fact]
    public void Decay_with_a_beta_of_one_is_the_average_and_else_weighs_by_age()
    {
        using var scope = NewDisposeScope();
        using var average = Make(NewsEncoder.Average);
        using var one = Make(NewsEncoder.Decay, beta: 1);
        using var half = Make(NewsEncoder.Decay, beta: 0.5);
        var articles = randn(1, 3, 6);
        var isArticle = ones(1, 3, @bool);

        one.States(articles, isArticle).allclose(average.States(articles, isArticle), 1e-6, 1e-6).ShouldBeTrue();
        average.States(articles, isArticle)[0, 3].allclose(articles[0].mean([0L]), 1e-5, 1e-6).ShouldBeTrue(); // alpha begins at 1
        var expected = ((0.25 * articles[0, 0]) + (0.5 * articles[0, 1]) + articles[0, 2]) / 1.75;
        half.States(articles, isArticle)[0, 3].allclose(expected, 1e-5, 1e-6).ShouldBeTrue();
    }

    [Fact]
    public void The_state_of_the_gru_is_bounded_for_any_number_of_articles()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var encoder = (GruOfBrowses)Make(NewsEncoder.Gru);
        foreach (var (_, parameter) in encoder.named_parameters())
        {
            parameter.normal_(0, 5);
        }

        var h = encoder.Hidden(100 * randn(2, 300, 6), ones(2, 300, @bool));
        h.abs().max().item<float>().ShouldBeLessThanOrEqualTo(Math.Max(1, encoder.Parameter("initial").abs().max().item<float>()));
        encoder.States(100 * randn(2, 30, 6), ones(2, 30, @bool)).abs().max().item<float>().ShouldBeLessThanOrEqualTo(1);
    }

    [Theory]
    [InlineData(NewsEncoder.Average, false)]
    [InlineData(NewsEncoder.Decay, true)]
    [InlineData(NewsEncoder.Rnn, true)]
    [InlineData(NewsEncoder.Lstm, true)]
    [InlineData(NewsEncoder.Gru, true)]
    public void The_order_of_articles_counts_for_all_but_the_average(NewsEncoder kind, bool counts)
    {
        using var scope = NewDisposeScope();
        using var encoder = Make(kind);
        var articles = randn(1, 5, 6);
        Tensor Last(Tensor of) => encoder.States(of, ones(1, 5, @bool))[0, 5];

        Last(articles).allclose(Last(articles.flip(1)), 1e-4, 1e-4).ShouldBe(!counts);
    }

    [Fact]
    public void The_lstm_is_that_of_the_paper()
    {
        using var scope = NewDisposeScope();
        using var encoder = Make(NewsEncoder.Lstm);
        var (a, u, h) = (randn(6), zeros(6), zeros(4));
        var x = encoder.Parameter("input.weight").matmul(a) + encoder.Parameter("input.bias"); // gi, gf, enc, go; u_0 = h_0 = 0
        var next = (x.narrow(0, 0, 4).sigmoid() * x.narrow(0, 8, 4).tanh()) + (x.narrow(0, 4, 4).sigmoid() * h);
        var go = (x.narrow(0, 12, 6) + next.matmul(encoder.Parameter("outputPeephole"))).sigmoid();
        var expected = go * (encoder.Parameter("output.weight").matmul(next) + encoder.Parameter("output.bias")).tanh();

        encoder.States(a.view(1, 1, 6), ones(1, 1, @bool))[0, 1].allclose(expected, 1e-5, 1e-6).ShouldBeTrue();
    }

    private static BrowseEncoder Make(NewsEncoder kind, double beta = 0.9)
    {
        random.manual_seed(7);
        return BrowseEncoder.Of(Small with { Encoder = kind, Decay = beta });
    }
}
