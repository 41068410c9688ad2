using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation;
using Tastemaker.Features;
using Tastemaker.Inputs;
using Tastemaker.Models.Mlp;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Tests.Nn;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Mlp;

public sealed class CmlFeatureTests
{
    private const int Topics = 4;

    private static readonly CmlOptions Options = new()
    {
        Dimension = 8, BatchSize = 64, Negatives = 5, Epochs = 12, ItemFields = ["tags"], Hidden = 32, Dropout = 0.2, FeatureLearningRate = 0.01,
    };

    [Fact]
    public void Features_place_items_that_nobody_has_met()
    {
        var split = new ColdItems(0.3m, 0).Apply(Articles(), 3);
        var chance = 5.0 / split.Test.Candidates!.Length(0);

        var withFeatures = Recall(split, Options);
        var without = Recall(split, Options with { ItemFields = [] });

        withFeatures.ShouldBeGreaterThan(2 * chance);
        without.ShouldBeLessThan(1.5 * chance);
    }

    [Fact]
    public void Saved_and_loaded_it_gives_the_same_scores_for_met_and_unmet_items()
    {
        var split = new ColdItems(0.3m, 0).Apply(Articles(), 3);
        using var recommender = Recommender.Train("cml", split, Options with { Epochs = 2 }, new TrainingOptions { Threads = 1 }, cancellation: TestContext.Current.CancellationToken);
        var folder = Directory.CreateTempSubdirectory("tastemaker-test-").FullName;
        try
        {
            Recommender.Save(recommender, folder);
            using var loaded = Recommender.Load(folder);
            float[] Scores(IRecommender of)
            {
                var scores = new float[split.Test.Count * split.Train.ItemCount];
                of.Score(split.Test.Requests, scores);
                return scores;
            }

            Scores(loaded).ShouldBe(Scores(recommender));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Items_begin_where_their_features_put_them()
    {
        using var scope = NewDisposeScope();
        using var model = Model(Options);
        model.Items.Weight.ShouldBeClose(model.Projection!.Everything(), 0);
        model.Items.Weight.std().item<float>().ShouldBeGreaterThan(0.05f);
    }

    [Fact]
    public void The_feature_loss_pulls_vector_and_place_to_each_other()
    {
        // No pair is within the margin: the feature loss alone.
        using var scope = NewDisposeScope();
        using var model = Model(Options with { Margin = 0, Negatives = 1, FeatureWeight = 3, Dropout = 0 });
        using (no_grad())
        {
            model.Users.Weight.copy_(model.Items.Weight[2].expand_as(model.Users.Weight));
        }

        var batch = CmlTests.Pairs((0, 2, [7]));
        var place = model.Projection!.Forward([2])[0];
        using (no_grad())
        {
            model.Items.Weight[2] = place + 0.25;
            model.Users.Weight.copy_(model.Items.Weight[2].expand_as(model.Users.Weight));
        }

        model.Loss(batch).backward();

        model.Items.Weight.grad![2].ShouldBeClose(full(8, 3 * 2 * 0.25f), 1e-4);
        model.Projection.Parameter("output.bias").grad!.abs().max().item<float>().ShouldBeGreaterThan(0.1f);
        model.Users.Weight.grad!.abs().max().item<float>().ShouldBe(0);
    }

    [Fact]
    public void The_feature_loss_can_be_over_all_items()
    {
        using var scope = NewDisposeScope();
        using var model = Model(Options with { FeatureWeight = 3, Dropout = 0, FeatureLossOverAll = true });
        using (no_grad())
        {
            model.Items.Weight.add_(randn_like(model.Items.Weight) * 0.1);
        }

        using var alone = Model(Options with { FeatureWeight = 0, Dropout = 0 });
        alone.load_state_dict(model.state_dict());
        var batch = CmlTests.Pairs((0, 2, [7, 8, 9, 10, 11]));
        var distances = (model.Items.Weight - model.Projection!.Forward([.. Enumerable.Range(0, model.Shape.Items)])).square().sum();

        var loss = model.Loss(batch);

        loss.item<float>().ShouldBe((alone.Loss(batch) + (3 * distances)).item<float>(), 1e-3f);
        loss.backward();
        model.Items.Weight.grad![40].abs().max().item<float>().ShouldBeGreaterThan(0.01f); // not in the batch
        model.Items.AlwaysWhole.ShouldBeTrue();
    }

    [Fact]
    public void A_bag_holds_all_fields_side_by_side_at_length_1()
    {
        var data = Articles() with
        {
            ItemFeatures = new FeatureTable(2, [
                new CategoricalColumn("kind", new Vocabulary(["a", "b"]), [1, -1]),
                new MultiCategoricalColumn("tags", new Vocabulary(["x", "y", "z"]), SparseRows.FromRows([[0, 2], []], 3)),
                new NumericColumn("price", [2, 5])]),
            Items = new Vocabulary(["i0", "i1"]),
            Interactions = new Interactions([0, 1], [0, 1]),
            InteractionFeatures = null,
        };
        FeatureSpace Space(params string[] fields) => new FeatureFit(new TrainingSet(data), 1).Space(fields);

        var bags = EntityBags.Of(Space("tags(pool=sum)", "kind", "price(transform=raw)"), FieldSource.Item, BagScale.UnitLength);

        // kind b | x z | price: of the categories, those that training has.
        bags.ColumnCount.ShouldBe(1 + 2 + 1);
        bags[0].ToArray().ShouldBe([0, 1, 2, 3]);
        bags.RowValues(0).ToArray().ShouldBe([1 / MathF.Sqrt(7), 1 / MathF.Sqrt(7), 1 / MathF.Sqrt(7), 2 / MathF.Sqrt(7)]);
        bags[1].ToArray().ShouldBe([3]);
        bags.RowValues(1).ToArray().ShouldBe([1]);

        Should.Throw<InputException>(() => EntityBags.Check(Space("tags", "user").Schema, FieldSource.Item, "item-fields")).Message.ShouldContain("user is no feature of items");
    }

    /// <summary>Users who like a topic, and items with a tag that mostly tells their topic and one that tells nothing.</summary>
    private static Dataset Articles()
    {
        var random = new SeededRandom(7);
        const int users = 60, items = 60;
        var (who, what) = (new List<int>(), new List<int>());
        for (var user = 0; user < users; user++)
        {
            for (var item = 0; item < items; item++)
            {
                if (random.NextDouble() < (user % Topics == item % Topics ? 0.6 : 0.03))
                {
                    who.Add(user);
                    what.Add(item);
                }
            }
        }

        int[][] tags = [.. Enumerable.Range(0, items).Select(item => (int[])[random.NextDouble() < 0.9 ? item % Topics : random.Next(Topics), Topics + random.Next(3)])];
        return new Dataset
        {
            Name = "articles",
            Users = new Vocabulary(Enumerable.Range(0, users).Select(user => $"u{user}")),
            Items = new Vocabulary(Enumerable.Range(0, items).Select(item => $"i{item}")),
            Interactions = new Interactions([.. who], [.. what]),
            ItemFeatures = new FeatureTable(items, [new MultiCategoricalColumn("tags", new Vocabulary(Enumerable.Range(0, Topics + 3).Select(tag => $"t{tag}")), SparseRows.FromRows(tags, Topics + 3))]),
        };
    }

    private static Cml Model(CmlOptions options)
    {
        var train = new TrainingSet(Articles());
        return new Cml(options, Cml.Info.Shape(options, train));
    }

    private static double Recall(Split split, CmlOptions options)
    {
        using var recommender = Recommender.Train("cml", split, options, new TrainingOptions { Threads = 1, Seed = 2 }, cancellation: TestContext.Current.CancellationToken);
        return new Evaluator(split.Train, new EvaluationOptions { Metrics = ["recall"], Cutoffs = [5] }).Evaluate(recommender, split.Test).Metrics["recall@5"];
    }
}
