using Tastemaker.Data;
using Tastemaker.Data.Import;
using Tastemaker.Data.Inspection;

namespace Tastemaker.Core.Tests.Data.Import;

/// <summary>Files that are damaged or written in several ways: rows that can be read are, and what cannot is said in a sentence without words of the engine.</summary>
public sealed class DamagedFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static string Problem(string path)
    {
        var problem = Should.Throw<InputException>(() => DatasetImport.Import(path)).Problems.ShouldHaveSingleItem();
        problem.ShouldContain(path);
        problem.ShouldNotContain("Invalid Input Error");
        return problem;
    }

    private static long[] Times(Dataset data) => data.Interactions.Times.ToArray();

    [Theory]
    [InlineData("user,item,rating\n1,a,3\r\n1,b,4\r\n2,a,5\n")]
    [InlineData("user,item,rating\r\n1,a,3\n1,b,4\r\n2,a,5")]
    [InlineData("user,item,rating\n1,a,3\r1,b,4\n2,a,5\n")]
    public void Lines_may_end_in_several_ways(string text)
    {
        var (data, report) = DatasetImport.ImportWithReport(DataOptions.From(folder.Write("mixed.csv", text)));

        data.Interactions.Values.ToArray().ShouldBe([3, 4, 5]);
        data.Items.Ids.ShouldBe(["a", "b"]);
        report.Warnings.ShouldContain(warning => warning.Contains("mixed.csv end in several ways", StringComparison.Ordinal));
    }

    [Fact]
    public void A_value_beyond_single_precision_is_a_row_that_cannot_be_read()
    {
        var (data, report) = DatasetImport.ImportWithReport(DataOptions.From(folder.Write("r.csv", "user,item,rating\n1,a,3\n1,b,1e39\n2,a,5\n")));
        data.Interactions.Values.ToArray().ShouldBe([3, 5]);
        report.Warnings.ShouldContain(warning => warning.Contains("row 2 (user '1', item 'b', value infinite, or beyond 3.4e38)", StringComparison.Ordinal));

        var table = DatasetImport.Import(folder.WriteParquet("r.parquet", "SELECT * FROM (VALUES (1, 'a', 3::DOUBLE), (1, 'b', 1e39), (2, 'a', 5)) t(user_id, item_id, rating)"));
        table.Interactions.Values.ToArray().ShouldBe([3, 5]);
    }

    [Fact]
    public void A_line_that_is_no_json_is_left_out_with_its_number_or_refuses_the_data()
    {
        var path = folder.Write("bad.jsonl", "{\"user\":\"1\",\"item\":\"a\",\"rating\":3}\n{\"user\":\"1\",\"item\":\"b\",\"rating\":4}\n{\"user\":\"2\",\"it\n{\"user\":\"3\",\"item\":\"b\",\"rating\":5}\n");

        var (data, report) = DatasetImport.ImportWithReport(DataOptions.From(path));
        var problem = Should.Throw<InputException>(() => DatasetImport.Import(DataOptions.From(path) with { OnBadRows = BadRowPolicy.Error })).Message;

        data.Interactions.Values.ToArray().ShouldBe([3, 4, 5]);
        report.Warnings.ShouldContain($"1 of 4 rows of {path} cannot be read and were left out. Set on-bad-rows to error to refuse such data.");
        report.Warnings.ShouldContain("Left out because it is no whole JSON object: 1 row, line 3: {\"user\":\"2\",\"it.");
        problem.ShouldContain("bad.jsonl, line 3: this is no whole JSON value");
        problem.ShouldContain("Fix or remove the line");
    }

    [Fact]
    public void Lines_that_are_json_and_no_object_are_left_out_too()
    {
        var path = folder.Write("odd.jsonl", "# a comment\n{\"user\":\"1\",\"item\":\"a\"}\n42\n{\"user\":\"1\",\"item\":\"b\"}\n[1,2]\n{\n \"user\":\"2\",\n \"item\":\"a\"}\n{\"user\":\"2\",\"item\":\"b\"}\n{\"user\":\"3\",\"item\":\"b\"}\n");
        var lines = folder.Write("lines.jsonl", string.Concat(File.ReadLines(path).Where((_, line) => line is not (5 or 6 or 7)).Select(line => line + "\n")));

        DatasetImport.ImportWithReport(DataOptions.From(lines)).Report.Warnings.ShouldContain(warning => warning.StartsWith("Left out because it is no whole JSON object: 3 rows, line 1: # a comment; line 3: 42; line 5: [1,2]", StringComparison.Ordinal));
        Should.Throw<InputException>(() => DatasetImport.Import(DataOptions.From(lines) with { OnBadRows = BadRowPolicy.Error })).Message.ShouldContain("line 1: this is no JSON object");
    }

    [Fact]
    public void The_types_of_json_are_those_of_all_rows()
    {
        var rows = Enumerable.Range(0, 30_000).Select(row => $"{{\"user_id\":{row % 500},\"item_id\":{row * 7 % 401},\"rating\":{(row < 25_000 ? "3" : "3.5")}{(row == 29_999 ? ",\"coupon\":\"x\"" : "")}}}\n");

        var data = DatasetImport.Import(DataOptions.From(folder.Write("long.jsonl", string.Concat(rows))));

        data.Interactions.Values.ToArray().Count(value => value == 3.5f).ShouldBe(5_000);
    }

    [Fact]
    public void A_file_of_which_most_lines_are_no_json_is_refused() =>
        Should.Throw<InputException>(() => DatasetImport.Import(DataOptions.From(folder.Write("worse.jsonl", "{\"user\":\"1\",\"item\":\"a\"}\n{\"user\"\n{\"user\":\n")))).Problems[0].ShouldStartWith("2 of 3 rows of");

    [Fact]
    public void Broken_parquet_says_that_it_is_damaged() => Problem(folder.Write("b.parquet", "PAR1garbagePAR1")).ShouldContain("is Parquet that is damaged");

    [Fact]
    public void Identifiers_with_a_null_character_are_rows_that_cannot_be_read()
    {
        var path = folder.Write("nul.csv", "user,item,rating\n1,a,3\n1\0,b,4\n2,b\0,5\n3,a,1\n4,a,2\n5,a,3\n");
        var (data, report) = DatasetImport.ImportWithReport(DataOptions.From(path));

        data.Users.Ids.ShouldBe(["1", "3", "4", "5"]);
        data.Items.Ids.ShouldBe(["a"]);
        report.Warnings.ShouldContain(warning => warning.Contains("the user holds the character U+0000: 1 row, row 2", StringComparison.Ordinal));
        report.Warnings.ShouldContain(warning => warning.Contains("the item holds the character U+0000: 1 row, row 3", StringComparison.Ordinal));
    }

    [Fact]
    public void Days_without_marks_beside_other_dates_are_days()
    {
        var (data, report) = DatasetImport.ImportWithReport(DataOptions.From(folder.Write("md.csv", "user,item,date\n1,a,2019-06-05\n1,b,20190606\n2,a,2019-06-07\n")));

        Times(data).ShouldBe([.. new[] { "2019-06-05", "2019-06-06", "2019-06-07" }.Select(day => Timestamps.Parse(day)!.Value)]);
        report.Warnings.ShouldHaveSingleItem().ShouldContain("Numbers such as 20190606");
    }

    [Fact]
    public void Times_that_look_wrong_are_said_by_every_import()
    {
        var path = folder.Write("early.csv", "user,item,time\n1,a,20190605\n1,b,1559779200\n2,a,1559779201\n");
        DatasetImport.ImportWithReport(DataOptions.From(path)).Report.Warnings.Count(warning => warning.Contains("lie before 1980", StringComparison.Ordinal)).ShouldBe(1);
        DatasetInspector.Inspect(DataOptions.From(path)).Warnings.Count(warning => warning.Contains("lie before 1980", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public void Distinct_values_of_refused_data_are_counted()
    {
        var rows = string.Concat(Enumerable.Range(0, 415).Select(row => $"{row},{row % 40}\n"));
        var source = SourceInspector.Inspect(DataOptions.From(folder.Write("r.csv", "user,item\n" + rows)), ["refused"]);
        source.Columns.Select(column => column.Distinct).ShouldBe([415, 40]);
    }
}
