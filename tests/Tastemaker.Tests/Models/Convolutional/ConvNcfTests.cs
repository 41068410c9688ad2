using Tastemaker.Batches;
using Tastemaker.Inputs;
using Tastemaker.Models.Convolutional;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Tests.Models.Baselines;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Convolutional;

public class ConvNcfTests
{
    [Fact]
    public void At_64_coordinates_and_32_channels_the_network_has_20833_weights()
    {
        using var model = new ConvNcf(new ConvNcfOptions { Dimension = 64 }, new ModelShape(3, 4));

        model.parameters().Sum(weights => weights.NumberOfElements).ShouldBe(20_833 + ((3 + 4) * 64));
    }

    [Fact]
    public void It_computes_the_convolutions_of_the_outer_product()
    {
        using var scope = NewDisposeScope();
        var tree = new QuadTree(3, 5, 0.5, 0.1);
        var (p, q) = (randn(7, 8), randn(7, 8));
        var x = (p.unsqueeze(2) * q.unsqueeze(1)).unsqueeze(1); // [n, 1, 8, 8]
        for (var layer = 0; layer < 3; layer++)
        {
            var kernel = tree.Kernels[layer].view(2, 2, -1, 5).permute(3, 2, 0, 1).contiguous(); // [out, in, 2, 2]
            x = nn.functional.relu(nn.functional.conv2d(x, kernel, tree.Biases[layer], strides: [2, 2]));
        }

        tree.forward(p, tree.Columns(q)).allclose(x.flatten(1), 1e-4, 1e-5).ShouldBeTrue();
    }

    [Fact]
    public void With_diagonal_kernels_of_both_signs_it_is_the_inner_product()
    {
        using var scope = NewDisposeScope();
        using var model = new ConvNcf(new ConvNcfOptions { Dimension = 8, Channels = 2 }, new ModelShape(2, 2));
        using (no_grad())
        {
            for (var layer = 0; layer < 3; layer++)
            {
                model.Convolutions.Biases[layer].zero_();
                var kernel = model.Convolutions.Kernels[layer].zero_().view(2, 2, -1, 2); // [x, y, in, out]
                for (var place = 0; place < 2; place++)
                {
                    // The first layer splits a sum over the diagonal into its positive and negative parts; later ones join and split again.
                    kernel[place, place].copy_(layer == 0 ? tensor(new float[] { 1, -1 }, [1, 2]) : tensor(new float[] { 1, -1, -1, 1 }, [2, 2]));
                }
            }

            model.Output.Weight.copy_(tensor(new float[] { 1, -1 }, [1, 2]));
            model.Output.Bias.zero_();
        }

        var (p, q) = (randn(5, 8), randn(5, 8));
        model.Scores(p, model.Convolutions.Columns(q)).allclose((p * q).sum(1), 1e-4, 1e-5).ShouldBeTrue();
    }

    [Fact]
    public void Turning_the_kernels_exchanges_user_and_item()
    {
        using var scope = NewDisposeScope();
        var (tree, turned) = (new QuadTree(2, 3, 0.5, 0.1), new QuadTree(2, 3, 0.5, 0.1));
        using (no_grad())
        {
            foreach (var (from, to) in tree.Kernels.Zip(turned.Kernels))
            {
                to.copy_(from.view(2, 2, -1, 3).transpose(0, 1).reshape(from.shape));
            }
        }

        var (p, q) = (randn(4, 4), randn(4, 4));
        turned.forward(q, turned.Columns(p)).allclose(tree.forward(p, tree.Columns(q)), 1e-4, 1e-5).ShouldBeTrue();
    }

    [Fact]
    public void Factorization_comes_first_then_an_epoch_without_regularization_and_no_weight_becomes_NaN()
    {
        using var scope = NewDisposeScope();
        var train = Sample.Random();
        var options = new ConvNcfOptions { Dimension = 8, Channels = 4, PretrainingEpochs = 3, Epochs = 20, BatchSize = 64 };
        using var model = (ConvNcf)ConvNcf.Info.Make(options, train);
        using var batch = new PairwiseSource(train, 16).Epoch(new Tastemaker.Data.SeededRandom(1)).First();
        batch.Load(CPU);
        var kernels = model.Convolutions.Kernels.Sum(kernel => kernel.square().sum().item<float>());
        var last = model.Output.Weight.square().sum().item<float>() + model.Output.Bias.square().item<float>();

        (model.Loss(batch).item<float>() - model.Loss(batch, isRegularized: false).item<float>()).ShouldBeGreaterThan(kernels + (11 * last) - 1e-3f);
        using (var training = model.Begin(train, new TrainingOptions()))
        {
            foreach (var (epoch, rate, loss) in new[] { (2, 0.05, model.FactorizationLoss(batch)), (3, 0.01, model.Loss(batch, isRegularized: false)), (4, 0.05, model.Loss(batch)), (22, 0.05, model.Loss(batch)) })
            {
                training.StageOf!(epoch).LearningRate.ShouldBe(rate);
                training.Loss(batch).item<float>().ShouldBe(loss.item<float>());
            }
        }

        model.Fit(train);
        model.parameters().ShouldAllBe(weights => isfinite(weights).all().item<bool>());
    }

    [Fact]
    public void A_dimension_that_is_no_power_of_2_is_refused() =>
        Should.Throw<InputException>(() => new ConvNcf(new ConvNcfOptions { Dimension = 48 }, new ModelShape(2, 2))).Message.ShouldContain("power of 2 such as 32 or 64");
}
