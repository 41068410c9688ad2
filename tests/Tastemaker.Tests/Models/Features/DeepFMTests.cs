using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models.Baselines;
using Tastemaker.Models.Mlp;
using Tastemaker.Options;
using Tastemaker.Tests.Nn;
using Tastemaker.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Features;

public sealed class DeepFMTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Dataset data = Rows.Data();

    public void Dispose() => scope.Dispose();

    /// <summary>A model with one hidden layer and weights large enough to matter, and an FM with the same vectors and linear weights.</summary>
    private static (DeepFM Deep, FactorizationMachine Machine) Pair(ModelShape shape)
    {
        var deep = new DeepFM(shape, new DeepFMOptions { Dimension = 3, Hidden = [5], Dropout = 0 });
        var machine = new FactorizationMachine(shape, new FactorizationMachineOptions { Dimension = 3 });
        using (no_grad())
        {
            foreach (var (name, weights) in deep.state_dict())
            {
                weights.normal_(0, 0.5);
                if (machine.state_dict().TryGetValue(name, out var same))
                {
                    same.copy_(weights);
                }
            }
        }

        return (deep, machine);
    }

    [Fact]
    public void With_deep_weights_of_0_it_is_the_factorization_machine()
    {
        var shape = Rows.Shape(data);
        var (deep, machine) = Pair(shape);
        using (no_grad())
        {
            deep.state_dict()["output.weight"].zero_();
            machine.state_dict()["bias"].copy_(deep.state_dict()["output.bias"]);
        }

        var batch = Rows.Batch(data, shape, 60);

        deep.Logits(batch).ShouldBeClose(machine.Logits(batch), 1e-6);
    }

    [Fact]
    public void The_logit_is_that_of_the_machine_plus_that_of_a_network_over_the_same_vectors()
    {
        var shape = Rows.Shape(data);
        var (deep, machine) = Pair(shape);
        var batch = Rows.Batch(data, shape, 60);

        (deep.Logits(batch) - machine.Logits(batch)).ShouldBeClose(Network(deep, machine, batch), 1e-4);
    }

    [Fact]
    public void The_vectors_get_the_gradients_of_both_parts()
    {
        var shape = Rows.Shape(data);
        var (deep, machine) = Pair(shape);
        var batch = Rows.Batch(data, shape, 60);
        Tensor GradientOf(nn.Module of) => of.named_parameters().Single(pair => pair.name == "vectors.table.weight").parameter.grad!;

        deep.Logits(batch).sum().backward();
        machine.Logits(batch).sum().backward();
        var ofMachine = GradientOf(machine).clone();
        machine.zero_grad();
        Network(deep, machine, batch).sum().backward();

        ofMachine.abs().max().item<float>().ShouldBeGreaterThan(0.1f);
        GradientOf(machine).abs().max().item<float>().ShouldBeGreaterThan(0.1f);
        GradientOf(deep).ShouldBeClose(ofMachine + GradientOf(machine), 1e-3);
    }

    [Fact]
    public void Without_anything_to_tell_rows_apart_it_predicts_the_share_of_positives()
    {
        var options = new DeepFMOptions { Fields = ["user(minimum-count=1000)"], Hidden = [], BatchSize = 400, LearningRate = 0.1, Epochs = 60 };
        using var model = new DeepFM(DeepFM.Info.Shape(options, new TrainingSet(data)), options);
        var train = new TrainingSet(data);
        var training = new TrainingOptions { Threads = 1 };
        using var modelTraining = model.Begin(train, training);
        for (var epoch = 0; epoch < options.Epochs; epoch++)
        {
            modelTraining.RunEpoch(new EpochContext(train, epoch, training, (_, _, _, _) => { }, TestContext.Current.CancellationToken));
        }

        modelTraining.Dispose();
        model.eval();
        var positives = data.Interactions.Values.ToArray().Average();

        foreach (var logit in model.Logits(Rows.Batch(data, model.Shape, 20)).Values())
        {
            logit.ShouldBe(float.Log(positives / (1 - positives)), 0.02f);
        }
    }

    [Fact]
    public void Regularization_counts_a_weight_as_often_as_rows_read_it_and_that_of_tables_once_a_step()
    {
        var shape = Rows.Shape(data, "user", "tags");
        var batch = Rows.Batch(data, shape, 40);
        double Loss(DeepFMOptions options)
        {
            using var model = new DeepFM(shape, options with { Dimension = 2, Hidden = [], Dropout = 0 });
            using (no_grad())
            {
                var state = model.state_dict();
                state["vectors.table.weight"].fill_(0.5);
                state["linear.table.weight"].fill_(2);
                state["output.weight"].fill_(0.1);
            }

            return model.Loss(batch).item<float>();
        }

        var plain = Loss(new DeepFMOptions());
        var tagged = batch.EntrySlots.unique().output.shape[0]; // rows with tags: weights of a mean add up to 1
        var rows = shape.Features!.Schema.Visible.Sum(field => field.Size);

        (Loss(new DeepFMOptions { Regularization = 0.4 }) - plain).ShouldBe(0.2 * 2 * 0.25 * (1 + (tagged / 40.0)), 1e-4);
        (Loss(new DeepFMOptions { LinearRegularization = 0.4 }) - plain).ShouldBe(0.2 * 4 * (1 + (tagged / 40.0)), 1e-4);
        (Loss(new DeepFMOptions { TableRegularization = 0.01 }) - plain).ShouldBe(0.005 * rows * ((2 * 0.25) + 4), 1e-4);
    }

    [Fact]
    public void Regularization_of_tables_refuses_tables_that_are_updated_by_row()
    {
        var shape = Rows.Shape(data);
        using var model = new DeepFM(shape, new DeepFMOptions { Hidden = [4], TableRegularization = 0.1 });
        var train = new TrainingSet(data);

        using var modelTraining = model.Begin(train, new TrainingOptions { RowUpdates = RowUpdates.Whole });
        Should.Throw<InputException>(() => model.Begin(train, new TrainingOptions { RowUpdates = RowUpdates.Touched })).Message.ShouldContain("row-updates=whole");
    }

    // The deep part of one model over the vectors of the other.
    private static Tensor Network(DeepFM deep, FactorizationMachine machine, Tastemaker.Batches.FeatureBatch batch)
    {
        var state = deep.state_dict();
        var vectors = ((Tastemaker.Nn.FieldEmbeddings)machine.named_children().Single(pair => pair.name == "vectors").module).forward(batch);
        var hidden = nn.functional.linear(vectors.flatten(1), state["deep.layers.0.weight"], state["deep.layers.0.bias"]).relu();
        return nn.functional.linear(hidden, state["output.weight"], state["output.bias"]).squeeze(1) - machine.state_dict()["bias"];
    }
}
