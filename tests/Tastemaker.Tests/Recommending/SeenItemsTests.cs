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
