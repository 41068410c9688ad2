using Tastemaker.Naming;

namespace Tastemaker.Core.Tests.Naming;

public class NearestNameTests
{
    private static readonly string[] Names = ["random", "ratio-by-user", "leave-one-out", "k-fold", "hash"];

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("abc", "", 3)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("ab", "ba", 1)]
    [InlineData("ca", "abc", 3)]
    public void Distance_counts_edits_and_exchanges_of_neighbors(string first, string second, int expected)
    {
        NearestName.Distance(first, second).ShouldBe(expected);
        NearestName.Distance(second, first).ShouldBe(expected);
    }

    [Theory]
    [InlineData("randmo", "random")]
    [InlineData("LeaveOneOut", "leave-one-out")]
    [InlineData("leave", "leave-one-out")]
    [InlineData("kfold", "k-fold")]
    [InlineData("hsah", "hash")]
    public void Finds_what_was_meant(string typed, string meant) => NearestName.Of(typed, Names).ShouldBe(meant);

    [Theory]
    [InlineData("bananas")]
    [InlineData("x")]
    [InlineData("")]
    public void Stays_silent_where_nothing_is_near(string typed)
    {
        NearestName.Of(typed, Names).ShouldBeNull();
        NearestName.DidYouMean(typed, Names).ShouldBe("");
    }

    [Fact]
    public void Offers_the_name_in_a_sentence() => NearestName.DidYouMean("hahs", Names).ShouldBe(" Did you mean 'hash'?");
}
