using CsCheck;
using Tastemaker.Data;
using Tastemaker.Data.Splits;

namespace Tastemaker.Core.Tests.Data.Splits;

public class InteractionSplitTests
{
    public static TheoryData<string> OfKnownUsers =>
    [
        "random(0.2,0.1)", "random(0.3,0)", "ratio-by-user(0.2,0.2)", "leave-one-out(time)", "leave-one-out(random)", "leave-one-out(time,validation=no)",
        "k-fold(1,4)", "k-fold(1,4,validation=0.1)", "hash", "hash(mod=10,test=3,validation=none)", "cold-items(0.2,0.1)", "cold-items(0.2,0,candidates=all)",
    ];

    [Theory]
    [MemberData(nameof(OfKnownUsers))]
    public void Parts_hold_every_interaction_once(string text) => Gen.ULong.Sample(seed =>
    {
        // Dense, so that no user is left without training and asked as a nameless stranger.
        var data = GeneratedData.Ratings(seed, density: 0.6);
        var split = SplitterSyntax.Parse(text).Apply(data, seed);
        split.ShouldKeepTheContract();
        split.Everything().ShouldBe(data.Pairs().Order(StringComparer.Ordinal));
    }, iter: 10);

    [Theory]
    [MemberData(nameof(OfKnownUsers))]
    public void A_seed_gives_one_split_and_other_seeds_others(string text)
    {
        var data = GeneratedData.Ratings(3);
        var splitter = SplitterSyntax.Parse(text);
        splitter.Apply(data, 1).Fingerprint.ShouldBe(splitter.Apply(data, 1).Fingerprint);
        var dependsOnSeed = !text.StartsWith("hash", StringComparison.Ordinal) && !text.StartsWith("leave-one-out(time", StringComparison.Ordinal);
        (splitter.Apply(data, 1).Fingerprint != splitter.Apply(data, 2).Fingerprint).ShouldBe(dependsOnSeed);
    }

    [Theory]
    [InlineData("random(0.2,0.1)", "d88c96a92cfac230")]
    [InlineData("ratio-by-user(0.2,0.1)", "2807d36420b88a14")]
    [InlineData("leave-one-out(time)", "befe468af59d6275")]
    [InlineData("leave-one-out(random)", "8e5ea804a7725c63")]
    [InlineData("temporal", "043f66a55e32a725")]
    [InlineData("strong-generalization(0.2,0.2)", "456bf65b8ed026f8")]
    [InlineData("sessions(86400,86400)", "ebca8d200653da66")]
    [InlineData("cold-items", "8c0d661b44a07a82")]
    [InlineData("cold-users(0.2,0.1,known=2)", "feabcc49ca827241")]
    [InlineData("k-fold(2,5)", "88ed5183e4cde643")]
    [InlineData("hash", "ef3f68a69d09cf81")]
    public void Splits_are_the_same_on_every_machine(string text, string fingerprint) =>
        SplitterSyntax.Parse(text).Apply(GeneratedData.Ratings(11), 42).Fingerprint.ShouldBe(fingerprint);

    [Fact]
    public void Targets_carry_their_ratings_and_features_follow_training()
    {
        var data = GeneratedData.Ratings(5);
        var value = data.Listing().ToDictionary(row => (row.User, row.Item), row => row.Value);
        var split = new RandomSplit().Apply(data, 1);
        for (var request = 0; request < split.Test.Count; request++)
        {
            var user = data.Users[split.Test.Requests.Users[request]];
            split.Test.Targets.RowValues(request).ToArray().ShouldBe(split.Test.Targets[request].ToArray().Select(item => value[(user, data.Items[item])]));
        }

        split.Train.Data.InteractionFeatures!.RowCount.ShouldBe(split.Train.Interactions.Count);
    }

    [Fact]
    public void Shares_are_exact()
    {
        var data = GeneratedData.Ratings(9, 10, 20, 1);
        var split = new RandomSplit(0.29m, 0.01m).Apply(data, 1);
        (split.Test.Targets.EntryCount, split.Validation!.Targets.EntryCount).ShouldBe((58, 2));
        var byUser = new RatioByUser(0.15m, 0.2m).Apply(data, 1);
        Enumerable.Range(0, 10).ShouldAllBe(user => byUser.Test.Targets.Length(user) == 3 && byUser.Validation!.Targets.Length(user) == 4);
    }

    [Fact]
    public void Folds_test_every_interaction_once()
    {
        var data = GeneratedData.Ratings(7);
        Enumerable.Range(0, 4).SelectMany(fold => Tested(new KFold(fold, 4).Apply(data, 5))).Order(StringComparer.Ordinal)
            .ShouldBe(data.Pairs().Order(StringComparer.Ordinal));

        static IEnumerable<string> Tested(Split split) => split.Listing(split.Test);
    }

