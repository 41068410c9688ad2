using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Tests.Models.Hybrid;

namespace Tastemaker.Tests.Inputs;

public class AuthorListsTests
{
    [Theory]
    [InlineData("Peter F. Brown; J C Lai", "p brown|j lai")]
    [InlineData("Brown, Peter|Lai, J.", "p brown|j lai")]
    [InlineData("P.F. Brown", "p brown")]
    [InlineData("Owen Rambow *; Anonymous ;; ", "o rambow|anonymous")]
    [InlineData("A B; C D; E F; G H", "a b|c d|e f")]
    [InlineData(" * ; .", "")]
    public void Names_are_a_first_initial_and_a_last_name(string text, string names) => string.Join('|', AuthorLists.Names(text, 3)).ShouldBe(names);

    [Fact]
    public void Both_sides_share_the_authors_of_training_and_others_are_one_unknown_author()
    {
        var train = CitationSamples.Train();
        var authors = AuthorLists.Of(train, train.Data.UserFeatures!.Find("authors"), train.Data.ItemFeatures!.Find("authors"), 2);

        authors.Known.Ids.ShouldBe(["a lovelace", "a turing", "e charniak", "g hopper", "k church", "p brown", "s abney", "w gale"]);
        authors.Users[0].ToArray().ShouldBe([1, 2]);
        authors.Users[2].ToArray().ShouldBeEmpty();
        authors.Users[4].ToArray().ShouldBe([4, 1]); // two at most
        authors.Items[CitationSamples.Cold].ToArray().ShouldBe([6, 9]);
        authors.Size.ShouldBe(10);
    }

    [Fact]
    public void A_request_names_its_authors_or_has_those_of_its_user()
    {
        var train = CitationSamples.Train();
        var authors = AuthorLists.Of(train, train.Data.UserFeatures!.Find("authors"), null, 5);
        var requests = new RequestBatch([1, 1, -1], SparseRows.Empty(3, 1), [null, new Dictionary<string, string> { ["Authors"] = "Turing, Alan" }, null]);

        authors.Of(requests, 0).ShouldBe(authors.Users[1].ToArray());
        authors.Of(requests, 1).ShouldBe(authors.Users[3].ToArray());
        authors.Of(requests, 2).ShouldBeEmpty();
        authors.Items[0].ToArray().ShouldBeEmpty();
        authors.IsNamed("user.authors").ShouldBeTrue();
        authors.IsNamed("item.authors").ShouldBeFalse();
    }
}
