using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Data.Splits;
using Tastemaker.Inputs;
using Tastemaker.Models.Boltzmann;
using Tastemaker.Options;
using Tastemaker.Tests.Models.Baselines;
using Tastemaker.Tests.Nn;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Boltzmann;

public sealed class IcCrbmTests
{
    private static readonly IcCrbmOptions Small = new() { UserHidden = 5, ItemHidden = 7, LearningRate = 0.1, WeightDecay = 0.01, CategoryDeviation = 0.3, CategoryRate = 2, ItemFields = ["genres(pool=sum)"] };

    [Theory]
    [InlineData(CategorySides.Both)]
    [InlineData(CategorySides.Users)]
    [InlineData(CategorySides.Items)]
    public void Epochs_are_those_of_the_equations_with_the_shares_of_categories_of_what_a_user_rated(CategorySides sides)
    {
        using var scope = NewDisposeScope();
        var train = WithCategories(Sample.Random(), 4);
        var options = Small with { Categories = sides };
        var model = Begun(options, train, out var modelTraining);
        var g = zeros([train.ItemCount, 4], float64);
        var c = zeros([train.UserCount, 4], float64);
        for (var item = 0; item < train.ItemCount; item++)
        {
            foreach (var category in CategoriesOf(item, 4))
            {
                g[item, category] = 1;
            }
        }

        for (var user = 0; user < train.UserCount; user++)
        {
            foreach (var item in train.Seen[user])
            {
                c[user] += g[item] / train.Seen.Length(user);
            }
        }

        var dense = new DenseMachines(model, train, options, 0, 2, c, g);
        for (var epoch = 0; epoch < 3; epoch++)
        {
            modelTraining.RunEpoch(Sample.Context(train, epoch));
            dense.Epoch();
        }

        dense.ShouldEqual(model);
        model.State().ContainsKey("users.conditions").ShouldBe(sides is not CategorySides.Items);
        model.State().ContainsKey("items.conditions").ShouldBe(sides is not CategorySides.Users);
    }

    [Fact]
    public void Categories_without_weight_leave_UI_RBM()
    {
        var train = WithCategories(Sample.Random(), 4);
        var model = Begun(Small with { CategoryDeviation = 0, CategoryRate = 0 }, train).Fit(train, 5);
        manual_seed(3);
        var plain = new UiRbm(new UiRbmOptions { UserHidden = 5, ItemHidden = 7, LearningRate = 0.1, WeightDecay = 0.01 }, ModelShape.Of(train)).Fit(train, 5);

        // The items without ratings too.
        Predictions(model, train).ShouldBe(Predictions(plain, train));
    }

    [Fact]
    public void Items_without_categories_leave_UI_RBM_whatever_their_weights()
    {
        // The categories are of the one item that nobody rated.
        var sample = Sample.Random();
        var train = new TrainingSet(sample.Data with
        {
            ItemFeatures = new FeatureTable(sample.ItemCount, [new CategoricalColumn("kind", new Vocabulary(["a"]), [.. Enumerable.Range(0, sample.ItemCount).Select(item => item == sample.ItemCount - 1 ? 0 : -1)])]),
        });
        var model = Begun(Small with { ItemFields = ["kind"] }, train);
        manual_seed(4);
        var plain = new UiRbm(new UiRbmOptions { UserHidden = 5, ItemHidden = 7, LearningRate = 0.1, WeightDecay = 0.01 }, ModelShape.Of(train)).Fit(train, 0);
        using (var scope = NewDisposeScope())
        {
            plain.Restore(model.State());
        }

        model.Fit(train, 3);
        plain.Fit(train, 3);
        model.Scores(Sample.KnownUsers(train))[2][..^1].ShouldBe(plain.Scores(Sample.KnownUsers(train))[2][..^1]);
    }

    [Fact]
    public void A_category_written_twice_at_half_the_weight_counts_once()
    {
        var sample = Sample.Random();
        var once = WithCategories(sample, 3);
        var twice = new TrainingSet(sample.Data with
        {
            ItemFeatures = new FeatureTable(sample.ItemCount, [Column("one", sample.ItemCount, 3), Column("two", sample.ItemCount, 3)]),
        });
        var model = Begun(Small, once).Fit(once, 4);
        var other = Begun(Small with { ItemFields = ["one(pool=sum)", "two(pool=sum)"] }, twice);
        using var scope = NewDisposeScope();
        var state = new Dictionary<string, Tensor>(model.State());
        foreach (var side in new[] { "users.conditions", "items.conditions" })
        {
            state[side] = cat([state[side] / 2, state[side] / 2]);
        }

        other.Restore(state);

        Sample.ShouldBeClose(Predictions(other, twice), [.. Predictions(model, once).Select(value => (double)value)], 1e-5);
    }

