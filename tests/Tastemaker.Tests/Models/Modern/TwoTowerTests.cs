using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models.Modern;
using Tastemaker.Options;
using Tastemaker.Tests.Models.Features;
using Tastemaker.Tests.Nn;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Modern;

public sealed class TwoTowerTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    private static TwoTowerOptions Small { get; } = new() { EmbeddingDimension = 6, Hidden = [8], Dimension = 5, BatchSize = 16 };

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Scores_are_cosines_of_the_two_vectors()
    {
        using var model = Model(Small);
        var rows = Watches.Histories(model.Shape.Features!, [1, 2], [3]);
        var u = model.RequestVectors(rows, zeros(2));
        var scores = Requests.Scores(model, Requests.OfHistories(Watches.Items, [1, 2], [3]));

        u.norm(1).ShouldBeClose(ones(2));
        model.ItemVectors!.norm(1).ShouldBeClose(ones(Watches.Items));
        var expected = u.matmul(model.ItemVectors!.t());
        for (var item = 0; item < Watches.Items; item++)
        {
            scores[0, item].ShouldBe(expected[0, item].item<float>(), 1e-5f);
            scores[1, item].ShouldBe(expected[1, item].item<float>(), 1e-5f);
        }
    }

    [Fact]
    public void The_vector_of_an_item_does_not_depend_on_who_asks()
    {
        using var model = Model(Small);
        var space = model.Shape.Features!;
        var batch = Batch(model, Small);

        var vectors = model.ItemVectorsOf(batch.Rows);

        for (var row = 0; row < batch.Count; row++)
        {
            vectors[row].ShouldBeClose(model.ItemVectors![batch.Rows.ItemBuffer[row]]);
        }

        space.Schema.Visible.Select(field => field.Name).Order().ShouldBe(["context.device", "history(last=50)", "item", "item.topic", "user", "user.country"]);
    }

    [Fact]
    public void Multiplying_the_temperature_is_dividing_the_scores()
    {
        // Without normalization, scores grow with the square of all vectors: doubling both sides' outputs equals a quarter of the temperature.
        var options = Small with { Normalize = false, Hidden = [], Temperature = 0.4 };
        using var model = Model(options);
        using var warm = Model(options with { Temperature = 1.6 });
        warm.Restore(model.State());
        var before = model.Loss(Batch(model, options));
        using (no_grad())
        {
            foreach (var (name, parameter) in warm.named_parameters().Where(pair => pair.name.Contains("Tower", StringComparison.Ordinal)))
            {
                parameter.mul_(2);
            }
        }

        warm.Loss(Batch(warm, options)).ShouldBeClose(before, 1e-4);
    }

    [Fact]
    public void Uniform_negatives_are_more_columns_with_the_correction_of_the_mixture()
    {
        var options = Small with { UniformNegatives = 6, BatchSize = 4 };
        using var model = Model(options);
        var train = new TrainingSet(Watches.Data());
        using var modelTraining = model.Begin(train, new TrainingOptions { Threads = 1 });
        var batch = modelTraining.Source.Epoch(new SeededRandom(1)).First();
        batch.Load(CPU);

        var loss = model.Loss(batch).item<float>();

        var u = model.RequestVectors(batch.Rows, batch.Ages);
        int[] columns = [.. batch.Rows.ItemBuffer[..4], .. batch.SampleBuffer];
        var scores = u.matmul(model.ItemVectors!.index_select(0, tensor(columns)).t()) / options.Temperature;
        var expected = 0.0;
        for (var row = 0; row < 4; row++)
        {
            double Corrected(int column)
            {
                var share = train.Interactions.Items.ToArray().Count(item => item == columns[column]) / (double)train.Interactions.Count;
                return scores[row, column].item<float>() - Math.Log((4 * share) + (6.0 / Watches.Items));
            }

            var kept = Enumerable.Range(0, columns.Length).Where(column => column == row || columns[column] != columns[row]);
            expected += Math.Log(kept.Sum(column => Math.Exp(Corrected(column)))) - Corrected(row);
        }

        loss.ShouldBe((float)(expected / 4), 1e-4f);
        modelTraining.Dispose();
    }

    [Fact]
    public void A_side_without_fields_is_refused()
    {
        Should.Throw<InputException>(() => Model(Small with { Fields = ["item"] })).Message.ShouldContain("who asks");
        Should.Throw<InputException>(() => Model(Small with { Fields = ["user"] })).Message.ShouldContain("the item");
        Should.Throw<InputException>(() => Model(Small with { Fields = ["user", "item", "cross(user.country,item.topic)"] })).Message.ShouldContain("crosses");
    }

    private static RetrievalBatch Batch(TwoTower model, TwoTowerOptions options)
    {
        var batch = new RetrievalSource(new TrainingSet(Watches.Data()), model.Shape.Features!, new RetrievalPlan { BatchSize = options.ExamplesPerUpdate }).Epoch(new SeededRandom(1)).First();
        batch.Load(CPU);
        return batch;
    }

    private static TwoTower Model(TwoTowerOptions options)
    {
        manual_seed(2);
        return new TwoTower(options, Watches.Shape(Watches.Data(), options));
    }
}
