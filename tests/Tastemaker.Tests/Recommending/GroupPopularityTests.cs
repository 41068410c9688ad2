using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Data.Splits;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Tests.Models.Baselines;

namespace Tastemaker.Tests.Recommending;

/// <summary>A stranger of whom only features are known is answered with what is popular among users like that.</summary>
public sealed class GroupPopularityTests
{
    [Fact]
    public void An_item_counts_by_its_share_of_the_group_drawn_to_that_of_all()
    {
        // Of 40 users half are "F". Item 0: all 40. Item 1: the 20 of F. Item 2: the 20 of M.
        var segments = GroupPopularity.Of(Train());
        var scores = new float[4];

        segments.Write(new Dictionary<string, string> { ["sex"] = "F" }, [40, 20, 20, 0], 40, scores).ShouldBeTrue();

        // (20 + 20 * 1) / (40 * 1) = 1; (20 + 20 / 2) / (40 / 2) = 1.5; (0 + 20 / 2) / (40 / 2) = 0.5.
        scores[0].ShouldBe(40, 1e-4f);
        scores[1].ShouldBe(30, 1e-4f);
        scores[2].ShouldBe(10, 1e-4f);
        scores[3].ShouldBe(0);
    }

    [Fact]
    public void Features_that_name_no_group_leave_what_is_popular()
    {
        var segments = GroupPopularity.Of(Train());

        segments.Write(null, [1, 2], 2, new float[2]).ShouldBeFalse();
        segments.Write(new Dictionary<string, string> { ["color"] = "red", ["sex"] = "unheard of" }, [1, 2], 2, new float[2]).ShouldBeFalse();
        segments.Describe(new Dictionary<string, string> { ["User.Sex"] = "M" }).ShouldBe("sex M");
    }

    [Theory]
    [InlineData("ease")]
    [InlineData("bpr-mf")]
    public void Strangers_are_answered_by_their_group_alone_and_in_batches_and_after_saving(string system)
    {
        var folder = Directory.CreateTempSubdirectory("segments-").FullName;
        try
        {
            var train = Train();
            var split = new Split { Description = "all", Train = train, Test = new HoldOut { Requests = Sample.KnownUsers(train), Targets = train.Seen } };
            using (var trained = Recommender.Train(system, split, training: new TrainingOptions { Threads = 1 }))
            {
                Recommender.Save(trained, folder);
            }

            using var recommender = Recommender.Load(folder);
            foreach (var (sex, first, second) in new[] { ("F", "i1", "i2"), ("M", "i2", "i1") })
            {
                var request = new Request { User = "stranger", Features = new Dictionary<string, string> { ["sex"] = sex } };
                var list = recommender.Recommend(request, 4);

                list.Strategy.ShouldBe(AnswerSource.Popularity);
                list.Items.Select(item => item.Item).ShouldBe(["i0", first, second, "i3"]);
                list.Notes.ShouldContain(note => note.Contains($"sex {sex}", StringComparison.Ordinal));
                var together = recommender.RecommendAll([Request.ForUser("u0"), request, Request.ForUser("nobody")], 4);
                together[1].Items.ShouldBe(list.Items);
                together[2].Notes.ShouldNotContain(note => note.Contains("sex", StringComparison.Ordinal));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_feature_that_neither_system_nor_groups_know_is_noted()
    {
        var train = Train();
        var split = new Split { Description = "all", Train = train, Test = new HoldOut { Requests = Sample.KnownUsers(train), Targets = train.Seen } };
        using var recommender = Recommender.Train("popularity", split);

        var notes = recommender.Recommend(new Request { User = "stranger", Features = new Dictionary<string, string> { ["shoe size"] = "43", ["sex"] = "F" } }, 1).Notes;

        notes.ShouldContain(note => note.Contains("shoe size", StringComparison.Ordinal) && !note.Contains("sex", StringComparison.Ordinal));
    }

    private static TrainingSet Train()
    {
        var rows = new List<(int, int, float, long)>();
        for (var user = 0; user < 40; user++)
        {
            rows.Add((user, 0, 1, rows.Count));
            rows.Add((user, 1 + (user % 2), 1, rows.Count));
        }

        var train = Sample.Of(40, 4, [.. rows]);
        return new TrainingSet(train.Data with
        {
            UserFeatures = new FeatureTable(40,
            [
                new CategoricalColumn("sex", new Vocabulary(["F", "M"]), [.. Enumerable.Range(0, 40).Select(user => user % 2)]),
                new CategoricalColumn("constant", new Vocabulary(["only"]), new int[40]),
            ]),
        });
    }
}
