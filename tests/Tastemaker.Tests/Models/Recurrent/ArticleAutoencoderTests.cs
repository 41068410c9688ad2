using Tastemaker.Data;
using Tastemaker.Models.Recurrent;
using Tastemaker.Nn;
using static Tastemaker.Tests.Models.Recurrent.NewsSamples;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Recurrent;

public class ArticleAutoencoderTests
{
    private static readonly SparseRows Five = SparseRows.FromRows([[0, 1], [1, 2], [3, 4], [0], []], 5);

    [Fact]
    public void An_article_without_words_has_a_vector_of_zeros_exactly()
    {
        using var scope = NewDisposeScope();
        using var network = Make(noise: 0.3);
        network.Encode(Bags([], [0]))[0].abs().sum().item<float>().ShouldBe(0);
        network.Encode(Bags([], [0]))[1].abs().sum().item<float>().ShouldBeGreaterThan(0);
    }

    [Fact]
    public void The_vector_is_the_logistic_of_words_less_that_of_the_bias_and_every_word_counts_one_less_the_noise()
    {
        using var scope = NewDisposeScope();
        using var network = Make(noise: 0.25);
        var (w, b) = (network.Parameter("encoder.rows.weight"), network.Parameter("encoder.bias"));

        var expected = ((0.75 * (w[1] + w[4])) + b).sigmoid() - b.sigmoid();
        network.Encode(Bags([1, 4]))[0].allclose(expected, 1e-6, 1e-7).ShouldBeTrue();
        network.Encode(Bags([1, 4])).abs().max().item<float>().ShouldBeLessThan(1);
    }

    [Fact]
    public void The_loss_of_a_triplet_is_log_2_where_the_others_are_alike_and_changes_by_the_first_product_where_the_third_is_zero()
    {
        using var scope = NewDisposeScope();
        var (h0, h1, h2) = (randn(4, 3), randn(4, 3), randn(4, 3));

        ArticleAutoencoder.TripletLoss(h0, h1, h1).allclose(full(4, Math.Log(2), float32), 1e-6, 1e-6).ShouldBeTrue();

        // softplus(x) - softplus(-x) = x: the loss less that with the second and the third exchanged.
        var difference = ArticleAutoencoder.TripletLoss(h0, h1, h2) - ArticleAutoencoder.TripletLoss(h0, h2, h1);
        difference.allclose((h0 * h2).sum(1) - (h0 * h1).sum(1), 1e-4, 1e-5).ShouldBeTrue();
        var zero = zeros_like(h2);
        (ArticleAutoencoder.TripletLoss(h0, h1, zero) - ArticleAutoencoder.TripletLoss(h0, zero, h1)).allclose(-(h0 * h1).sum(1), 1e-4, 1e-5).ShouldBeTrue();
    }

    [Fact]
    public void The_loss_is_the_cross_entropy_over_all_words_of_three_articles_and_the_weighted_triplets()
    {
        using var scope = NewDisposeScope();
        using var network = Make(noise: 0.2, weight: 4);
        network.eval();
        using var batch = new ArticleBatch();
        batch.Fill(Five, [[0, 3], [1, 0], [2, 2]], [1, 0]);
        batch.Load(CPU);
        var (output, bias, h) = (network.Parameter("output"), network.Parameter("outputBias"), network.Encode(batch.Words));

        var logits = h.matmul(output.t()) + bias; // [6, 5]
        var expected = 0.0;
        foreach (var (row, article) in new[] { 0, 3, 1, 0, 2, 2 }.Index())
        {
            for (var word = 0; word < 5; word++)
            {
                var y = 1 / (1 + Math.Exp(-logits[row, word].item<float>()));
                expected -= Five[article].Contains(word) ? Math.Log(y) : Math.Log(1 - y);
            }
        }

        var triplet = Math.Log(1 + Math.Exp((h[0] * h[4]).sum().item<float>() - (h[0] * h[2]).sum().item<float>())); // the second is none
        ((double)network.Loss(batch).item<float>()).ShouldBe((expected + (4 * triplet)) / 2, 1e-4);
    }

    [Fact]
    public void Noise_masks_words_in_training_alone_and_what_is_reconstructed_is_whole()
    {
        using var scope = NewDisposeScope();
        using var network = Make(noise: 0.99);
        using var batch = new ArticleBatch();
        batch.Fill(SparseRows.FromRows([[0, 1, 2, 3, 4]], 5), [[0]], []);
        batch.Load(CPU);
        random.manual_seed(1);
        network.train();

        // Next to all words are masked: the output is that of the bias, which is log 2 for each word.
        network.Loss(batch).item<float>().ShouldBe((float)(5 * Math.Log(2)), 1e-4f);
    }

    [Fact]
    public void A_triplet_has_a_shared_category_and_one_that_is_not_shared()
    {
        var source = new ArticleSource(SparseRows.Empty(6, 5), SparseRows.FromRows([[0], [0, 1], [1], [2], [2], []], 3), [0, 1, 2, 3, 4, 5], 4);
        var counts = new int[6];
        foreach (var epoch in Enumerable.Range(0, 20))
        {
            foreach (var batch in source.Epoch(new SeededRandom((ulong)epoch)))
            {
                batch.Load(CPU);
                var isTriplet = batch.IsTriplet.data<float>().ToArray();
                for (var row = 0; row < batch.Count; row++)
                {
                    var (first, second, third) = (batch.Articles[row], batch.Articles[row + batch.Count], batch.Articles[row + (2 * batch.Count)]);
                    counts[first]++;
                    isTriplet[row].ShouldBe(first == 5 ? 0 : 1);
                    if (first != 5)
                    {
                        second.ShouldNotBe(first);
                        Together(first).ShouldContain(second);
                        Together(first).ShouldNotContain(third);
                    }
                }
            }
        }

        counts.ShouldAllBe(count => count == 20);

        static int[] Together(int article) => article switch { 0 => [0, 1], 1 => [0, 1, 2], 2 => [1, 2], _ => [3, 4] };
    }

    private static ArticleAutoencoder Make(double noise, double weight = 1)
    {
        random.manual_seed(5);
        var network = new ArticleAutoencoder(5, 3, noise, weight);
        using var grad = no_grad();
        TorchSharp.torch.nn.init.normal_(network.Parameter("encoder.bias"));
        return network;
    }
}
