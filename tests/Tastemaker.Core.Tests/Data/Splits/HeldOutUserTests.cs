using CsCheck;
using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Data.Splits;

namespace Tastemaker.Core.Tests.Data.Splits;

public class HeldOutUserTests
{
    [Fact]
    public void Strong_generalization_asks_strangers_about_a_closed_catalog() => Gen.ULong.Sample(seed =>
    {
        var data = GeneratedData.Ratings(seed, 40, 60, 0.2);
        var split = new StrongGeneralization(0.25m, 5, 0.3m).Apply(data, seed);
        split.ShouldKeepTheContract();
        split.Train.Data.Users.Count.ShouldBe(40 - 10 - 5);
        split.Train.Data.Items.Ids.ShouldBe(data.Items.Ids.Where(split.Train.Data.Listing().Select(row => row.Item).Contains));
        foreach (var part in new[] { split.Validation!, split.Test })
        {
            part.Requests.Users.ToArray().ShouldAllBe(user => user == -1);
            for (var request = 0; request < part.Count; request++)
            {
                var (told, asked) = (part.Requests.History(request).Length, part.Targets.Length(request));
                (told + asked).ShouldBeGreaterThanOrEqualTo(5);
                asked.ShouldBe((told + asked) * 3 / 10);
            }
        }
    }, iter: 20);

    [Fact]
    public void Cold_users_are_asked_with_their_features_and_texts()
    {
        var data = GeneratedData.Ratings(8, 20, 50, 0.4);
        data = data with
        {
            UserFeatures = new FeatureTable(data.Users.Count,
            [
                new TextColumn("about", [.. data.Users.Ids.Select(user => $"I am {user}")]),
                new NumericColumn("age", [.. data.Users.Ids.Select((_, user) => user == 0 ? float.NaN : user + 0.5f)]),
                new CategoricalColumn("sex", new Vocabulary(["f", "m"]), [.. data.Users.Ids.Select((_, user) => (user % 3) - 1)]),
                new MultiCategoricalColumn("likes", new Vocabulary(["a", "b"]), SparseRows.FromRows([.. data.Users.Ids.Select((_, user) => (IReadOnlyList<int>)(user % 2 == 0 ? [0, 1] : []))], 2)),
            ]),
        };
        var split = new ColdUsers(0.5m, 0).Apply(data, 1);

        for (var request = 0; request < split.Test.Count; request++)
        {
            var said = split.Test.Requests.Features(request)!;
            var user = data.Users.IndexOf(said["about"].Replace("I am ", "", StringComparison.Ordinal));
            split.Test.Requests.History(request).Length.ShouldBe(0);
            split.Train.ByUser.Length(user).ShouldBe(0);
            said.GetValueOrDefault("age").ShouldBe(user == 0 ? null : $"{user}.5");
            said.GetValueOrDefault("sex").ShouldBe((user % 3) switch { 0 => null, 1 => "f", _ => "m" });
            said.GetValueOrDefault("likes").ShouldBe(user % 2 == 0 ? "a|b" : null);
            split.Test.Targets[request].ToArray().Select(item => data.Items[item]).ShouldBe(data.Listing().Where(row => row.User == data.Users[user]).Select(row => row.Item), ignoreOrder: true);
        }
    }

    [Fact]
    public void Held_out_users_have_no_training_row()
    {
        // Each user has a private pattern of items, so a request can be traced back to its user.
        var data = GeneratedData.Ratings(8, 20, 50, 0.4);
        var split = new StrongGeneralization(4, 4).Apply(data, 1);
        var items = data.Listing().GroupBy(row => row.User).ToDictionary(rows => rows.Key, rows => rows.Select(row => row.Item).ToHashSet());
        for (var request = 0; request < split.Test.Count; request++)
        {
            int[] all = [.. split.Test.Requests.History(request), .. split.Test.Targets[request]];
            var catalog = split.Train.Data.Items.Ids.ToHashSet();
            var owner = items.Single(user => user.Value.Where(catalog.Contains).ToHashSet().SetEquals(all.Select(item => split.Train.Data.Items[item]))).Key;
            split.Train.Data.Users.IndexOf(owner).ShouldBe(-1);
        }
    }

    [Fact]
    public void Users_with_few_items_are_skipped_and_unknown_items_left_out_with_a_note()
    {
        (string, string, float, long)[] rows =
        [
            .. Enumerable.Range(0, 30).SelectMany(user => Enumerable.Range(0, user < 15 ? 4 : 8).Select(item => ($"u{user}", $"i{item}", 1f, 0L))),
            .. Enumerable.Range(0, 30).Select(user => ($"u{user}", $"own{user}", 1f, 0L)),
        ];
        var split = new StrongGeneralization(10, 0).Apply(GeneratedData.Rows(rows), 3);
        split.Validation.ShouldBeNull();
        split.Test.Count.ShouldBeLessThan(10);
        split.Notes.ShouldContain(note => note.Contains($"{10 - split.Test.Count} of 10 test users have too few items"));
        split.Notes.ShouldContain("10 test interactions were left out because their items never occur in training.");
        split.Test.Targets.Offsets.ToArray().Zip(split.Test.Targets.Offsets.ToArray().Skip(1)).ShouldAllBe(pair => pair.Second - pair.First == 1);
    }

