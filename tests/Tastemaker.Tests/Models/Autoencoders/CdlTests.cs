using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Data.Splits;
using Tastemaker.Inputs;
using Tastemaker.Models.Autoencoders;
using Tastemaker.Models.Baselines;
using Tastemaker.Tests.Models.Baselines;
using TorchSharp;

namespace Tastemaker.Tests.Models.Autoencoders;

public sealed class CdlTests
{
    private const int K = 4;

    private static readonly CdlOptions Options = new()
    {
        Dimension = K, Hidden = [6], PretrainingEpochs = 1, Epochs = 2, BatchSize = 4, LearningRate = 0.01,
        UserWeight = 0.2, ItemWeight = 0.5, ContentWeight = 10, UnobservedWeight = 0.1,
    };

    [Fact]
    public void Neither_half_of_a_sweep_raises_the_objective()
    {
        var train = Data();
        var model = Make(train, Options).Fit(train);
        var before = model.Objective(new());
        for (var sweep = 0; sweep < 6; sweep++)
        {
            model.SolveUsers(new());
            var between = model.Objective(new());
            model.SolveItems(new());
            var after = model.Objective(new());
            between.ShouldBeLessThanOrEqualTo(before * (1 + 1e-6));
            after.ShouldBeLessThanOrEqualTo(between * (1 + 1e-6));
            before = after;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_objective_is_the_sum_over_all_pairs_and_the_priors(bool countsUnmet)
    {
        var train = Data();
        var options = Options with { CountsUnmetItems = countsUnmet };
        var model = Make(train, options).Fit(train);
        var (users, items, codes) = (Rows(model.Saved("users")), Rows(model.Saved("items")), Rows(model.Network.EncodeAll(model.Content)));
        var binary = Sample.Binary(train);
        var expected = 0.0;
        for (var item = 0; item < items.Length; item++)
        {
            var met = binary.Any(row => row[item] > 0);
            expected += options.ItemWeight / 2 * items[item].Zip(codes[item], (v, code) => (v - code) * (v - code)).Sum();
            for (var user = 0; user < users.Length && (met || countsUnmet); user++)
            {
                var error = binary[user][item] - Dot(users[user], items[item]);
                expected += (binary[user][item] > 0 ? 1 : options.UnobservedWeight) * error * error / 2;
            }
        }

        expected += options.UserWeight / 2 * users.Sum(user => Dot(user, user));
        model.Objective(new()).ShouldBe(expected, 1e-4);
    }

    [Fact]
    public void A_user_is_the_dense_weighted_ridge_regression_on_its_row()
    {
        var train = Data();
        var model = Make(train, Options).Fit(train);
        model.SolveUsers(new());

        using var scope = torch.NewDisposeScope();
        var v = torch.tensor(model.Saved("items")).reshape(-1, K).to(torch.float64);
        foreach (var user in new[] { 0, 3, 11 })
        {
            var r = torch.tensor(Sample.Binary(train)[user]);
            var c = (r * (1 - Options.UnobservedWeight)) + Options.UnobservedWeight;
            var left = (v * c.unsqueeze(1)).t().matmul(v) + (Options.UserWeight * torch.eye(K, dtype: torch.float64));
            var expected = torch.linalg.solve(left, v.t().matmul(c * r));
            Sample.ShouldBeClose(Rows(model.Saved("users"))[user].Select(value => (float)value).ToArray(), [.. expected.data<double>()], 1e-6);
        }
    }

    [Fact]
    public void Without_a_pull_items_are_those_of_ials_without_a_ridge()
    {
        // The equations of iALS with alpha_0 = b / (a - b) are CDL's over a - b, but for a on the right.
        const double a = 1, b = 0.1;
        var train = Data();
        var cdl = Make(train, Options with { ItemWeight = 0 }).Fit(train);
        cdl.SolveItems(new());
        var ials = new Ials(ModelShape.Of(train), new IalsOptions { Dimension = K, UnobservedWeight = b / (a - b), Regularization = 0 }).With(("users", cdl.Saved("users")));
        using var ialsTraining = ials.Begin(train, new());
        ials.SolveItems(new());

        var (ours, theirs) = (Rows(cdl.Saved("items")), Rows(ials.Saved("items")));
        for (var item = 0; item < ours.Length - 1; item++) // nobody has the last
        {
            Sample.ShouldBeClose([.. ours[item].Select(value => (float)value)], [.. theirs[item].Select(value => a / (a - b) * value)], 1e-4);
        }
    }

    [Fact]
    public void Who_has_nothing_is_0_and_what_nobody_has_is_where_its_content_puts_it()
    {
        var train = Data();
        var model = Make(train, Options).Fit(train);
        model.Saved("users")[^K..].ShouldAllBe(value => value == 0);
        model.Saved("items")[^K..].ShouldBe(model.Network.EncodeAll(model.Content)[^K..]);
        model.Saved("items")[..K].ShouldNotBe(model.Network.EncodeAll(model.Content)[..K]);
    }

    [Fact]
    public void A_stranger_with_a_users_row_is_that_user()
    {
        var train = Data();
        var model = Make(train, Options).Fit(train);
        model.SolveUsers(new());
        model.eval();
        var (known, folded) = (model.Scores(Sample.KnownUsers(train)), model.Scores(Sample.ColdStartUsers(train)));
        for (var user = 0; user < train.UserCount; user++)
        {
            folded[user].ShouldBe(known[user]);
        }
    }

    [Fact]
    public void Pretraining_leaves_users_alone_and_the_first_joint_epoch_begins_items_at_their_codes()
    {
        var train = Data();
        var model = Make(train, Options with { ItemWeight = 1e6 });
        var users = model.Saved("users");
        using var training = model.Begin(train, new());
        training.RunEpoch(Sample.Context(train));
        training.RunEpoch(Sample.Context(train, 1));
        model.Saved("users").ShouldBe(users);
        training.RunEpoch(Sample.Context(train, 2));
        model.Saved("users").ShouldNotBe(users);
        Sample.ShouldBeClose(model.Saved("items"), [.. model.Network.EncodeAll(model.Content).Select(value => (double)value)], 1e-3);
    }

    [Fact]
    public void Data_without_features_of_items_is_refused_before_training_and_so_are_numbers_below_0()
    {
        var data = Data().Data;
        Refusal(data with { ItemFeatures = null }).ShouldContain("CDL learns from features of items, and 'sample' has none. Import a file of items");
        Refusal(data with { ItemFeatures = new FeatureTable(data.Items.Count, [new TextColumn("title", [.. data.Items.Ids])]) })
            .ShouldContain("has none but text. Text is read only where the options name it: item-fields=[title(words=8000)]");

        var priced = new TrainingSet(data with { ItemFeatures = new FeatureTable(data.Items.Count, [new NumericColumn("price", [.. Enumerable.Range(0, data.Items.Count).Select(item => (float)item)])]) });
        Should.Throw<InputException>(() => Make(priced, Options with { ItemFields = ["price(transform=standardize)"] })).Message.ShouldContain("between 0 and 1");
        Make(priced, Options).Content.Values.ToArray().ShouldAllBe(value => value == 1); // buckets, if nothing is said

        static string Refusal(Dataset data) => Should.Throw<InputException>(
            () => Recommender.Train("cdl", new RandomSplit(0.2m, 0).Apply(data, 1), Options, cancellation: TestContext.Current.CancellationToken)).Message;
    }

    [Fact]
    public void Content_that_co_clicks_have_shaped_finds_what_nobody_has_read_better_than_cosines_of_words()
    {
        var articles = Articles.Make(users: 450, items: 900, topics: 30, wordsOfList: 12);
        var options = new CdlOptions
        {
            Dimension = 25, Hidden = [], PretrainingEpochs = 10, Epochs = 20, BatchSize = 64, LearningRate = 0.005, Noise = 0.5, WeightDecay = 1e-3,
            UserWeight = 0.1, ItemWeight = 1, ContentWeight = 0.01, UnobservedWeight = 0.1, Sweeps = 3,
        };
        var model = Make(articles.Train, options).Fit(articles.Train);
        model.eval();

        var found = articles.ColdRecall(model.Scores(Sample.KnownUsers(articles.Train)));

        found.ShouldBeGreaterThan(3 * articles.ColdRecall(articles.Popularity()));
        found.ShouldBeGreaterThan(articles.ColdRecall(articles.Cosines()));
    }

    internal static Cdl Make(TrainingSet train, CdlOptions options)
    {
        torch.manual_seed(3);
        return new Cdl(Cdl.Info.Shape(options, train), options);
    }

    /// <summary>Random clicks; the last user and the last item have none. Tags say a little of each item.</summary>
    internal static TrainingSet Data()
    {
        var data = Sample.WithoutValuesAndTimes(Sample.Random(users: 20, items: 12)).Data;
        int[][] tags = [.. Enumerable.Range(0, 12).Select(item => (int[])[item % 3, 3 + (item % 2)])];
        return new TrainingSet(data with
        {
            ItemFeatures = new FeatureTable(12, [new MultiCategoricalColumn("tags", new Vocabulary(Enumerable.Range(0, 5).Select(tag => $"t{tag}")), SparseRows.FromRows(tags, 5))]),
        });
    }

    private static double[][] Rows(float[] table) => [.. table.Chunk(K).Select(row => row.Select(value => (double)value).ToArray())];

    private static double Dot(double[] left, double[] right) => left.Zip(right, (x, y) => x * y).Sum();
}