    [Fact]
    public void An_item_without_ratings_is_told_from_others_by_its_categories_alone()
    {
        // Of the last three items, which nobody rated, two have the same categories.
        var sample = Sample.Random();
        var rated = Sample.Of(sample.UserCount, sample.ItemCount + 2, [.. Enumerable.Range(0, sample.Interactions.Count).Select(row =>
            (sample.Interactions.Users[row], sample.Interactions.Items[row], sample.Interactions.Values[row], 0L))]);
        var last = rated.ItemCount - 1;
        var train = new TrainingSet(rated.Data with
        {
            ItemFeatures = new FeatureTable(rated.ItemCount, [new CategoricalColumn("kind", new Vocabulary(["a", "b"]), [.. Enumerable.Range(0, rated.ItemCount).Select(item => item == last ? 1 : item >= last - 2 ? 0 : item % 2)])]),
        });
        var model = Begun(Small with { ItemFields = ["kind"] }, train).Fit(train, 5);
        model.eval();
        float Value(int item) => Predictions(model, train)[(3 * train.ItemCount) + item];

        Value(last - 1).ShouldBe(Value(last - 2));
        Value(last).ShouldNotBe(Value(last - 1));
        model.With(("items.conditions", new float[2 * 7]));
        Value(last).ShouldBe(Value(last - 1));
    }

    [Fact]
    public void The_hidden_states_are_the_gradient_of_the_free_energy_by_the_weights_of_categories()
    {
        // F(v, g) = -a.v - sum_q log(1 + exp(b_q + W_q.v + D_q.g)), so dF/dD_cq = -p(h_q = 1) g_c.
        using var scope = NewDisposeScope();
        manual_seed(2);
        var machine = new RbmMachine(3, 1, 4, 0.5, 2, 0.5);
        var (v, g) = (tensor(new[] { 5.0, 1, 3 }), tensor(new[] { 1.0, 0.25 }));
        var pairs = RatingPairs.Of(new SparseRows([0, 3], [0, 1, 2], 3, [5, 1, 3]));
        var side = RbmSide.OfUsers(pairs, new SparseRows([0, 2], [0, 1], 2, [1, 0.25f]));
        var w = machine.Weights.Saved().to(float64);

        var gradient = Numbers.Differences(
            d => -(1 + (machine.Bias.Saved().to(float64).squeeze() + v.matmul(w) + g.matmul(d)).exp()).log().sum(), machine.Conditions.Saved().to(float64));

        var states = tensor(machine.States(side, [5, 1, 3], Parallelism.Loop())).to(float64);
        gradient.ShouldBeClose(-g.unsqueeze(1).matmul(states.unsqueeze(0)), 1e-5);
    }

    [Fact]
    public void Data_without_features_of_items_is_refused_before_training()
    {
        var train = Sample.Random();
        var split = new Split { Description = "all", Train = train, Test = new HoldOut { Requests = Sample.KnownUsers(train), Targets = train.Seen } };

        Should.Throw<InputException>(() => Recommender.Train("ic-crbm", split)).Message.ShouldContain("features of items");
    }

    private static IcCrbm Begun(IcCrbmOptions options, TrainingSet train) => Begun(options, train, out _);

    private static IcCrbm Begun(IcCrbmOptions options, TrainingSet train, out ITraining training)
    {
        manual_seed(3);
        var model = new IcCrbm(options, IcCrbm.Info.Shape(options, train));
        training = model.Begin(train, new TrainingOptions());
        return model;
    }

    private static float[] Predictions(UserItemRbm model, TrainingSet train)
    {
        model.eval();
        return [.. from user in Enumerable.Range(0, train.UserCount) from item in Enumerable.Range(0, train.ItemCount) select Predict(model, user, item)];
    }

    private static float Predict(UserItemRbm model, int user, int item)
    {
        var value = new float[1];
        model.Predict([user], [item], value);
        return value[0];
    }

    private static int[] CategoriesOf(int item, int categories) => item % 3 == 0 ? [item % categories] : [item % categories, (item + 1) % categories];

    private static MultiCategoricalColumn Column(string name, int items, int categories) => new(
        name, new Vocabulary(Enumerable.Range(0, categories).Select(category => $"c{category}")), SparseRows.FromRows([.. Enumerable.Range(0, items).Select(item => CategoriesOf(item, categories))], categories));

    private static TrainingSet WithCategories(TrainingSet train, int categories) =>
        new(train.Data with { ItemFeatures = new FeatureTable(train.ItemCount, [Column("genres", train.ItemCount, categories)]) });
}