    [Fact]
    public void The_newest_is_left_out_and_equal_times_keep_the_order_of_the_source()
    {
        var data = GeneratedData.Rows(("u", "c", 1, 9), ("u", "b", 1, 3), ("u", "a", 1, 9), ("u", "d", 1, 1), ("v", "a", 1, 1), ("v", "d", 1, 2));
        var split = new LeaveOneOut().Apply(data, 0);
        split.Listing(split.Test).ShouldBe(["u a"]);
        split.Listing(split.Validation).ShouldBe(["u c"]);
        split.Notes.ShouldContain(note => note.Contains("global temporal leakage"));
        split.Notes.ShouldContain(note => note.StartsWith("1 of 1 test interactions have the same time"));
        split.Notes.ShouldContain("1 of 2 users have no test target and are not measured.");
        split.Description.ShouldBe("leave-one-out(by=time,validation=yes) seed 0");
        new LeaveOneOut(Validation: ValidationPart.No).Apply(data, 0).Validation.ShouldBeNull();
    }

    [Fact]
    public void Test_comes_after_training_in_time() => Gen.Select(Gen.ULong, Gen.Int[5, 30], Gen.Int[0, 30]).Sample((seed, test, validation) =>
    {
        var data = GeneratedData.Ratings(seed);
        var split = new Temporal { Test = test / 100m, Validation = validation / 100m }.Apply(data, 0);
        split.ShouldKeepTheContract();
        var time = data.Listing().ToDictionary(row => $"{row.User} {row.Item}", row => row.Time);
        var trained = Timestamps.Seconds(split.Train.Interactions.Times.ToArray().Max());
        var cut = data.Listing().Select(row => row.Time).OrderDescending().ElementAt((data.Interactions.Count * test / 100) - 1);
        trained.ShouldBeLessThan(cut);
        data.Listing().Count(row => row.Time >= cut).ShouldBeGreaterThanOrEqualTo(data.Interactions.Count * test / 100);
        split.Test.Targets.EntryCount.ShouldBe(data.Listing().Count(row => row.Time >= cut));
        split.Listing(split.Test).Where(pair => pair[0] != '?').ShouldAllBe(pair => time[pair] > trained);
    }, iter: 40);

    [Fact]
    public void Dates_cut_where_they_say()
    {
        var data = GeneratedData.Rows(("u", "a", 1, 0), ("u", "b", 1, 86400), ("u", "c", 1, 86399), ("v", "a", 1, 2 * 86400));
        var split = SplitterSyntax.Parse("temporal(test-from=1970-01-03,validation-from=1970-01-02)").Apply(data, 0);
        split.Train.Data.Pairs().ShouldBe(["u a", "u c"]);
        split.Listing(split.Validation).ShouldBe(["u b"]);
        split.Listing(split.Test).ShouldBe(["? a"]);
        split.Notes.ShouldContain(note => note.Contains("cold-start users"));
    }

    [Fact]
    public void Items_never_trained_on_stay_targets_and_are_counted()
    {
        var data = GeneratedData.Rows(("u", "a", 1, 0), ("u", "b", 1, 5), ("v", "a", 1, 1), ("v", "c", 1, 6), ("v", "b", 1, 2));
        var split = new Temporal { TestFrom = 5 }.Apply(data, 0);
        split.Listing(split.Test).ShouldBe(["u b", "v c"]);
        split.Notes.ShouldContain(note => note.StartsWith("1 of 2 test targets (50 %) are items that never occur in training."));
    }

    [Fact]
    public void Repeats_of_what_a_user_had_are_no_targets()
    {
        var data = GeneratedData.Rows(("u", "a", 1, 0), ("u", "b", 2, 1), ("u", "a", 3, 5), ("u", "c", 4, 6), ("u", "c", 5, 7));
        var split = new Temporal { TestFrom = 5 }.Apply(data, 0);
        split.Listing(split.Test).ShouldBe(["u c"]);
        split.Test.Targets.Values.ToArray().ShouldBe([5f]);
        split.Notes.ShouldContain(note => note.StartsWith("1 test interactions repeat"));
    }

    [Fact]
    public void Validation_items_are_no_candidates_when_testing()
    {
        var data = GeneratedData.Rows(("u", "a", 1, 0), ("u", "b", 1, 1), ("u", "c", 1, 2));
        var split = new LeaveOneOut().Apply(data, 0);
        split.Validation!.Excluded![0].ToArray().ShouldBe([0]);
        split.Test.Excluded![0].ToArray().ShouldBe([0, 1]);
        split.Validation.Requests.History(0).ToArray().ShouldBe([0]);
        split.Test.Requests.History(0).ToArray().ShouldBe([0, 1]);
    }

