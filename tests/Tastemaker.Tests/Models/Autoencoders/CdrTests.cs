using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models.Autoencoders;
using Tastemaker.Solvers;
using Tastemaker.Tests.Models.Baselines;
using Tastemaker.Training;
using TorchSharp;

namespace Tastemaker.Tests.Models.Autoencoders;

public sealed class CdrTests
{
    private static readonly CdrOptions Options = new()
    {
        Dimension = 4, Hidden = [6], PretrainingEpochs = 1, Epochs = 10, BatchSize = 4, LearningRate = 0.01, UserWeight = 0.2, ItemWeight = 0.5, ContentWeight = 10,
    };

    [Theory]
    [InlineData(0.4, 1, false)]
    [InlineData(-2.5, 1, false)]
    [InlineData(1.7, 1, true)]
    public void Swapping_the_two_items_and_negating_the_difference_leaves_the_loss(double margin, double difference, bool bpr) =>
        Cdr.Loss(-margin, -difference, bpr).ShouldBe(Cdr.Loss(margin, difference, bpr), 1e-12);

    [Fact]
    public void The_squared_loss_punishes_margins_beyond_1_and_bprs_does_not()
    {
        Cdr.Loss(1, 1, bpr: false).ShouldBe(0);
        Cdr.Loss(3, 1, bpr: false).ShouldBe(2);
        Cdr.Loss(3, 1, bpr: true).ShouldBeLessThan(Cdr.Loss(1, 1, bpr: true));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_users_have_comes_to_score_above_what_they_lack(bool bpr)
    {
        var train = CdlTests.Data();
        var model = Make(train, Options with { Bpr = bpr, ItemWeight = 0.01, Epochs = 60 });
        var before = Margin(model.Fit(train, epochs: 3), train);
        model = Make(train, Options with { Bpr = bpr, ItemWeight = 0.01, Epochs = 60 }).Fit(train);

        var after = Margin(model, train);

        after.ShouldBeGreaterThan(before + 0.1);
        after.ShouldBeGreaterThan(0.4);
    }

    [Fact]
    public void Items_are_drawn_to_their_codes_whether_they_were_compared_as_better_or_as_worse()
    {
        // With a pull that nothing else can outweigh, every item is at its code after an epoch, drawn or not.
        var train = CdlTests.Data();
        var model = Make(train, Options with { ItemWeight = 1e6, Negatives = 3 }).Fit(train, epochs: 3);
        Sample.ShouldBeClose(model.Saved("items"), [.. model.Network.EncodeAll(model.Content).Select(value => (double)value)], 1e-3);
    }

    [Fact]
    public void What_nobody_has_is_where_its_content_puts_it_though_it_was_drawn()
    {
        var train = CdlTests.Data();
        var model = Make(train, Options with { ItemWeight = 0.01, Negatives = 5 }).Fit(train, epochs: 5);
        model.Saved("items")[^4..].ShouldBe(model.Network.EncodeAll(model.Content)[^4..]);
        model.Saved("items")[..4].ShouldNotBe(model.Network.EncodeAll(model.Content)[..4]);
    }

    [Fact]
    public void Without_a_step_size_users_are_the_best_for_items_at_their_codes_and_strangers_are_those_users()
    {
        var train = CdlTests.Data();
        var model = Make(train, Options with { FactorLearningRate = 1e-6, Negatives = 2 }).Fit(train, epochs: 3);
        model.eval();
        var codes = model.Network.EncodeAll(model.Content);
        var differences = new PairDifferences(codes, 4, new());
        var expected = new float[4];
        differences.Solve(train.Seen[2], 2.0 / (12 - train.Seen.Length(2)), Options.UserWeight, expected);

        Sample.ShouldBeClose(model.Saved("users")[8..12], [.. expected.Select(value => (double)value)], 1e-3);
        var (known, folded) = (model.Scores(Sample.KnownUsers(train)), model.Scores(Sample.ColdStartUsers(train)));
        Sample.ShouldBeClose(folded[2], [.. known[2].Select(value => (double)value)], 1e-3);
    }

    [Fact]
    public void Content_that_co_clicks_have_shaped_finds_what_nobody_has_read_better_than_cosines_of_words()
    {
        var articles = Articles.Make(users: 450, items: 900, topics: 30, wordsOfList: 12);
        var options = new CdrOptions
        {
            Dimension = 25, Hidden = [], PretrainingEpochs = 10, Epochs = 20, BatchSize = 64, LearningRate = 0.005, Noise = 0.5, WeightDecay = 1e-3,
            UserWeight = 3, ItemWeight = 1, ContentWeight = 0.01, Negatives = 4,
        };
        var model = Make(articles.Train, options).Fit(articles.Train);
        model.eval();

        var found = articles.ColdRecall(model.Scores(Sample.KnownUsers(articles.Train)));

        found.ShouldBeGreaterThan(3 * articles.ColdRecall(articles.Popularity()));
        found.ShouldBeGreaterThan(articles.ColdRecall(articles.Cosines()));
    }

    private static Cdr Make(TrainingSet train, CdrOptions options)
    {
        torch.manual_seed(3);
        return new Cdr(Cdr.Info.Shape(options, train), options);
    }

    // How much more users give to what they have than to what they lack, on the mean.
    private static double Margin(Cdr model, TrainingSet train)
    {
        model.eval();
        var scores = model.Scores(Sample.KnownUsers(train));
        return Enumerable.Range(0, train.UserCount - 1).Average(user =>
            train.Seen[user].ToArray().Average(item => scores[user][item])
            - Enumerable.Range(0, train.ItemCount).Except(train.Seen[user].ToArray()).Average(item => scores[user][item]));
    }
}
