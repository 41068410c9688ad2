using Shouldly;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models.Autoencoders;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Solvers;
using Tastemaker.Training;
using TorchSharp;
using Xunit;

namespace Tastemaker.Tests.Models.Autoencoders;

public class CdaeTests
{
    private const int Users = 4, Items = 9, Width = 5;

    private static readonly CdaeOptions Options = new() { Dimension = Width, Corruption = 0.5, LearningRate = 1e-3, Regularization = 0 };

    [Theory]
    [InlineData(CdaeActivation.Identity, CdaeLoss.Square)]
    [InlineData(CdaeActivation.Identity, CdaeLoss.Logistic)]
    [InlineData(CdaeActivation.Sigmoid, CdaeLoss.Square)]
    [InlineData(CdaeActivation.Sigmoid, CdaeLoss.Logistic)]
    public void A_step_follows_the_gradient_of_the_loss_in_every_variant(CdaeActivation hidden, CdaeLoss loss)
    {
        var options = Options with { Hidden = hidden, Loss = loss };
        using var model = Model(options);
        int[] kept = [1, 4], targets = [1, 4, 6, 0, 8];
        var parts = Parts(model);
        float[][] before = [.. parts.Select(part => part.ToArray())];
        model.Learn(2, kept, targets, chosen: 3);
        float[][] after = [.. parts.Select(part => part.ToArray())];
        Put(parts, before);

        for (var part = 0; part < parts.Length; part++)
        {
            for (var place = 0; place < parts[part].Length; place++)
            {
                var numeric = Slope(model, options, parts[part], place, kept, targets);

                // The first AdaGrad step from sums of 0 is rate g / sqrt(1 + g^2).
                var move = (before[part][place] - after[part][place]) / options.LearningRate;
                move.ShouldBe(numeric / Math.Sqrt(1 + (numeric * numeric)), 2e-3, $"part {part}, number {place}");
            }
        }
    }

    [Fact]
    public void What_corruption_dropped_and_who_is_someone_else_does_not_learn()
    {
        using var model = Model(Options);
        var (inputs, nodes) = (model.Inputs.ToArray(), model.Nodes.ToArray());

        model.Learn(2, [1], [1, 4, 6, 0], chosen: 2);

        model.Inputs.AsSpan(4 * Width, Width).ToArray().ShouldBe(inputs[(4 * Width)..(5 * Width)]); // in the row, but dropped
        model.Inputs.AsSpan(Width, Width).ToArray().ShouldNotBe(inputs[Width..(2 * Width)]);
        model.Nodes.AsSpan(Width, Width).ToArray().ShouldBe(nodes[Width..(2 * Width)]);
        model.Nodes.AsSpan(2 * Width, Width).ToArray().ShouldNotBe(nodes[(2 * Width)..(3 * Width)]);
    }

    [Fact]
    public void With_everything_hidden_the_input_does_not_count()
    {
        using var model = Model(Options with { Corruption = 1 });

        Scores(model, 2, [1, 4]).ShouldBe(Scores(model, 2, [0, 7, 8]));
    }

    [Fact]
    public void With_nothing_but_user_nodes_it_is_matrix_factorization()
    {
        using var model = Model(Options with { Hidden = CdaeActivation.Identity });
        model.Inputs.AsSpan().Clear();

        var scores = Scores(model, 3, [1, 4]);

        for (var item = 0; item < Items; item++)
        {
            scores[item].ShouldBe(Vectors.Dot(model.Nodes.AsSpan(3 * Width, Width), model.Outputs.AsSpan(item * Width, Width)), 1e-6f);
        }
    }

    [Fact]
    public void Without_user_nodes_everyone_with_a_history_is_answered_alike()
    {
        using var model = Model(Options with { UserNode = false });

        Scores(model, 3, [1, 4]).ShouldBe(Scores(model, -1, [1, 4]));
        using var personal = Model(Options);
        Scores(personal, 3, [1, 4]).ShouldNotBe(Scores(personal, -1, [1, 4]));
    }

    [Fact]
    public void The_corrupted_input_is_right_on_average()
    {
        using var model = Model(Options with { Hidden = CdaeActivation.Identity });
        var random = new SeededRandom(3);
        int[] row = [0, 2, 3, 7];
        float[] clean = new float[Width], mean = new float[Width], drawn = new float[Width];
        model.Encode(1, row, 1, clean);
        const int draws = 20_000;
        for (var draw = 0; draw < draws; draw++)
        {
            model.Encode(1, [.. row.Where(_ => random.NextDouble() >= 0.5)], 2, drawn);
            Vectors.AddScaled(mean, 1f / draws, drawn);
        }

        for (var unit = 0; unit < Width; unit++)
        {
            mean[unit].ShouldBe(clean[unit], 0.06f); // five standard errors of sums of four numbers below 3
        }
    }

    [Fact]
    public void Tied_vectors_are_one_table_also_after_loading()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Model(Options with { Tied = true });
        model.Inputs.ShouldBeSameAs(model.Outputs);
        using var other = Model(Options with { Tied = true });
        other.Restore(model.State());
        other.Inputs.ShouldBeSameAs(other.Outputs);
        Scores(other, 3, [1, 4]).ShouldBe(Scores(model, 3, [1, 4]));
    }

    private static Cdae Model(CdaeOptions options)
    {
        torch.manual_seed(5);
        var model = new Cdae(options, new ModelShape(Users, Items));
        _ = model.Begin(Train(), new TrainingOptions()); // not ended: a test learns example by example
        return model;
    }

    private static TrainingSet Train() => new(new Dataset
    {
        Name = "four",
        Users = new Vocabulary(Enumerable.Range(0, Users).Select(user => $"u{user}")),
        Items = new Vocabulary(Enumerable.Range(0, Items).Select(item => $"i{item}")),
        Interactions = new Interactions([0, 1, 2, 2, 3], [0, 2, 1, 4, 5]),
    });

    private static float[][] Parts(Cdae model) => [model.Inputs, model.Outputs, model.Nodes, model.HiddenBias, model.OutputBias];

    private static void Put(float[][] parts, float[][] values)
    {
        for (var part = 0; part < parts.Length; part++)
        {
            values[part].CopyTo(parts[part], 0);
        }
    }

    // The central difference of the loss by one number, from scores alone.
    private static double Slope(Cdae model, CdaeOptions options, float[] part, int place, int[] kept, int[] targets)
    {
        const float step = 1e-2f;
        var value = part[place];
        part[place] = value + step;
        var above = Loss();
        part[place] = value - step;
        var below = Loss();
        part[place] = value;
        return (above - below) / (2 * step);

        double Loss()
        {
            var z = new float[Width];
            model.Encode(2, kept, 2, z);
            return targets.Index().Sum(target =>
            {
                double score = Vectors.Dot(model.Outputs.AsSpan(target.Item * Width, Width), z) + model.OutputBias[target.Item];
                var label = target.Index < 3 ? 1 : 0;
                return options.Loss is CdaeLoss.Square ? Math.Pow(score - label, 2) / 2 : Math.Log(1 + Math.Exp(label == 1 ? -score : score));
            });
        }
    }

    private static float[] Scores(Cdae model, int user, int[] history)
    {
        model.eval();
        var scores = new float[Items];
        model.Score(new RequestBatch([user], SparseRows.FromRows([history], Items)), scores);
        return scores;
    }
}
