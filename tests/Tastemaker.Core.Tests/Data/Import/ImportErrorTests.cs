using Tastemaker.Data.Import;

namespace Tastemaker.Core.Tests.Data.Import;

public sealed class ImportErrorTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_missing_file_names_the_nearest_in_its_folder()
    {
        folder.Write("ratings.csv", "user,item\n1,2\n");

        Problem(folder.At("rating.csv")).ShouldBe($"{folder.At("rating.csv")} does not exist. Did you mean 'ratings.csv'?");
        Problem(folder.At("no-folder/r.csv")).ShouldContain("nor does its folder");
    }

    [Fact]
    public void All_missing_files_are_named_at_once() =>
        Problems(new DataOptions { Paths = [folder.At("a.csv"), folder.At("b.csv")] }).Count.ShouldBe(2);

    [Fact]
    public void A_missing_column_lists_the_columns_found_and_the_nearest()
    {
        var path = folder.Write("r.csv", "user,item,stars\n1,2,3\n");

        var problems = Problems(new DataOptions { Paths = [path], Value = "star", Time = "when" });

        problems.Count.ShouldBe(2);
        problems[0].ShouldContain("has no column 'star'");
        problems[0].ShouldContain("Did you mean 'stars'?");
        problems[0].ShouldContain("user, item, stars");
        problems[1].ShouldContain("'when'");
    }

    [Fact]
    public void Unknown_names_of_users_and_items_are_both_reported()
    {
        var problems = Problems(DataOptions.From(folder.Write("r.csv", "who,what,rating\nann,tea,3\nbob,tea,4\n")));

        problems.Count.ShouldBe(2);
        problems.ShouldAllBe(problem => problem.Contains("who, what, rating"));
    }

    [Fact]
    public void Rows_that_cannot_be_parsed_are_shown_with_line_and_text_and_the_rest_counted()
    {
        var rows = string.Concat(Enumerable.Range(1, 30).Select(row => row % 5 == 0 ? $"{row},{row},bad{row}\n" : $"{row},{row},3\n"));
        var path = folder.Write("r.csv", "user,item,rating\n" + rows);

        var problems = Problems(DataOptions.From(path));

        problems.Single().ShouldStartWith($"{path}, line 6: column 'rating' is not a number: 5,5,bad5; 5 more rows like it (line 11, line 16, ...). Fix or remove");
    }

    [Fact]
    public void Rows_of_the_wrong_width_and_of_the_wrong_type_are_reported_together()
    {
        var problems = Problems(DataOptions.From(folder.Write("r.csv", "user,item,rating\n1,2,3\n1,2,x\n1,2\n1,3,4,5\n2,2,4\n")));

        problems.Count.ShouldBe(3);
        problems[0].ShouldContain("line 3: column 'rating' is not a number: 1,2,x");
        problems[1].ShouldContain("line 4: fewer than the 3 columns expected: 1,2");
        problems[2].ShouldContain("line 5: more than the 3 columns expected: 1,3,4,5");
    }

    [Fact]
    public void A_number_that_comes_late_is_found_beyond_the_sampled_rows()
    {
        var rows = string.Concat(Enumerable.Range(1, 60_000).Select(row => $"{row},{row % 7},{(row == 55_000 ? "five" : "5")}\n"));

        Problem(folder.Write("r.csv", "user,item,rating\n" + rows)).ShouldContain("line 55001: column 'rating' is not a number: 55000,");
    }

    [Fact]
    public void Text_in_a_numeric_column_of_a_table_is_found_by_row()
    {
        var path = folder.WriteParquet("r.parquet", "SELECT i AS user_id, i AS item_id, CASE WHEN i = 7 THEN 'seven' ELSE '3' END AS rating FROM range(20) t(i)");

        Problem(path).ShouldContain("row 8 (not counting a header line): the value is not a finite number (user '7', item '7', value 'seven')");
    }

    [Fact]
    public void Missing_users_items_and_values_and_values_that_are_no_numbers_are_each_reported_once()
    {
        var problems = Problems(DataOptions.From(folder.Write("r.csv", "user,item,rating\n1,2,3\n,2,3\n1,,3\n1,3,\n1,4,NaN\n1,5,nan\n1,6,inf\n")));

        problems.Count.ShouldBe(4);
        problems[0].ShouldContain("row 2 (not counting a header line): the user is missing (user '', item '2', value 3)");
        problems[1].ShouldContain("row 3 (not counting a header line): the item is missing");
        problems[2].ShouldContain("row 4 (not counting a header line): the value is missing");
        problems[3].ShouldContain("the value is not a finite number");
        problems[3].ShouldContain("2 more rows like it");
    }

    [Theory]
    [InlineData("empty.csv", "", "is empty")]
    [InlineData("blank.csv", "\n\n", "no line of data")]
    [InlineData("header.csv", "user,item,rating\n", "no row of data")]
    [InlineData("one.csv", "apple\npear\n", "no delimiter was recognized")]
    [InlineData("twice.csv", "user,item,item\n1,2,3\n", "more than once")]
    public void Files_without_data_say_so(string name, string text, string message) => Problem(folder.Write(name, text)).ShouldContain(message);

    [Fact]
    public void Identifiers_that_differ_only_by_white_space_are_an_error_that_trim_heals()
    {
        var path = folder.Write("r.csv", "user,item\nann,tea\nann ,\"green  tea\"\nbob,green tea\n");

        var problems = Problems(DataOptions.From(path));
        problems.Count.ShouldBe(2);
        problems[0].ShouldContain("'ann' and 'ann '");
        problems[0].ShouldContain("trim");

        var trimmed = DatasetImport.Import(new DataOptions { Paths = [path], Trim = true });
        trimmed.Users.Ids.ShouldBe(["ann", "bob"]);
        trimmed.Items.Ids.ShouldBe(["tea", "green tea"]);
    }

    [Fact]
    public void Identifiers_that_differ_only_by_case_are_a_warning()
    {
        var (data, report) = DatasetImport.ImportWithReport(DataOptions.From(folder.Write("r.csv", "user,item\nAnn,tea\nann,tea\n")));

        data.Users.Count.ShouldBe(2);
        report.Warnings.Single().ShouldContain("'Ann' and 'ann'");
    }

    [Fact]
    public void Files_that_are_not_what_their_names_say_are_refused()
    {
        Problem(folder.Write("plain.csv.gz", "user,item\n1,2\n")).ShouldContain("is named .gz but is not gzip");
        Problem(folder.Write("plain.parquet", "user,item\n1,2\n3,4\n")).ShouldContain("is not a Parquet file");
        Problem(folder.Write("plain.jsonl", "user,item\n1,2\n")).ShouldContain("is named JSON but starts with");
        Problem(folder.Write("data.csv", "SQLite format 3\0rest")).ShouldContain("sqlite:PATH");
        File.Move(folder.WriteParquet("p.parquet", "SELECT 1 AS user_id, 2 AS item_id"), folder.At("p.csv"));
        Problem(folder.At("p.csv")).ShouldContain("Parquet file: rename it");
    }

    [Fact]
    public void A_gzip_file_without_the_name_is_read() =>
        DatasetImport.Import(Renamed(folder.WriteGzip("r.csv.gz", "user,item\n1,2\n"), "r.csv")).Interactions.Count.ShouldBe(1);

    [Fact]
    public void A_gzip_file_cut_short_is_refused()
    {
        var path = folder.WriteGzip("r.csv.gz", "user,item\n" + string.Concat(Enumerable.Range(0, 50_000).Select(row => $"{row * 7919 % 10_007},{row}\n")));
        using (var stream = File.OpenWrite(path))
        {
            stream.SetLength(stream.Length / 2);
        }

        Should.Throw<InputException>(() => DatasetImport.Import(path));
    }

    [Fact]
    public void Options_that_cannot_be_are_refused_together()
    {
        var problems = Problems(new DataOptions { Threads = 0, Quote = "ab", Features = new Dictionary<string, string> { ["age"] = "number" } });

        problems.Count.ShouldBe(4);
        problems.ShouldContain(problem => problem.Contains("no kind of feature") && problem.Contains("numeric"));
    }

    [Fact]
    public void Features_of_columns_that_do_not_exist_are_refused()
    {
        var path = folder.Write("r.csv", "user,item,age\n1,2,3\n");

        Problems(new DataOptions { Paths = [path], Features = new Dictionary<string, string> { ["ages"] = "numeric" } }).Single().ShouldContain("Did you mean 'age'?");
    }

    [Fact]
    public void Dates_in_the_place_of_identifiers_ask_for_the_columns()
    {
        var path = folder.Write("clicks.dat", "1,2014-04-07T10:51:09.277Z,214,0\n2,2014-04-07T10:54:09.868Z,215,0\n");

        Problem(path).ShouldContain("column2");
        DatasetImport.Import(new DataOptions { Paths = [path], User = "1", Time = "2", Item = "3" }).Interactions.Times[0].ShouldBe(1396867869_277_000);
    }

    [Fact]
    public void Files_read_together_must_agree()
    {
        folder.Write("a.csv", "user,item\n1,2\n");
        folder.Write("b.csv", "item,user\n1,2\n");

        Problem(folder.At("?.csv")).ShouldContain("must agree");
    }

    [Fact]
    public void Databases_need_a_query_that_works()
    {
        Problems(new DataOptions { Paths = ["sqlite:x.db"] }).Single().ShouldContain("needs a query");
        Problems(new DataOptions { Paths = ["x.csv"], Query = "SELECT 1" }).Single().ShouldContain("needs one database");
        Problem("postgres://reader@host/shop").ShouldContain("Host=localhost");
        Problems(new DataOptions { Paths = [$"sqlite:{folder.At("x.db")}"], Query = "SELECT 1" }).Single().ShouldContain("does not exist");
        folder.Write("y.db", "");
        Problems(new DataOptions { Paths = [$"sqlite:{folder.At("y.db")}"], Query = "SELECT * FROM missing" }).Single().ShouldContain("no such table");
    }

    [Fact]
    public void A_folder_of_no_known_layout_lists_what_it_holds()
    {
        folder.Write("notes.txt", "nothing");

        Problem(folder.Path).ShouldContain("notes.txt");
    }

    [Fact]
    public void Cancellation_stops_an_import()
    {
        var path = folder.Write("r.csv", "user,item\n1,2\n");

        Should.Throw<OperationCanceledException>(() => DatasetImport.Import(DataOptions.From(path), null, new CancellationToken(canceled: true)));
    }

    private static string Problem(string path) => Problems(DataOptions.From(path))[0];

    // What would be left out is told in full where it is refused.
    private static IReadOnlyList<string> Problems(DataOptions options) =>
        Should.Throw<InputException>(() => DatasetImport.Import(options with { OnBadRows = BadRowPolicy.Error })).Problems;

    private string Renamed(string path, string name)
    {
        File.Move(path, folder.At(name));
        return folder.At(name);
    }
}