    [Fact]
    public void Validation_can_join_training()
    {
        var data = GeneratedData.Ratings(2);
        var split = new RatioByUser().Apply(data, 4);
        var joined = split.WithValidationInTraining();
        joined.ShouldKeepTheContract();
        joined.Validation.ShouldBeNull();
        joined.Everything().ShouldBe(split.Everything());
        joined.Listing(joined.Test).ShouldBe(split.Listing(split.Test));
        joined.Train.Interactions.Count.ShouldBe(split.Train.Interactions.Count + split.Validation!.Targets.EntryCount);
        joined.Fingerprint.ShouldNotBe(split.Fingerprint);
        Should.Throw<InputException>(() => joined.WithValidationInTraining()).Message.ShouldContain("no validation part");
    }

    [Fact]
    public void Look_ahead_is_named_where_data_has_times()
    {
        var data = GeneratedData.Ratings(2);
        new RandomSplit().Apply(data, 1).Notes.ShouldContain(note => note.Contains("temporal leakage"));
        new RandomSplit().Apply(data.WithoutTimes(), 1).Notes.ShouldNotContain(note => note.Contains("temporal leakage"));
    }

    [Theory]
    [InlineData("temporal", "has no times")]
    [InlineData("leave-one-out", "or leave-one-out(by=random)")]
    [InlineData("sessions", "has no times")]
    public void Data_without_times_is_refused_with_a_way_out(string text, string message) =>
        Should.Throw<InputException>(() => SplitterSyntax.Parse(text).Apply(GeneratedData.Ratings(1).WithoutTimes(), 0)).Message.ShouldContain(message);

    [Theory]
    [InlineData("ratio-by-user(0.2,0)", "empty test part")]
    [InlineData("random(0.4,0.1)", "empty validation part")]
    [InlineData("temporal(test-from=1970)", "nothing to train on")]
    public void Empty_parts_are_refused(string text, string message)
    {
        var data = GeneratedData.Rows(("u", "a", 1, 0), ("v", "b", 1, 1), ("w", "c", 1, 2), ("w", "a", 1, 2));
        Should.Throw<InputException>(() => SplitterSyntax.Parse(text).Apply(data, 0)).Message.ShouldContain(message);
    }

    [Fact]
    public void Values_made_in_code_are_checked_like_texts() =>
        Should.Throw<InputException>(() => new KFold(7, 5).Apply(GeneratedData.Ratings(1), 0)).Message.ShouldContain("from 0 to 4");

    [Fact]
    public void The_portable_hash_equals_values_computed_elsewhere()
    {
        // Computed in another language, with explicit reduction to 32 bits.
        HashSplit.Bucket(1, 1, int.MaxValue).ShouldBe(482178018);
        HashSplit.Bucket(196, 242, int.MaxValue).ShouldBe(1449484849);
        HashSplit.Bucket(0, 0, 5).ShouldBe(0);
        HashSplit.Bucket(943, 1682, int.MaxValue).ShouldBe(1580469545);
        HashSplit.Bucket(uint.MaxValue, 7, int.MaxValue).ShouldBe(931471906);
    }

    [Theory]
    [InlineData(5, new[] { 11982, 11866, 12056, 11927, 12169 })]
    [InlineData(10, new[] { 6026, 5946, 6014, 5874, 6034, 5956, 5920, 6042, 6053, 6135 })]
    public void The_portable_hash_has_known_sums_over_a_grid(int mod, int[] sums)
    {
        var counts = new int[mod];
        for (var user = 1u; user <= 200; user++)
        {
            for (var item = 1u; item <= 300; item++)
            {
                counts[HashSplit.Bucket(user, item, mod)]++;
            }
        }

        counts.ShouldBe(sums);
    }

    [Fact]
    public void The_portable_hash_reads_the_ids_not_the_indexes()
    {
        var data = GeneratedData.Ratings(6);
        var split = new HashSplit(5, 2, null).Apply(data, 0);
        split.Listing(split.Test).ShouldAllBe(pair => HashSplit.Bucket(uint.Parse(pair.Split(' ', 2)[0]), uint.Parse(pair.Split(' ', 2)[1]), 5) == 2);
        Should.Throw<InputException>(() => new HashSplit().Apply(GeneratedData.Rows(("u7", "1", 1, 0)), 0)).Message.ShouldContain("the user 'u7'");
    }

    [Fact]
    public void Users_with_few_items_are_only_trained_on()
    {
        // u1 has 3 items, one of them twice; u2 has 2 items, met four times; what the hash says stays for u1 alone.
        var data = GeneratedData.Rows([.. new[] { 1, 2, 3, 3 }.Select(item => ("1", $"{item}", 1f, 0L)), .. new[] { 1, 1, 2, 2 }.Select(item => ("2", $"{item}", 1f, 0L))]);
        var bucket = HashSplit.Bucket(1, 2, 5);

        var split = new HashSplit(5, bucket, null, MinimumItems: 3).Apply(data, 0);

        split.Test.Requests.Users.ToArray().ShouldBe([0]);
        split.Train.ByUser.Length(1).ShouldBe(4);
        split.ShouldKeepTheContract();
    }
}