    [Fact]
    public void Histories_are_oldest_first_with_values_and_times()
    {
        var split = new StrongGeneralization(5, 0).Apply(GeneratedData.Ratings(4), 1);
        for (var request = 0; request < split.Test.Count; request++)
        {
            var times = split.Test.Requests.HistoryTimes(request).ToArray();
            times.ShouldBe(times.Order());
            split.Test.Requests.HistoryValues(request).Length.ShouldBe(times.Length);
        }
    }

    [Theory]
    [InlineData("strong-generalization(200,100)")]
    [InlineData("strong-generalization(0.01,0)")]
    [InlineData("cold-users(0.01,0)")]
    public void Impossible_numbers_of_users_are_refused(string text) =>
        Should.Throw<InputException>(() => SplitterSyntax.Parse(text).Apply(GeneratedData.Ratings(1), 0)).Message.ShouldContain("30 users");

    [Fact]
    public void Moving_strangers_into_training_is_not_supported() =>
        Should.Throw<InputException>(() => new StrongGeneralization(0.2m, 0.2m).Apply(GeneratedData.Ratings(1), 0).WithValidationInTraining())
            .Message.ShouldContain("not supported");

    [Fact]
    public void Cold_users_who_share_a_value_are_held_out_together()
    {
        var data = GeneratedData.Ratings(12);
        var papers = Enumerable.Range(0, data.Users.Count).Select(user => user == 7 ? -1 : user % 6).ToArray();
        data = data with { UserFeatures = new FeatureTable(papers.Length, [new CategoricalColumn("paper", new Vocabulary(Enumerable.Range(0, 6).Select(paper => $"p{paper}")), papers)]) };
        var split = SplitterSyntax.Parse("cold-users(share=0.3,validation=0.15,by=paper)").Apply(data, 5); // two and one of seven: user 7 is alone
        split.ShouldKeepTheContract();
        string?[] Papers(HoldOut part) => [.. Enumerable.Range(0, part.Count).Select(request => part.Requests.Features(request)?.GetValueOrDefault("paper")).Distinct()];

        var (test, validation) = (Papers(split.Test), Papers(split.Validation!));
        var trained = Enumerable.Range(0, data.Users.Count).Where(user => split.Train.ByUser.Length(user) > 0).Select(user => papers[user]).Distinct().Select(paper => paper < 0 ? null : $"p{paper}").ToArray();
        (test.Length, validation.Length, trained.Length).ShouldBe((2, 1, 4));
        test.Concat(validation).Concat(trained).Distinct().Count().ShouldBe(7);
        split.Description.ShouldContain("by=paper");
        Should.Throw<InputException>(() => SplitterSyntax.Parse("cold-users(by=author)").Apply(data, 5)).Message.ShouldContain("have paper. Name another with by=COLUMN");
    }

    [Fact]
    public void Cold_users_are_known_by_their_first_items_only()
    {
        var data = GeneratedData.Ratings(12);
        var split = new ColdUsers(0.2m, 0.1m, 3).Apply(data, 5);
        split.ShouldKeepTheContract();
        split.Train.ItemCount.ShouldBe(data.Items.Count);
        split.Test.Count.ShouldBe(6);
        split.Validation!.Count.ShouldBe(3);
        split.Train.ByUser.Offsets.ToArray().Distinct().Count().ShouldBe(30 - 9 + 1);
        for (var request = 0; request < split.Test.Count; request++)
        {
            split.Test.Requests.Users[request].ShouldBe(-1);
            split.Test.Requests.History(request).Length.ShouldBe(3);
        }

        new ColdUsers(0.2m, 0).Apply(data, 5).Test.Requests.HistoryCount.ShouldBe(0);
    }

    [Fact]
    public void Cold_items_compete_among_themselves_unless_told_otherwise()
    {
        var data = GeneratedData.Ratings(13);
        var split = new ColdItems(0.2m, 0.1m).Apply(data, 5);
        var trained = split.Train.Interactions.Items.ToArray().ToHashSet();
        split.Test.Candidates![0].Length.ShouldBe(8);
        split.Test.Candidates[0].ToArray().ShouldAllBe(item => !trained.Contains(item));
        split.Validation!.Candidates![0].ToArray().Intersect(split.Test.Candidates[0].ToArray()).ShouldBeEmpty();
        split.Test.CandidateLabel.ShouldBe("the 8 cold items");
        split.Notes.ShouldContain(note => note.Contains("by design"));
        new ColdItems(0.2m, 0.1m, CandidateScope.All).Apply(data, 5).Test.Candidates.ShouldBeNull();
    }
}
