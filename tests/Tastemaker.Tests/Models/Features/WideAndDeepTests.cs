using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models.Mlp;
using Tastemaker.Options;
using Tastemaker.Training;
using Tastemaker.Training.Optimizers;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Features;

public sealed class WideAndDeepTests : IDisposable
{
    private static readonly string[] Crosses = ["cross(user.parity,item.tags)", "cross(hour,\"price(buckets=4)\")"];

    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Dataset data = Rows.Data();

    public void Dispose() => scope.Dispose();

    private WideAndDeep Model(WideAndDeepOptions options)
    {
        manual_seed(7);
        return new WideAndDeep(WideAndDeep.Info.Shape(options, new TrainingSet(data)), options);
    }

    private WideAndDeep Trained(WideAndDeepOptions options)
    {
        var model = Model(options);
        var train = new TrainingSet(data);
        var training = new TrainingOptions { Threads = 1 };
        using var modelTraining = model.Begin(train, training);
        for (var epoch = 0; epoch < 3; epoch++)
        {
            manual_seed(epoch);
            modelTraining.RunEpoch(new EpochContext(train, epoch, training, (_, _, _, _) => { }, TestContext.Current.CancellationToken));
        }

        modelTraining.Dispose();
        model.eval();
        return model;
    }

    private float[] Logits(WideAndDeep model) => model.Logits(Rows.Batch(data, model.Shape, 200)).data<float>().ToArray();

    [Fact]
    public void Without_a_deep_part_it_is_logistic_regression_trained_by_ftrl()
    {
        var options = new WideAndDeepOptions { Hidden = [], Crosses = Crosses, BatchSize = 32, WideL1 = 0.01 };
        using var model = Trained(options);

        // The same by hand: a weight a feature in double precision, one coordinate at a time.
        var byHand = FtrlByHand.Train(model, data, options, epochs: 3);
        var logits = Logits(model);
        for (var row = 0; row < logits.Length; row++)
        {
            logits[row].ShouldBe((float)byHand[row], 1e-3f);
        }

        model.state_dict()["wide.table.weight"].eq(0).sum().item<long>().ShouldBeGreaterThan(0);
    }

    [Fact]
    public void With_all_wide_weights_held_at_0_it_is_the_deep_network_alone()
    {
        using var joint = Trained(new WideAndDeepOptions { Hidden = [16, 8], Dimension = 4, Crosses = Crosses, WideL1 = 1000, BatchSize = 32 });
        using var deep = Trained(new WideAndDeepOptions { Hidden = [16, 8], Dimension = 4, WideReadsFields = false, BatchSize = 32 });

        joint.state_dict()["wide.table.weight"].abs().max().item<float>().ShouldBe(0);
        var (one, other) = (Logits(joint), Logits(deep));
        for (var row = 0; row < one.Length; row++)
        {
            one[row].ShouldBe(other[row], 1e-5f);
        }
    }

    [Fact]
    public void Both_parts_are_given_the_same_gradient_of_the_logit()
    {
        using var model = Model(new WideAndDeepOptions { Hidden = [8], Dimension = 4, Crosses = Crosses });
        var batch = Rows.Batch(data, model.Shape, 40);

        model.Loss(batch).backward();

        var error = (model.Logits(batch).sigmoid() - batch.Labels).mean().item<float>();
        var state = model.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter);
        state["bias"].grad!.item<float>().ShouldBe(error, 1e-5f);
        state["output.bias"].grad!.item<float>().ShouldBe(error, 1e-5f);
        // Every row has exactly one user, so the gradients of the users' wide weights add up to the same.
        state["wide.table.weight"].grad!.narrow(0, 0, 21).sum().item<float>().ShouldBe(error, 1e-5f);
    }

    [Fact]
    public void The_table_of_embeddings_can_be_regularized_as_a_whole()
    {
        var options = new WideAndDeepOptions { Hidden = [8], Dimension = 4 };
        using var plain = Model(options);
        using var regularized = Model(options with { TableRegularization = 0.3 });
        var batch = Rows.Batch(data, plain.Shape, 40);

        var squares = plain.state_dict()["embeddings.table.weight"].square().sum().item<float>();
        regularized.Loss(batch).item<float>().ShouldBe(plain.Loss(batch).item<float>() + (0.15f * squares), 1e-4f);
    }

    [Fact]
    public void Hidden_layers_can_be_batch_normalized()
    {
        using var plain = Model(new WideAndDeepOptions { Hidden = [8] });
        using var normalized = Model(new WideAndDeepOptions { Hidden = [8], BatchNormalization = true });

        plain.state_dict().Keys.ShouldNotContain(name => name.StartsWith("tower.norms", StringComparison.Ordinal));
        normalized.state_dict().Keys.ShouldContain(name => name.StartsWith("tower.norms", StringComparison.Ordinal));
    }

    [Fact]
    public void A_large_initial_accumulator_holds_the_deep_part_where_it_began()
    {
        var options = new WideAndDeepOptions { Hidden = [8], Dimension = 4, BatchSize = 32 };
        using var fresh = Model(options);
        using var held = Trained(options with { InitialAccumulator = 100 });
        using var free = Trained(options);

        float Moved(WideAndDeep model) => (model.state_dict()["tower.layers.0.weight"] - fresh.state_dict()["tower.layers.0.weight"]).abs().max().item<float>();
        Moved(held).ShouldBeInRange(1e-6f, Moved(free) / 10);
        Should.Throw<InputException>(() => Trained(options with { InitialAccumulator = 0.1, Optimizer = OptimizerKind.Adam })).Message.ShouldContain("optimizer=adagrad");
    }

    [Fact]
    public void Crosses_serve_the_wide_part_alone()
    {
        using var model = Model(new WideAndDeepOptions { Hidden = [8], Dimension = 4, Crosses = Crosses });
        var schema = model.Shape.Features!.Schema;

        // user, item, parity, hour and tags, 4 numbers each, and the price
        model.state_dict()["tower.layers.0.weight"].shape[1].ShouldBe((5 * 4) + 1);
        schema.Fields.Count(field => field.Name.StartsWith("cross", StringComparison.Ordinal)).ShouldBe(2);
        schema.Hidden.ShouldBe(["context.price(buckets=4)"]);
    }
}
