using Tastemaker.Data;
using Tastemaker.Recommending;

namespace Tastemaker.Tests.Recommending;

public sealed class ItemFinderTests
{
    private static readonly ItemFinder Finder = new(
        new Vocabulary(["1", "2", "3", "4", "5", "6"]),
        ["Toy Story (1995)", "Toy Story 2 (1999)", "Matrix, The (1999)", "Hamlet (1990)", "Hamlet (1996)", "O Brother, Where Art Thou? (2000)"]);

    [Theory]
    [InlineData("3", 2)]
    [InlineData("Toy Story (1995)", 0)]
    [InlineData("toy story (1995)", 0)]
    [InlineData("toy story", 0)]
    [InlineData("The Matrix", 2)]
    [InlineData("matrix, the", 2)]
    [InlineData("Matr", 2)]
    [InlineData("art thou", 5)]
    [InlineData("Hamlet (1996)", 4)]
    public void An_item_is_found_as_people_name_it(string text, int expected) => Finder.FindAll([text]).ShouldBe([expected]);

    [Fact]
    public void What_is_ambiguous_or_unknown_is_refused_all_at_once_with_candidates()
    {
        var error = Should.Throw<InputException>(() => Finder.FindAll(["Hamlet", "toy", "Matirx, The"]));
        error.Problems.Count.ShouldBe(3);
        error.Problems[0].ShouldContain("'Hamlet (1990)' (id 4); 'Hamlet (1996)' (id 5)");
        error.Problems[1].ShouldContain("2 items");
        error.Problems[2].ShouldContain("Did you mean 'Matrix, The (1999)' (id 3)?");
    }

    [Fact]
    public void Titles_with_commas_stay_whole_in_a_list() =>
        Finder.FindList("Toy Story, Matrix, The (1999),O Brother, Where Art Thou?, 2").ShouldBe([0, 2, 5, 1]);

    [Fact]
    public void Without_titles_parts_of_ids_are_found_as_parts_of_titles_are()
    {
        var finder = new ItemFinder(new Vocabulary(["BA001", "BA002", "CO001", "1"]), null);

        finder.FindAll(["co", "a002", "ba001", "1"]).ShouldBe([2, 1, 0, 3]);
        var refused = Should.Throw<InputException>(() => finder.FindAll(["BA", "XY"]));
        refused.Problems[0].ShouldBe("'BA' could be any of 2 items: 'BA001'; 'BA002'. Give the whole id.");
        refused.Problems[1].ShouldStartWith("No item has the id 'XY'.");
    }

    [Fact]
    public void Without_titles_ids_are_still_found() => new ItemFinder(new Vocabulary(["a"]), null).FindAll(["a"]).ShouldBe([0]);
}
