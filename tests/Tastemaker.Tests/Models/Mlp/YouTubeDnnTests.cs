using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models.Mlp;
using Tastemaker.Options;
using Tastemaker.Tests.Models.Features;
using Tastemaker.Tests.Nn;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Mlp;

public sealed class YouTubeDnnTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    private static YouTubeDnnOptions Small { get; } = new() { EmbeddingDimension = 6, Layers = [10, 5], Samples = 8, BatchSize = 32 };

    public void Dispose() => scope.Dispose();

    [Fact]
    public void The_order_of_a_history_and_what_stands_beside_it_in_a_batch_do_not_matter()
    {
        using var model = Model(Small);
        var space = model.Shape.Features!;
        var together = model.RequestVectors(Watches.Histories(space, [1, 2, 3], [3, 1, 2], [4, 4, 5, 6, 7, 8, 0], [1, 2, 3]), zeros(4));
        var alone = model.RequestVectors(Watches.Histories(space, [2, 3, 1]), zeros(1));

        for (var row = 0; row < 4; row++)
        {
            ((together[row] - alone[0]).abs().max().item<float>() < 1e-6f).ShouldBe(row != 2);
        }
    }

    [Fact]
    public void A_history_is_the_mean_of_its_newest_items_and_an_empty_one_is_zero()
    {
        using var model = Model(Small with { Layers = [], Fields = ["history(last=2)"], ExampleAge = false });
        var weight = model.Parameter("layers.0.weight");
        var table = model.Parameter("tables.0.table.weight");
        var u = model.RequestVectors(Watches.Histories(model.Shape.Features!, [7, 1, 4], []), zeros(2));

        u[0].ShouldBeClose((table[1 + 1] + table[1 + 4]).matmul(weight.t()) / 2); // index 0 is the unknown; the bias begins at 0
        u[1].ShouldBeClose(zeros(6));
    }

    [Fact]
    public void Answers_are_given_as_of_the_end_of_training()
    {
        using var model = Model(Small);
        var space = model.Shape.Features!;
        var scores = Requests.Scores(model, Requests.OfHistories(Watches.Items, [1, 2]));
        Tensor ScoresAt(float age) => model.RequestVectors(Watches.Histories(space, [1, 2]), tensor(new[] { age })).matmul(model.ItemVectors!.t())[0];

        tensor(Enumerable.Range(0, Watches.Items).Select(item => scores[0, item]).ToArray()).ShouldBeClose(ScoresAt(0));
        (ScoresAt(0.5f) - ScoresAt(0)).abs().max().item<float>().ShouldBeGreaterThan(1e-4f);
    }

    [Fact]
    public void Without_times_example_age_changes_nothing()
    {
        using var model = Model(Small);
        var source = new RetrievalSource(new TrainingSet(Watches.Data(hasTimes: false)), model.Shape.Features!, new RetrievalPlan { BatchSize = 8 });
        var batch = source.Epoch(new SeededRandom(1)).First();
        batch.Load(CPU);
        model.RequestVectors(batch.Rows, batch.Ages).square().sum().backward();

        var gradient = model.Parameter("layers.0.weight").grad!;
        gradient.narrow(1, gradient.shape[1] - 3, 3).abs().max().item<float>().ShouldBe(0); // age, its square, its root
        gradient.abs().max().item<float>().ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Input_and_output_have_vectors_of_their_own_and_a_step_reaches_only_what_it_draws()
    {
        using var model = Model(Small with { Samples = 2, BatchSize = 2 });
        using var modelTraining = model.Begin(new TrainingSet(Watches.Data()), new TrainingOptions { Threads = 1 });
        var batch = modelTraining.Source.Epoch(new SeededRandom(1)).First();
        batch.Load(CPU);
        model.Loss(batch).backward();

        var touched = batch.SampleBuffer.Concat(batch.Rows.ItemBuffer[..2]).ToHashSet();
        var gradient = model.Parameter("outputs.weight").grad!.abs().sum([1]);
        Enumerable.Range(0, Watches.Items).ShouldAllBe(item => gradient[item].item<float>() == 0 || touched.Contains(item));
        gradient.max().item<float>().ShouldBeGreaterThan(0);
        model.Parameter("tables.0.table.weight").grad.ShouldNotBeNull();
        modelTraining.Dispose();
    }

    [Fact]
    public void The_whole_catalog_as_samples_is_the_full_softmax()
    {
        var data = Watches.Data();
        var options = Small with { Sampling = ItemSampling.Uniform };
        using var model = Model(options);
        using var full = Model(options with { Samples = 0 });
        full.Restore(model.State());
        var batch = new RetrievalBatch(model.Shape.Features!, 16, Watches.Items);
        var source = new RetrievalSource(new TrainingSet(data), model.Shape.Features!, new RetrievalPlan { BatchSize = 16 }).Epoch(new SeededRandom(1)).First();
        foreach (var row in Enumerable.Range(0, 16))
        {
            var parts = new Tastemaker.Features.RowParts(model.Shape.Features!.Users, row % Watches.Users, model.Shape.Features!.Items, source.Rows.ItemBuffer[row], model.Shape.Features!.NoContext, 0, [1 + (row % Watches.Items)]);
            batch.Rows.Add(parts, source.Rows.ItemBuffer[row], 1);
        }

        batch.Count = 16;
        Enumerable.Range(0, Watches.Items).ToArray().CopyTo(batch.SampleBuffer, 0);
        batch.Load(CPU);

        model.Loss(batch).ShouldBeClose(full.Loss(batch));
        model.Loss(batch).backward();
        full.Loss(batch).backward();
        foreach (var (one, other) in model.parameters().Zip(full.parameters()))
        {
            one.grad!.ShouldBeClose(other.grad!);
        }
    }

    [Fact]
    public void Features_of_the_item_are_refused()
    {
        var error = Should.Throw<InputException>(() => Model(Small with { Fields = ["history", "item.topic"] }));
        error.Message.ShouldContain("item.topic");
        Should.Throw<InputException>(() => Model(Small with { Fields = ["history", "cross(user.country,item.topic)"] })).Message.ShouldContain("crosses");
    }

    [Fact]
    public void By_default_it_reads_the_history_and_the_columns_of_users_and_contexts()
    {
        using var model = Model(Small);
        model.Shape.Features!.Schema.Visible.Select(field => field.Name).Order().ShouldBe(["context.device", "history(last=50)", "user.country"]);
    }

    [Fact]
    public void Who_is_not_known_at_all_has_no_vector()
    {
        using var model = Model(Small);
        var scores = Requests.Scores(model, new Tastemaker.Data.RequestBatch([-1, 3], SparseRows.Empty(2, Watches.Items)));

        Enumerable.Range(0, Watches.Items).ShouldAllBe(item => scores[0, item] == 0);
        Enumerable.Range(0, Watches.Items).ShouldContain(item => scores[1, item] != 0);
    }

    private static YouTubeDnn Model(YouTubeDnnOptions options)
    {
        manual_seed(2);
        return new YouTubeDnn(options, Watches.Shape(Watches.Data(), options));
    }
}
