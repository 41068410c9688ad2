using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Models.Recurrent;
using Tastemaker.Options;
using Tastemaker.Recommending;

namespace Tastemaker.Tests.Recommending;

/// <summary>Whether lists hold what users have follows what a run was measured with.</summary>
public sealed class SeenItemsTests : IDisposable
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("leave-one-out", false, false)]
    [InlineData("leave-one-out", true, true)]
    [InlineData("sessions(test-seconds=10,validation-seconds=0)", false, true)]
    [InlineData("none", false, false)]
    public void A_session_system_recommends_seen_items_only_where_it_was_measured_so_and_after_saving_and_the_final_fit(string splitter, bool repeats, bool expected)
    {
        var split = (SplitterSyntax.Parse(splitter) with { IncludeSeen = repeats }).Apply(Data(), 1);
        using var trained = Recommender.Train("gru4rec", split, new Gru4RecOptions { Layers = [8], Epochs = 1 }, new TrainingOptions { Threads = 1 });

        Recommender.Save(trained, folder);
        using var loaded = Recommender.Load(folder);
        using var onAll = Recommender.FitOnAll(trained, split);

        foreach (var recommender in new[] { trained, loaded, onAll })
        {
            recommender.RecommendsSeen.ShouldBe(expected);
            var list = recommender.Recommend(Request.ForUser("u1"), 12).Items.Select(item => item.Item).ToList();
            (list.Count == 12).ShouldBe(expected);
            list.Intersect(recommender.HistoryOf("u1")).Any().ShouldBe(expected);
        }
    }

    [Fact]
    public void A_list_without_items_says_why()
    {
        using var trained = Recommender.Train("ease", new NoHoldOut().Apply(Data(), 1), null, new TrainingOptions { Threads = 1 });
        var all = trained.Items.Ids;
        string Why(Request request, CandidateFilter? filter = null)
        {
            var (alone, together) = (trained.Recommend(request, 5, filter), trained.RecommendAll([request, request], 5, filter)[1]);
            alone.Items.ShouldBeEmpty();
            together.Notes.ShouldBe(alone.Notes);
            return alone.Notes.ShouldHaveSingleItem();
        }

        Why(new Request { History = all }).ShouldBe("The list is empty: all 12 items of the catalog are in the user's history. Set include-seen to true to recommend items of the history again.");
        Why(Request.ForHistory("i1"), new CandidateFilter { Exclude = all }).ShouldStartWith("The list is empty: all 12 items of the catalog are in the user's history or excluded.");
        Why(Request.ForHistory("i1"), new CandidateFilter { Exclude = all, IncludeSeen = true }).ShouldBe("The list is empty: all 12 items of the catalog are excluded.");
        Why(Request.ForHistory("i1", "i2"), new CandidateFilter { Candidates = ["i1"] }).ShouldStartWith("The list is empty: the only item that meets the conditions is in the user's history.");
        Why(Request.ForHistory("i1"), new CandidateFilter { Candidates = [] }).ShouldBe("The list is empty: no item of the catalog meets the conditions of the request.");
        trained.Recommend(Request.ForHistory("i1"), 5).Notes.ShouldBeEmpty();
    }

    [Fact]
    public void Models_saved_without_the_value_do_what_they_did()
    {
        using (var trained = Recommender.Train("gru4rec", new LeaveOneOut().Apply(Data(), 1), new Gru4RecOptions { Layers = [8], Epochs = 1 }, new TrainingOptions { Threads = 1 }))
        {
            Recommender.Save(trained, folder);
        }

        var card = Directory.GetFiles(folder, "*.json").Single(file => File.ReadAllText(file).Contains("recommends-seen"));
        File.WriteAllLines(card, File.ReadAllLines(card).Where(line => !line.Contains("recommends-seen")));

        using var loaded = Recommender.Load(folder);
        loaded.RecommendsSeen.ShouldBeTrue();
    }

    // Nine users in a row of sessions, each with five of twelve items.
    private static Dataset Data() => new()
    {
        Name = "shop",
        Users = new Vocabulary(Enumerable.Range(0, 9).Select(user => $"u{user}")),
        Items = new Vocabulary(Enumerable.Range(0, 12).Select(item => $"i{item}")),
        Interactions = new Interactions(
            [.. Enumerable.Range(0, 45).Select(row => row / 5)], [.. Enumerable.Range(0, 45).Select(row => row < 12 ? row : ((row * 5) + (row / 5)) % 12)], null, [.. Enumerable.Range(0, 45).Select(row => row * 1_000_000L)]),
    };
}
