using System.IO.Compression;
using System.Text;
using Tastemaker.Data;
using Tastemaker.Data.Filters;
using Tastemaker.Data.Splits;

namespace Tastemaker.Core.Tests.Data.Splits;

public sealed class GivenFilesTests : IDisposable
{
    private static readonly Dataset Data = GeneratedData.Rows(
        ("1", "10", 5, 100), ("1", "20", 4, 200), ("1", "30", 3, 300), ("2", "10", 2, 100), ("2", "30", 1, 150), ("2", "20", 5, 400), ("1", "40", 2, 50));

    private readonly string folder = Directory.CreateTempSubdirectory("given").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("test.tsv", "user\titem\trating\ttimestamp\n1\t30\t0.5\t0.9\n2\t20\t1\t1\n")]
    [InlineData("test.csv", "item_id:token,user_id:token\n30,1\n20,2\n")]
    [InlineData("test.dat", "1::30::3::300\n2::20::5::400\n")]
    [InlineData("test.txt", "1 30\n2 20\n")]
    [InlineData("test.tsv.gz", "1\t30\n2\t20\n")]
    public void Files_of_many_layouts_name_rows_of_the_data(string name, string content)
    {
        var split = new GivenFiles(Write(name, content)).Apply(Data, 0);
        split.ShouldKeepTheContract();
        split.Listing(split.Test).ShouldBe(["1 30", "2 20"]);
        split.Test.Targets.Values.ToArray().ShouldBe([3f, 5f]);
        split.Train.Interactions.Count.ShouldBe(5);
        split.Validation.ShouldBeNull();
    }

    [Fact]
    public void All_three_parts_may_be_files_and_what_none_names_is_noted()
    {
        var split = new GivenFiles(Write("test", "1\t30\n")) { Train = Write("train", "1\t10\n2\t10\n2\t20\n"), Validation = Write("valid", "1\t20\n2\t30\n") }.Apply(Data, 0);
        split.ShouldKeepTheContract();
        split.Train.Data.Pairs().ShouldBe(["1 10", "2 10", "2 20"]);
        split.Listing(split.Validation).ShouldBe(["1 20", "2 30"]);
        split.Notes.ShouldContain("1 of 7 interactions of the data set are in none of the files and were left out.");
        split.WithValidationInTraining().Train.Interactions.Count.ShouldBe(5);
    }

    [Fact]
    public void Counted_lines_are_lists_of_items_of_the_users_of_these_numbers()
    {
        var data = GeneratedData.Rows([.. from user in Enumerable.Range(0, 4) from item in Enumerable.Range(0, 7) where user != 2 select ($"{user}", $"{item}", 1f, 1L)]);
        var test = Write("test", "5 2 3 4 5 6\n0 \n0\n6 1 2 3 4 5 6\n");
        var split = new GivenFiles(test) { Train = Write("long", "2 1 0\n7 0 1 2 3 4 5 6\n0\n1 0\n") }.Apply(data, 0);
        split.ShouldKeepTheContract();
        split.Train.Data.Pairs().ShouldBe(["0 0", "0 1", "1 0", "1 1", "1 2", "1 3", "1 4", "1 5", "1 6", "3 0"]);
        split.Listing(split.Test).ShouldBe(["0 2", "0 3", "0 4", "0 5", "0 6", "3 1", "3 2", "3 3", "3 4", "3 5", "3 6"]);

        // Lists of one look like rows of a table.
        var train = new GivenFiles(test) { Train = Write("ones", "1 0\n1 4\n0\n1 0\n") };
        Should.Throw<InputException>(() => train.Apply(data, 0)).Message.ShouldContain("layout=counted-lines");
        var said = (GivenFiles)SplitterSyntax.Parse((train with { Layout = GivenLayout.CountedLines }).ToString());
        said.Layout.ShouldBe(GivenLayout.CountedLines);
        said.Apply(data, 0).Train.Data.Pairs().ShouldBe(["0 0", "1 4", "3 0"]);
        train.ToString().ShouldNotContain("layout"); // so that fingerprints of earlier splits stay

        Should.Throw<InputException>(() => new GivenFiles(Write("odd", "1 0\n2 4\n")) { Layout = GivenLayout.CountedLines }.Apply(data, 0)).Message.ShouldContain("line 2: begins with '2', and 1 more");
        Should.Throw<InputException>(() => SplitterSyntax.Parse("given(test=a,layout=lines)")).Message.ShouldContain("auto or counted-lines");
        Should.Throw<InputException>(() => new GivenFiles("a") { Layout = GivenLayout.CountedLines, Kind = GivenKind.Sessions }.Apply(data, 0)).Message.ShouldContain("interactions only");
    }

    [Fact]
    public void Held_out_rows_outside_the_data_come_from_the_file()
    {
        var split = new GivenFiles(Write("test", "2\t40\t3\t500\n")).Apply(Data, 0);
        split.Train.Interactions.Count.ShouldBe(7);
        split.Test.Targets.Values.ToArray().ShouldBe([3f]);
        split.Notes.ShouldContain(note => note.Contains("1 of 1 rows of 'test' are not in the data set"));
        Should.Throw<InputException>(() => new GivenFiles(Write("bare", "2\t40\n")).Apply(Data, 0)).Message.ShouldContain("lacks the value");
        Should.Throw<InputException>(() => new GivenFiles(Write("t", "1\t10\n")) { Train = Write("more", "2\t40\t3\t500\n") }.Apply(Data, 0))
            .Message.ShouldContain("must be in the data set");
    }

    [Fact]
    public void Of_repeated_pairs_the_newest_are_held_out()
    {
        var data = GeneratedData.Rows(("1", "a", 1, 1), ("2", "a", 1, 1), ("1", "a", 2, 2), ("1", "b", 1, 3));
        var split = new GivenFiles(Write("test", "1\tb\n")) { Validation = Write("v", "2\ta\n"), Train = Write("tr", "1\ta\n") }.Apply(data, 0);
        split.Train.Interactions.Values.ToArray().ShouldBe([2f]);
    }

    [Fact]
    public void Unknown_names_are_an_error_or_a_note()
    {
        var path = Write("test", "1\t30\n9\t30\n1\t77\n9\t77\n");
        var message = Should.Throw<InputException>(() => new GivenFiles(path).Apply(Data, 0)).Message;
        message.ShouldContain("3 of 4 rows");
        message.ShouldContain("name 1 users and 1 items that 'rows' does not have (user '9', item '77')");
        var split = new GivenFiles(path) { Unknown = UnknownIds.Drop }.Apply(Data, 0);
        split.Listing(split.Test).ShouldBe(["1 30"]);
        split.Notes.ShouldContain(note => note.Contains("were left out"));
    }

    [Theory]
    [InlineData("leave-one-out")]
    [InlineData("ratio:0.5")]
    public void Validation_can_be_taken_from_training(string validation)
    {
        var split = new GivenFiles(Write("test", "1\t30\n")) { Validation = validation }.Apply(Data, 5);
        split.ShouldKeepTheContract();
        split.Validation!.Targets.EntryCount.ShouldBe(2);
        split.Everything().ShouldBe(Data.Pairs().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Negatives_become_the_only_candidates()
    {
        var split = new GivenFiles(Write("test", "1\t30\n2\t20\n")) { Negatives = Write("negatives", "(1,30)\t20\t40\n(2,20)\t40\t20\n") }.Apply(Data, 0);
        split.ShouldKeepTheContract();
        split.Test.CandidateLabel.ShouldBe("sampled(2, file)");
        split.Test.Excluded.ShouldBeNull();
        Names(split, 0).ShouldBe(["20", "30", "40"]);
        Names(split, 1).ShouldBe(["20", "40"]);
        var missing = Should.Throw<InputException>(() => new GivenFiles(Write("test", "1\t30\n2\t20\n")) { Negatives = Write("n2", "(1,30)\t20\t99\n") }.Apply(Data, 0));
        missing.Problems.Count.ShouldBe(2);
        Should.Throw<InputException>(() => new GivenFiles(Write("test", "1\t30\n")) { Negatives = Write("n3", "1\t20\n") }.Apply(Data, 0))
            .Message.ShouldContain("row 1 does not begin with '(user,item)'");
    }

    [Fact]
    public void Published_files_are_read_through_their_map()
    {
        Write("x.test.rating", "0\t2\t3\t300\n1\t1\t5\t400\n");
        Write("x.test.negative", "(0,2)\t1\t3\n(1,1)\t3\t1\n");
        Write("x_item_to_movieid.tsv", "0\t10\n1\t20\n2\t30\n3\t40\n");
        var split = new NcfFiles(folder) { Validation = "leave-one-out" }.Apply(Data, 1);
        split.ShouldKeepTheContract();
        split.Listing(split.Test).ShouldBe(["1 30", "2 20"]);
        Names(split, 0).ShouldBe(["20", "30", "40"]);
        Names(split, 1).ShouldBe(["20", "40"]);
        split.Test.CandidateLabel.ShouldBe("sampled(2, file)");
        split.Validation!.Candidates.ShouldBeNull();
        split.WithValidationInTraining().Test.Candidates.ShouldNotBeNull();
    }

    [Fact]
    public void Published_files_without_a_map_use_numbers_as_they_are()
    {
        Write("test.rating", "1\t30\t3\t300\n");
        Write("test.negative", "(1,30)\t20\n");
        new NcfFiles(folder).Apply(Data, 1).Test.Count.ShouldBe(1);
        Should.Throw<InputException>(() => new NcfFiles(Path.Combine(folder, "none")).Apply(Data, 1)).Message.ShouldContain("there is no folder");
        File.Delete(Path.Combine(folder, "test.negative"));
        Should.Throw<InputException>(() => new NcfFiles(folder).Apply(Data, 1)).Message.ShouldContain("no file 'test.negative'");
    }

    [Fact]
    public void Session_files_are_asked_by_prefixes_in_the_order_of_fractional_times()
    {
        var clicks = GeneratedData.Rows(("1", "a", 1, 0), ("1", "b", 1, 1), ("2", "c", 1, 5), ("2", "a", 1, 6), ("3", "b", 1, 7), ("3", "c", 1, 8));
        var test = Write("test", "SessionId\tItemId\tTime\n8\ta\t100.75\n8\tb\t100.25\n8\tc\t101.5\n8\tzzz\t102\n3\tb\t7\n3\tc\t8\n1\tc\t90\n1\ta\t95\n");
        var split = new GivenFiles(test) { Kind = GivenKind.Sessions }.Apply(new Binarize().Apply(clicks), 0);
        split.ShouldKeepTheContract(repeats: true);
        SessionTests.Requests(split).ShouldBe(["b > c", "c > a", "b > a", "b a > c"], ignoreOrder: true);
        split.Train.Data.Users.Ids.ShouldBe(["1", "2"]);
        split.Notes.ShouldContain(note => note.StartsWith("1 sessions of 'test' are in the data set"));
        split.Notes.ShouldContain(note => note.StartsWith("1 sessions of 'test' have the name of a training session"));
        split.Notes.ShouldContain(note => note.StartsWith("1 test events of items that never occur"));
    }

    [Fact]
    public void A_held_out_session_that_lost_events_still_leaves_training()
    {
        var clicks = GeneratedData.Rows(("1", "a", 1, 0), ("1", "b", 1, 1), ("2", "a", 1, 5), ("2", "b", 1, 6), ("2", "c", 1, 7));
        var split = new GivenFiles(Write("test", "session,item\n2,b\n2,a\n")) { Kind = GivenKind.Sessions }.Apply(new Binarize().Apply(clicks), 0);
        split.Train.Data.Users.Ids.ShouldBe(["1"]);
    }

    [Fact]
    public void Session_files_may_name_training_and_validation()
    {
        var clicks = GeneratedData.Rows(("1", "a", 1, 0), ("1", "b", 1, 1), ("2", "b", 1, 5), ("2", "a", 1, 6), ("3", "b", 1, 7), ("3", "a", 1, 8));
        var splitter = new GivenFiles(Write("test", "session,item\n7,a\n7,b\n")) { Kind = GivenKind.Sessions, Train = Write("train", "session,item\n1,a\n2,b\n"), Validation = Write("v", "session,item\n3,b\n3,a\n") };
        var split = splitter.Apply(clicks, 0);
        split.Train.Data.Users.Ids.ShouldBe(["1", "2"]);
        split.Validation!.Count.ShouldBe(1);
        Should.Throw<InputException>(() => (splitter with { Train = Write("train2", "session,item\n1,a\n55,b\n") }).Apply(clicks, 0)).Message.ShouldContain("such as '55'");
    }

    [Theory]
    [InlineData("user,item,rating\n1,10,5\n1,,4\n2,,4\n2,20,good\n", "row 3 has no item (1 more rows like this)")]
    [InlineData("user,item,rating\n1,10,5\n2,20,good\n", "row 3 has the value 'good', which is no number")]
    [InlineData("lonely\n", "has a single column")]
    [InlineData("", "is empty")]
    public void Bad_files_are_explained(string content, string message) =>
        Should.Throw<InputException>(() => new GivenFiles(Write("bad", content)).Apply(Data, 0)).Message.ShouldContain(message);

    [Fact]
    public void A_missing_file_is_named_with_the_nearest_one()
    {
        Write("test.tsv", "1\t10\n");
        Should.Throw<InputException>(() => new GivenFiles(Path.Combine(folder, "tset.tsv")).Apply(Data, 0)).Message.ShouldContain("Did you mean 'test.tsv'?");
    }

    private static string[] Names(Split split, int request) => [.. split.Test.Candidates![request].ToArray().Select(item => split.Train.Data.Items[item]).Order(StringComparer.Ordinal)];

    private string Write(string name, string content)
    {
        var path = Path.Combine(folder, name);
        using Stream file = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(File.Create(path), CompressionMode.Compress) : File.Create(path);
        file.Write(Encoding.UTF8.GetBytes(content));
        return path;
    }
}
