using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models.Autoencoders;
using Tastemaker.Tests.Nn;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Autoencoders;

public sealed class MultinomialAutoencoderTests
{
    private static readonly ModelShape Shape = new(4, 7);
    private static readonly int[][] Rows = [[0, 2, 5], [6], [1, 2, 3, 4]];

    public static TheoryData<string> Both => ["multi-dae", "multi-vae"];

    [Theory]
    [MemberData(nameof(Both))]
    public void Scores_are_deterministic_and_those_of_single_requests(string system)
    {
        using var model = Create(system, dropout: 0.5);
        var together = Requests.Scores(model, Requests.OfHistories(7, Rows));
        Requests.Scores(model, Requests.OfHistories(7, Rows)).ShouldBe(together);
        for (var row = 0; row < Rows.Length; row++)
        {
            var alone = Requests.Scores(model, Requests.OfHistories(7, Rows[row]));
            Enumerable.Range(0, 7).ShouldAllBe(item => Math.Abs(alone[0, item] - together[row, item]) < 1e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Scores_do_not_depend_on_values_order_or_repeats(string system)
    {
        using var model = Create(system, dropout: 0.5);
        var plain = Requests.Scores(model, Requests.OfHistories(7, [0, 2, 5]));
        Requests.Scores(model, Requests.OfHistories(7, [5, 0, 2, 0])).ShouldBeClose(plain);
        var valued = new RequestBatch([-1], new SparseRows([0, 3], [0, 2, 5], 7, values: [3, 3, 3]));
        Requests.Scores(model, valued).ShouldBeClose(plain);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void An_empty_history_is_answered_with_finite_scores(string system)
    {
        using var model = Create(system, dropout: 0.5);
        Requests.Scores(model, Requests.OfHistories(7, [[]])).Cast<float>().ShouldAllBe(score => float.IsFinite(score));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Items_nobody_clicked_have_no_gradient_in_the_encoder(string system)
    {
        using var scope = NewDisposeScope();
        using var model = Create(system, dropout: 0);
        model.train();
        model.Loss(Requests.Rows([0, 2, 5], [6])).backward();
        var rows = model.Parameter("first.rows.weight").grad!.abs().sum(1).Values();
        rows.Select(sum => sum > 0).ShouldBe([true, false, true, false, false, true, true]);
    }

    [Fact]
    public void The_first_layer_reads_clicks_over_their_norm()
    {
        using var scope = NewDisposeScope();
        using var model = new MultiDae(new MultiDaeOptions { Latent = 3, L2 = 0 }, Shape);
        var (w, b) = (model.Parameter("first.rows.weight"), model.Parameter("first.bias"));
        var (v, c) = (model.Parameter("layers.0.weight"), model.Parameter("layers.0.bias"));
        var x = tensor(new float[,] { { 1, 0, 1, 0, 0, 1, 0 } }) / MathF.Sqrt(3);
        var expected = (x.matmul(w) + b).tanh().matmul(v.t()) + c;
        Requests.Scores(model, Requests.OfHistories(7, [0, 2, 5])).Cast<float>().ToArray().ShouldBe(expected.Values(), 1e-6f);
    }

    [Fact]
    public void Dae_adds_the_squares_of_its_weight_matrices_but_not_of_biases()
    {
        using var scope = NewDisposeScope();
        using var free = new MultiDae(new MultiDaeOptions { Latent = 3, Dropout = 0, L2 = 0, Hidden = [4] }, Shape);
        using var bound = new MultiDae(new MultiDaeOptions { Latent = 3, Dropout = 0, L2 = 0.25, Hidden = [4] }, Shape);
        bound.Restore(free.State());
        var squares = bound.parameters().Where(parameter => parameter.dim() == 2).Sum(parameter => parameter.square().sum().item<float>());
        var batch = Requests.Rows(Rows);
        bound.Loss(batch).item<float>().ShouldBe(free.Loss(batch).item<float>() + (0.25f * squares), 1e-4f);
    }

    [Fact]
    public void Dropout_hides_clicks_in_training_and_keeps_their_expected_value()
    {
        using var scope = NewDisposeScope();
        var rows = NormalizedClicks.Of(Requests.Rows([.. Enumerable.Repeat(Enumerable.Range(0, 4).ToArray(), 5000)]));
        rows.Values.Values().ShouldAllBe(value => value == 0.5f);
        var noisy = rows.Corrupted(0.25, training: true).Values.Values();
        noisy.Distinct().Order().ShouldBe([0f, 0.5f / 0.75f], 1e-6f);
        noisy.Average().ShouldBe(0.5f, 0.01f);
        rows.Corrupted(0.25, training: false).Values.Values().ShouldBe(rows.Values.Values());
    }

    [Fact]
    public void Vae_without_divergence_and_variance_has_the_likelihood_of_its_scores()
    {
        using var scope = NewDisposeScope();
        using var model = new MultiVae(new MultiVaeOptions { Latent = 3, Hidden = [4], Dropout = 0, KlCap = 0 }, Shape);
        using (no_grad())
        {
            model.Parameter("rest.layers.0.bias").narrow(0, 3, 3).fill_(-80);
        }

        var scores = Requests.Scores(model, Requests.OfHistories(7, Rows));
        var batch = Requests.Rows(Rows);
        var expected = Tastemaker.Nn.Losses.Multinomial(tensor(scores), batch.Items, batch.Offsets).item<float>();
        model.train();
        model.Loss(batch).item<float>().ShouldBe(expected, 1e-4f);
    }

    [Fact]
    public void Vae_samples_in_training_with_the_deviation_it_says()
    {
        using var scope = NewDisposeScope();
        using var model = new MultiVae(new MultiVaeOptions { Latent = 3, Hidden = [4], Dropout = 0 }, Shape);
        var batch = Requests.Rows(Rows);
        model.train();
        model.Loss(batch).item<float>().ShouldNotBe(model.Loss(batch).item<float>());
        model.eval();
        model.Loss(batch).item<float>().ShouldBe(model.Loss(batch).item<float>());
    }

    [Theory]
    [InlineData(null, 0.2, 0, 1000, 0)]
    [InlineData(null, 0.2, 10, 1000, 0.1)] // the cap is reached at a fiftieth of the planned updates
    [InlineData(null, 0.2, 20, 1000, 0.2)]
    [InlineData(null, 0.2, 1000, 1000, 0.2)]
    [InlineData(0, 0.2, 0, 1000, 0.2)] // at once
    [InlineData(200, 0.2, 20, 1000, 0.1)] // min(cap, t / T)
    [InlineData(200, 0.2, 41, 1000, 0.2)]
    [InlineData(null, 0, 500, 1000, 0)]
    public void The_weight_of_the_divergence_rises_to_its_cap(int? annealing, double cap, long updates, long planned, double expected)
    {
        using var model = new MultiVae(new MultiVaeOptions { AnnealingUpdates = annealing, KlCap = cap, Latent = 2, Hidden = [] }, Shape);
        model.KlWeight(updates, planned).ShouldBe(expected, 1e-12);
    }

    private static MultinomialAutoencoder Create(string system, double dropout) => system == "multi-dae"
        ? new MultiDae(new MultiDaeOptions { Latent = 3, Dropout = dropout, Hidden = [4], L2 = 0 }, Shape)
        : new MultiVae(new MultiVaeOptions { Latent = 3, Dropout = dropout, Hidden = [4] }, Shape);
}
