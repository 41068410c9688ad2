using System.IO.Compression;
using System.Text;
using Tastemaker.Data.Import;

namespace Tastemaker.Core.Tests.Data.Import;

/// <summary>Rows that cannot be read, and files that are not whole.</summary>
public sealed class BadRowTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Rows_that_cannot_be_read_are_left_out_counted_and_shown()
    {
        var path = folder.Write("r.csv", "user,item,rating\nann,tea,5\n,milk,3\nbob,,4\neve,rum,much\nbob,tea\nbob,tea,2\nann,water,1\nann,coffee,2\nbob,water,4\nbob,cake,4\n");

        var (data, report) = DatasetImport.ImportWithReport(DataOptions.From(path));

        data.Interactions.Values.ToArray().ShouldBe([5, 2, 1, 2, 4, 4]);
        data.Users.Ids.ShouldBe(["ann", "bob"]);
        data.Items.Ids.ShouldBe(["tea", "water", "coffee", "cake"]); // what bad rows alone hold is unknown
        report.Rows.ShouldBe(6);
        report.Warnings[0].ShouldBe($"4 of 10 rows of {path} cannot be read and were left out. Set on-bad-rows to error to refuse such data.");
        report.Warnings.ShouldContain("Left out because the user is missing: 1 row, row 2 (user '', item 'milk', value 3).");
        report.Warnings.ShouldContain("Left out because the item is missing: 1 row, row 3 (user 'bob', item '', value 4).");
        report.Warnings.ShouldContain("Left out because column 'rating' is not a number: 1 row, line 5: eve,rum,much.");
        report.Warnings.ShouldContain("Left out because fewer than the 3 columns expected: 1 row, line 6: bob,tea.");
        Should.Throw<InputException>(() => DatasetImport.Import(DataOptions.From(path) with { OnBadRows = BadRowPolicy.Error })).Problems.Count.ShouldBe(4);
    }

    [Fact]
    public void A_row_number_counts_lines_that_were_left_out_before_it()
    {
        var path = folder.Write("r.csv", "user,item,rating\na,b\nann,tea,5\n,milk,3\nbob,rum,3\n");

        DatasetImport.ImportWithReport(DataOptions.From(path)).Report.Warnings.ShouldContain(warning => warning.Contains("row 3 (user '', item 'milk'"));
    }

    [Fact]
    public void Features_of_bad_rows_go_with_them_and_numbers_that_are_none_are_missing()
    {
        var rows = string.Concat(Enumerable.Range(0, 20_100).Select(row => $"{row % 50},{row % 70},{row % 9}\n"));
        var path = folder.Write("r.csv", "user,item,price\n" + rows + "1,2,cheap\n,3,8\n4,5,6\n");

        var (data, report) = DatasetImport.ImportWithReport(DataOptions.From(path));

        var prices = Expect.Numbers(data.InteractionFeatures!, "price");
        prices.Length.ShouldBe(20_102);
        prices[^2..].ShouldBe([float.NaN, 6]);
        report.Warnings.ShouldContain(warning => warning.StartsWith($"1 values of column 'price' of {path} are not numbers and count as missing."));
    }

    [Fact]
    public void Where_most_rows_are_bad_the_data_is_refused_with_advice()
    {
        var path = folder.Write("r.csv", "user,item,rating\nann,tea,a\nbob,tea,b\neve,tea,1\n");

        var problems = Should.Throw<InputException>(() => DatasetImport.Import(path)).Problems;

        problems[0].ShouldStartWith($"2 of 3 rows of {path} cannot be read. That is more than half");
        problems[1].ShouldContain("column 'rating' is not a number: ann,tea,a");
    }

    [Fact]
    public void A_quote_that_does_not_end_is_refused_because_the_rows_after_it_would_be_lost()
    {
        var path = folder.Write("r.csv", "user,item\nann,\"tea\nbob,rum\n" + string.Concat(Enumerable.Range(0, 100).Select(row => $"u{row},i{row}\n")));

        Should.Throw<InputException>(() => DatasetImport.Import(path)).Message.ShouldContain("quote to none");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(300)]
    [InlineData(5_000)]
    public void A_gzip_file_cut_anywhere_is_refused(int bytes)
    {
        var path = folder.WriteGzip("r.csv.gz", "user,item\n" + Rows(30_000));
        using (var stream = File.OpenWrite(path))
        {
            stream.SetLength(stream.Length - bytes);
        }

        Should.Throw<InputException>(() => DatasetImport.Import(path)).Message.ShouldStartWith($"{path} is gzip that is cut short or damaged");
    }

    [Theory]
    [InlineData(6)]
    [InlineData(2)]
    public void A_gzip_file_with_a_wrong_checksum_or_length_is_refused(int fromEnd)
    {
        var path = folder.WriteGzip("r.csv.gz", "user,item\n" + Rows(1_000));
        var bytes = File.ReadAllBytes(path);
        bytes[^fromEnd] ^= 1;
        File.WriteAllBytes(path, bytes);

        Should.Throw<InputException>(() => DatasetImport.Import(path)).Message.ShouldContain("checksum or its length does not agree");
    }

    [Fact]
    public void A_gzip_file_of_several_parts_is_whole()
    {
        var path = folder.WriteGzip("a.csv.gz", "user,item\n1,2\n3,4\n");
        var (first, second) = (File.ReadAllBytes(path), File.ReadAllBytes(folder.WriteGzip("b.csv.gz", "5,6\n")));
        File.WriteAllBytes(path, [.. first, .. second]);

        DatasetImport.Import(path).Interactions.Count.ShouldBe(3);
        File.WriteAllBytes(path, [.. first, .. second[..^9]]);
        Should.Throw<InputException>(() => DatasetImport.Import(path)).Message.ShouldContain("cut short");
    }

    [Fact]
    public void A_gzip_file_inside_a_layout_is_checked_too()
    {
        folder.Write("ratings.csv", "userId,movieId,rating,timestamp\n1,2,3,4\n1,3,3,5\n");
        var films = folder.WriteGzip("movies.csv.gz", "movieId,title,genres\n" + string.Concat(Enumerable.Range(0, 9_000).Select(film => $"{film},Film {film * 7919 % 10_007},Drama\n")));
        File.WriteAllBytes(films, File.ReadAllBytes(films)[..^100]);

        Should.Throw<InputException>(() => DatasetImport.Import(folder.Path)).Message.ShouldContain(films);
    }

    [Fact]
    public void A_line_without_end_is_refused_with_the_place_where_it_begins()
    {
        var path = folder.Write("r.csv", "user,item\n1,2\n" + new string('x', 5_000_000));

        Should.Throw<InputException>(() => DatasetImport.Import(path)).Message.ShouldStartWith($"{path} has a line of more than 2,000,000 bytes, from byte 14 of its text on.");
    }

    private static string Rows(int count) => string.Concat(Enumerable.Range(0, count).Select(row => $"{row * 7919 % 10_007},{row}\n"));
}
