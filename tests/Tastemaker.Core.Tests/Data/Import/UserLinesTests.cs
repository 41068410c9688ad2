using Tastemaker.Core.Tests.Data.Splits;
using Tastemaker.Data.Import;
using Tastemaker.Data.Splits;

namespace Tastemaker.Core.Tests.Data.Import;

public sealed class UserLinesTests : IDisposable
{
    private const string Lines = "0 10 11 12 13\n1 11 \n2\n3 13 10\n";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("train.txt", Lines)]
    [InlineData("tabs.txt", "0\t10\t11\t12\t13\r\n1\t11\r\n2\r\n3\t13\t10\r\n")]
    public void A_line_a_user_is_recognized(string name, string text)
    {
        foreach (var path in new[] { folder.Write(name, text), folder.WriteGzip(name + ".gz", text) })
        {
            var (data, report) = DatasetImport.ImportWithReport(DataOptions.From(path));
            report.Format.ShouldBe(DataFormat.UserLines);
            data.Pairs().ShouldBe(["0 10", "0 11", "0 12", "0 13", "1 11", "3 13", "3 10"]);
            data.Interactions.HasValues.ShouldBeFalse();
        }
    }

    [Fact]
    public void A_training_and_a_test_file_are_one_data_set_that_a_given_split_takes_apart()
    {
        var (train, test) = (folder.Write("train.txt", Lines), folder.Write("test.txt", "0 14 10 15 16\n1 10 12\n2 11 10\n"));
        var (data, report) = DatasetImport.ImportWithReport(new DataOptions { Paths = [train, test] });

        report.Format.ShouldBe(DataFormat.UserLines);
        data.Pairs().ShouldBe(["0 10", "0 11", "0 12", "0 13", "1 11", "3 13", "3 10", "0 14", "0 10", "0 15", "0 16", "1 10", "1 12", "2 11", "2 10"]);
        SplitterSyntax.Parse($"given(test={test})").Apply(data, 1).Test.Count.ShouldBe(3);
    }

    [Fact]
    public void Lines_of_words_get_the_hint_to_name_their_format()
    {
        var path = folder.Write("lines.txt", "anna x1 x2 x3 x4 x5\nbert x2 x3\ncleo x1 x5 x4 x2\n");
        string[] said;
        try
        {
            said = [.. DatasetImport.ImportWithReport(DataOptions.From(path)).Report.Warnings];
        }
        catch (InputException refused)
        {
            said = [.. refused.Problems];
        }

        said.ShouldContain(text => text.Contains("say --format user-lines"));
        DatasetImport.Import(DataOptions.From(path) with { Format = DataFormat.UserLines }).Interactions.Count.ShouldBe(11);
    }

    [Fact]
    public void Words_are_read_where_the_layout_is_named()
    {
        var path = folder.Write("words.txt", "ann tea cake\nbob tea\n");
        DatasetImport.Import(new DataOptions { Paths = [path], Format = DataFormat.UserLines }).Pairs().ShouldBe(["ann tea", "ann cake", "bob tea"]);
    }

    [Theory]
    [InlineData("1 10 5\n1 20 3 4 5\n2 10 4\n")] // a user twice: ratings with a broken line
    [InlineData("1 10 5 100\n2 20 3 200\n3 10 4 300\n")]
    [InlineData("1 10\n2 20 30 5 x\n3 10\n")]
    public void What_may_be_a_table_is_read_as_one(string text)
    {
        var path = folder.Write("table.txt", text);
        try
        {
            DatasetImport.ImportWithReport(DataOptions.From(path)).Report.Format.ShouldBe(DataFormat.Csv);
        }
        catch (InputException broken)
        {
            broken.Message.ShouldContain("columns expected");
        }
    }

    [Fact]
    public void Given_parts_may_be_written_so_too()
    {
        var data = DatasetImport.Import(folder.Write("train.txt", Lines));
        var split = new GivenFiles(folder.Write("test.txt", "0\n1 10 12 13 77\n2 10\n")) { Unknown = UnknownIds.Drop }.Apply(data, 0);
        split.ShouldKeepTheContract();
        split.Listing(split.Test).ShouldBe(["1 10", "1 12", "1 13"]);
        split.Train.Interactions.Count.ShouldBe(7);
        split.Notes.ShouldContain(note => note.Contains("2 of 5 rows"));
    }
}
