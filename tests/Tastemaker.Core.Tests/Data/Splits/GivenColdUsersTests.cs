using System.Text;
using Tastemaker.Core.Tests.Data.Import;
using Tastemaker.Data;
using Tastemaker.Data.Filters;
using Tastemaker.Data.Import;
using Tastemaker.Data.Splits;

namespace Tastemaker.Core.Tests.Data.Splits;

public sealed class GivenColdUsersTests : IDisposable
{
    // 30 users, 40 items.
    private static readonly Dataset Data = GeneratedData.Ratings(1);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Users_of_the_file_are_asked_by_part_of_what_they_have_whatever_their_names()
    {
        // User 1 is also the name of a training user, of whom none of this is known.
        var file = folder.Write("test.csv", Csv(("1", 10), ("new", 5), ("few", 4)));
        var split = new GivenFiles(file) { Kind = GivenKind.Users, Targets = 0.3m }.Apply(Data, 7);

        split.ShouldKeepTheContract();
        split.Validation.ShouldBeNull();
        split.Train.Interactions.Count.ShouldBe(Data.Interactions.Count);
        split.Test.Requests.Users.ToArray().ShouldBe([-1, -1]);
        Told(split.Test).ShouldBe([7, 4]);
        split.Test.Targets.EntryCount.ShouldBe(3 + 1);
        split.Notes.ShouldContain("1 of 3 test users have too few items and are not measured.");
        split.Fingerprint.ShouldBe(new GivenFiles(file) { Kind = GivenKind.Users, Targets = 0.3m }.Apply(Data, 7).Fingerprint);
        split.Fingerprint.ShouldNotBe(new GivenFiles(file) { Kind = GivenKind.Users, Targets = 0.3m }.Apply(Data, 8).Fingerprint);
    }

    [Fact]
    public void Validation_users_leave_the_data_set_or_have_a_file()
    {
        var file = folder.Write("test.csv", Csv(("a", 6), ("b", 6)));
        var carved = SplitterSyntax.Parse($"given(test={file},validation=users:4,kind=users)").Apply(Data, 7);
        carved.ShouldKeepTheContract();
        carved.Validation!.Count.ShouldBe(4);
        carved.Train.UserCount.ShouldBe(30 - 4);

        var given = SplitterSyntax.Parse($"given(test={file},validation={folder.Write("valid.csv", Csv(("c", 8)))},kind=users)").Apply(Data, 7);
        given.Validation!.Count.ShouldBe(1);
        given.Train.UserCount.ShouldBe(30);
        Should.Throw<InputException>(() => SplitterSyntax.Parse($"given(test={file},validation=users:30,kind=users)").Apply(Data, 7)).Message.ShouldContain("of the 30 users");
        Should.Throw<InputException>(() => given.WithValidationInTraining()).Message.ShouldContain("not supported");
    }

    [Fact]
    public void Items_that_training_lacks_leave_with_a_note()
    {
        var file = folder.Write("test.csv", Csv(("a", 6)) + "a,unheard of,3\n");
        var split = new GivenFiles(file) { Kind = GivenKind.Users }.Apply(Data, 1);
        (Told(split.Test)[0] + split.Test.Targets.EntryCount).ShouldBe(6);
        split.Notes.ShouldContain("1 test interactions were left out because their items never occur in training.");
        Should.Throw<InputException>(() => new GivenFiles(folder.Write("other.csv", "user,item,rating\nu,x,1\n")) { Kind = GivenKind.Users }.Apply(Data, 1))
            .Message.ShouldContain("no item in common ('x' in the one, '1' in the other)");
    }

    [Fact]
    public void Files_of_any_layout_are_read()
    {
        var site = FilterSyntax.Parse("binarize").Apply(Data);
        var lines = new StringBuilder("I,4,\"www.microsoft.com\",\"created by a test\"\n");
        lines.Append("C,\"10001\",10001\n").AppendJoin('\n', Enumerable.Range(1, 10).Select(item => $"V,{item},1")).Append('\n');
        var split = new GivenFiles(folder.WriteGzip("visits.test.gz", lines.ToString())) { Kind = GivenKind.Users }.Apply(site, 1);
        split.ShouldKeepTheContract();
        split.Test.Targets.EntryCount.ShouldBe(2);
    }

    [Fact]
    public void Users_that_are_learned_from_are_refused()
    {
        var rows = Data.Listing().Where(row => int.Parse(row.User) <= 3).Select(row => $"{row.User},{row.Item},1\n");
        var file = folder.Write("leak.csv", "user,item,rating\n" + string.Concat(rows));
        Should.Throw<InputException>(() => new GivenFiles(file) { Kind = GivenKind.Users }.Apply(Data, 1))
            .Message.ShouldContain("3 of the 3 users");
    }

    [Fact]
    public void A_file_without_values_does_not_go_with_rated_data() =>
        Should.Throw<InputException>(() => new GivenFiles(folder.Write("bare.csv", "user,item\na,1\na,2\n")) { Kind = GivenKind.Users }.Apply(Data, 1))
            .Message.ShouldContain("lacks the values");

    private static string Csv(params (string User, int Items)[] users) => "user,item,rating\n"
        + string.Concat(users.SelectMany(user => Enumerable.Range(1, user.Items).Select(item => $"{user.User},{item},{1 + (item % 5)}\n")));

    private static int[] Told(HoldOut part) => [.. Enumerable.Range(0, part.Count).Select(request => part.Requests.History(request).Length)];
}
