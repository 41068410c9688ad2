using Tastemaker.Models.Baselines;
using Tastemaker.Models.Mlp;
using Tastemaker.Models.Modern;
using Tastemaker.Options;

namespace Tastemaker.Tests.Models.Features;

/// <summary>Which orders of products a system finds, on data in which they are planted.</summary>
[Collection(nameof(SerialTorch))]
public sealed class PlantedOrdersTests
{
    private static readonly LogisticRegressionOptions Linear = new() { Epochs = 2, BatchSize = 512 };

    private static readonly FactorizationMachineOptions Pairs =
        new() { Epochs = 5, BatchSize = 512, Dimension = 8, Optimizer = OptimizerKind.Adam, LearningRate = 0.01, InitialDeviation = 0.1, Regularization = 0.001 };

    private static readonly DeepFMOptions Deep =
        new() { Epochs = 5, BatchSize = 512, Dimension = 8, LearningRate = 0.01, InitialDeviation = 0.1, Hidden = [32], Dropout = 0, Regularization = 0.001 };

    [Fact]
    public void A_factorization_machine_finds_pairs_and_only_a_deep_part_finds_the_product_of_three()
    {
        var data = new PlantedOrders(20_000, 10_000, distinct: 12, parity: true);

        var linear = data.Auc((shape, options) => new LogisticRegression(shape, options), Linear);
        var pairs = data.Auc((shape, options) => new FactorizationMachine(shape, options), Pairs);
        var deep = data.Auc((shape, options) => new DeepFM(shape, options), Deep);

        pairs.ShouldBeGreaterThan(linear + 0.1);
        deep.ShouldBeGreaterThan(pairs + 0.02);
    }

    [Fact]
    public void Where_there_are_only_pairs_a_deep_part_makes_no_difference()
    {
        var data = new PlantedOrders(20_000, 10_000, distinct: 12, parity: false);

        var pairs = data.Auc((shape, options) => new FactorizationMachine(shape, options), Pairs);
        var deep = data.Auc((shape, options) => new DeepFM(shape, options), Deep);

        deep.ShouldBe(pairs, 0.01);
    }

    [Fact]
    public void Dot_products_learn_pairs_of_many_values_that_layers_over_the_vectors_do_not()
    {
        var data = new PlantedOrders(16_000, 10_000, distinct: 80, parity: false);
        var interacting = new DlrmOptions { Epochs = 8, BatchSize = 256, Dimension = 4, LearningRate = 0.01, Hidden = [32], Regularization = 0.01 };

        var on = data.Auc((shape, options) => new Dlrm(shape, options), interacting);
        var off = data.Auc((shape, options) => new Dlrm(shape, options), interacting with { Interactions = false });

        on.ShouldBeGreaterThan(off + 0.05);
    }
}
