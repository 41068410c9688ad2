using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Data.Splits;
using Tastemaker.Inputs;
using Tastemaker.Models.Mlp;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Tests.Models.Features;
using Tastemaker.Tests.Nn;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Mlp;

public sealed class YouTubeRankingTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    private static YouTubeRankingOptions Options { get; } = new() { Weight = "minutes", Hidden = [16], Epochs = 30, BatchSize = 64, LearningRate = 0.01, CountPositivesAsNegatives = true };

    public void Dispose() => scope.Dispose();

    [Fact]
    public void It_predicts_minutes_an_impression_and_not_clicks()
    {
        // Items of topic a are clicked half of the time for one minute, those of topic b a quarter of the time for eight.
        var data = Data();
        using var recommender = Train(data, Options with { Fields = ["item.topic"] });
        var minutes = new float[data.Interactions.Count];
        recommender.As<IExpectedValuePredictor>()!.PredictWorth(data, minutes);

        foreach (var topic in new[] { 0, 1 })
        {
            var rows = data.AllRows().Where(row => data.Interactions.Items[row] % 2 == topic).ToArray();
            var truth = rows.Average(row => data.Interactions.Values[row] * (topic == 0 ? 1.0 : 8));
            rows.ShouldAllBe(row => Math.Abs(minutes[row] - truth) < 0.1 * truth);
        }

        var clicks = new float[data.Interactions.Count];
        recommender.As<IClickPredictor>()!.PredictClicks(data, clicks);
        clicks.ShouldAllBe(probability => probability > 0 && probability < 1);
        var best = recommender.Recommend(Request.ForUser("u1"), 4, new CandidateFilter { IncludeSeen = true }).Items;
        best.Select(item => item.Item).Order().ShouldBe(["i1", "i3", "i5", "i7"]);
    }

    [Fact]
    public void Without_weights_it_ranks_by_clicks()
    {
        using var recommender = Train(Data(), Options with { Weight = null, Fields = ["item.topic"] });
        var best = recommender.Recommend(Request.ForUser("u1"), 4, new CandidateFilter { IncludeSeen = true }).Items;
        best.Select(item => item.Item).Order().ShouldBe(["i0", "i2", "i4", "i6"]);
    }

    [Fact]
    public void The_weight_is_never_a_field()
    {
        var data = Data();
        Watches.Shape(data, Options).Features!.Schema.Fields.ShouldNotContain(field => field.Column == "minutes");
        Should.Throw<InputException>(() => new YouTubeRanking(Options, Watches.Shape(data, Options with { Fields = ["item", "minutes"] }))).Message.ShouldContain("minutes");
    }

    [Fact]
    public void A_missing_weight_is_named_and_an_absent_column_too()
    {
        var data = Data();
        var clicked = Enumerable.Range(0, data.Interactions.Count).First(row => data.Interactions.Values[row] > 0);
        var minutes = ((NumericColumn)data.InteractionFeatures!.Find("minutes")!).Values.ToArray();
        minutes[clicked] = float.NaN;
        var broken = data with { InteractionFeatures = new FeatureTable(minutes.Length, [new NumericColumn("minutes", minutes)]) };

        Should.Throw<InputException>(() => Train(broken, Options)).Message.ShouldContain($"Row {clicked + 1} ");
        Should.Throw<InputException>(() => Train(data, Options with { Weight = "seconds" })).Message.ShouldContain("It has minutes");
    }

    [Fact]
    public void Large_weights_are_cut_where_asked()
    {
        var data = Data();
        using var recommender = Train(data, Options with { MaximumWeight = 2, Fields = ["item.topic"] });
        var minutes = new float[data.Interactions.Count];
        recommender.As<IExpectedValuePredictor>()!.PredictWorth(data, minutes);

        var rows = data.AllRows().Where(row => data.Interactions.Items[row] % 2 == 1).ToArray();
        minutes[rows[0]].ShouldBe((float)rows.Average(row => data.Interactions.Values[row] * 2), 0.1f);
    }

    [Fact]
    public void Vectors_grow_with_the_log_of_the_categories_and_spaces_share_them()
    {
        var data = Watches.Data();
        var shape = Watches.Shape(data, new YouTubeDnnOptions { Fields = ["item", "history(last=3)", "user.country"] });
        var schema = shape.Features!.Schema;
        using var input = new FieldInput(schema, _ => true, field => (int)Math.Ceiling(2 * Math.Log(field.Size)), _ => Initializers.Normal(1));
        var batch = Watches.Histories(shape.Features!, [4, 4], [9 - 1]); // each row's own item is 0

        var x = input.forward(batch);

        // ln 10 and ln 3, twice: vectors of 5 for the items' two fields and of 3 for countries.
        x.shape.ShouldBe([2, 13]);
        var (countries, items) = (input.Parameter("tables.0.table.weight"), input.Parameter("tables.1.table.weight"));
        items.shape.ShouldBe([10, 5]); // one table for item and history
        countries.shape.ShouldBe([3, 3]);
        x.narrow(1, 0, 3).ShouldBeClose(zeros(2, 3)); // nobody's country is not known
        x.narrow(1, 3, 5)[1].ShouldBeClose(items[1]);
        x.narrow(1, 8, 5)[0].ShouldBeClose(items[5]);
        x.sum().backward();
        countries.grad!.abs().sum().item<float>().ShouldBe(0); // the unknown learns nothing
    }

    [Fact]
    public void Numbers_bring_their_squares_and_roots() =>
        FieldInput.Powers(tensor(new[,] { { 0.25f, -4f } })).ShouldBeClose(tensor(new[,] { { 0.25f, -4f, 0.0625f, 16f, 0.5f, -2f } }));

    private static IRecommender Train(Dataset data, YouTubeRankingOptions options)
    {
        var train = new TrainingSet(data);
        var split = new Split
        {
            Description = "all",
            Train = train,
            Test = new HoldOut { Requests = new RequestBatch([0], SparseRows.Empty(1, 8)), Targets = SparseRows.FromRows([[0]], 8) },
        };
        return Recommender.Train("youtube-ranking", split, options, new TrainingOptions { Threads = 1 }, cancellation: TestContext.Current.CancellationToken);
    }

    private static Dataset Data()
    {
        const int Rows = 1200;
        var random = new SeededRandom(4);
        var (users, items, labels, minutes) = (new int[Rows], new int[Rows], new float[Rows], new float[Rows]);
        for (var row = 0; row < Rows; row++)
        {
            (users[row], items[row]) = (random.Next(10), random.Next(8));
            labels[row] = random.NextDouble() < (items[row] % 2 == 0 ? 0.5 : 0.25) ? 1 : 0;
            minutes[row] = labels[row] == 0 ? float.NaN : items[row] % 2 == 0 ? 1 : 8;
        }

        return new Dataset
        {
            Name = "impressions",
            Users = new Vocabulary(Enumerable.Range(0, 10).Select(index => $"u{index}")),
            Items = new Vocabulary(Enumerable.Range(0, 8).Select(index => $"i{index}")),
            Interactions = new Interactions(users, items, labels),
            ItemFeatures = new FeatureTable(8, [new CategoricalColumn("topic", new Vocabulary(["a", "b"]), [.. Enumerable.Range(0, 8).Select(index => index % 2)])]),
            InteractionFeatures = new FeatureTable(Rows, [new NumericColumn("minutes", minutes)]),
            IsLabelled = true,
        };
    }
}
