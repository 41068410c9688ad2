using System.IO.Compression;
using System.Text;
using Tastemaker.Data.Import;

namespace Tastemaker.Core.Tests.Data.Import;

public sealed class DecodedCopiesTests : IDisposable
{
    private const string Ratings = "user,item,rating\nann,thé,3\nbob,thé,4\nann,kávé,5\n";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Utf16 => ["little", "big", "little without a mark", "big without a mark"];

    [Theory]
    [MemberData(nameof(Utf16))]
    public void UTF_16_is_read_as_the_same_data(string order)
    {
        var expected = DatasetImport.Import(folder.Write("plain.csv", Ratings)).Fingerprint;
        var mark = order.Contains("without", StringComparison.Ordinal) ? "" : "\uFEFF";
        var encoding = new UnicodeEncoding(order.StartsWith("big", StringComparison.Ordinal), byteOrderMark: false);

        var data = DatasetImport.Import(folder.Write("wide.csv", mark + Ratings, encoding));

        data.Fingerprint.ShouldBe(expected);
        data.Name.ShouldBe("wide");
    }

    [Fact]
    public void UTF_16_is_read_from_gzip_and_for_item_files_too()
    {
        using (var gzip = new GZipStream(File.Create(folder.At("wide.csv.gz")), CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.Unicode.GetBytes("\uFEFF" + Ratings));
        }

        var items = folder.Write("items.csv", "\uFEFFitem,title\nthé,Thé vert\n", Encoding.Unicode);
        DatasetImport.Import(new DataOptions { Paths = [folder.At("wide.csv.gz")], ItemFile = items }).ItemTitles!.Values.ShouldContain("Thé vert");
    }

    [Fact]
    public void Damaged_UTF_16_is_refused()
    {
        byte[] bytes = [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Ratings), 0x00, 0xD8, 0x41, 0x00];
        File.WriteAllBytes(folder.At("cut.csv"), bytes);
        Problem("cut.csv").ShouldStartWith($"{folder.At("cut.csv")} is damaged: ");
    }

    [Theory]
    [InlineData("ratings.csv")]
    [InlineData("deep/er/ratings.csv")]
    public void An_archive_of_one_file_is_read_as_that_file(string entry)
    {
        Zip("all.zip", (entry, Ratings), ("__MACOSX/._ratings.csv", "rubbish"));

        var (data, report) = DatasetImport.ImportWithReport(DataOptions.From(folder.At("all.zip")));

        data.Fingerprint.ShouldBe(DatasetImport.Import(folder.Write("plain.csv", Ratings)).Fingerprint);
        data.Name.ShouldBe("ratings");
        report.Sources.ShouldBe([Path.Combine(folder.At("all.zip"), "ratings.csv")]);
        data.History.Take(1).ShouldBe([$"imported from {Path.Combine(folder.At("all.zip"), "ratings.csv")}"]);
    }

    [Fact]
    public void An_archive_of_a_known_layout_is_read_as_its_folder()
    {
        Zip("ml.zip", ("ml/ratings.csv", "userId,movieId,rating,timestamp\n1,2,3,1000000000\n1,3,4,1000000001\n"), ("ml/movies.csv", "movieId,title,genres\n2,Two,Drama\n3,Three,Comedy\n"));

        var (data, report) = DatasetImport.ImportWithReport(DataOptions.From(folder.At("ml.zip")));

        report.Format.ShouldBe(DataFormat.MovieLens);
        data.Name.ShouldBe("ml");
        data.ItemTitles!.Values.ShouldBe(["Two", "Three"]);
    }

    [Fact]
    public void Errors_name_the_archive_and_not_the_copy()
    {
        Zip("bad.zip", ("r.csv", "user,item,rating\n1,2,3\n1,3,x\n"));
        Problem("bad.zip").ShouldStartWith($"{Path.Combine(folder.At("bad.zip"), "r.csv")}, line 3: column 'rating' is not a number: 1,3,x.");
    }

    [Fact]
    public void Archives_that_do_not_say_what_to_read_are_refused()
    {
        Zip("two.zip", ("a.csv", Ratings), ("b.csv", Ratings));
        Problem("two.zip").ShouldContain("2 files in no known layout. Unpack it, and give the file of interactions: a.csv, b.csv.");
        Zip("table.xlsx", ("[Content_Types].xml", "<Types/>"), ("xl/workbook.xml", "<x/>"));
        Problem("table.xlsx").ShouldContain("spreadsheet");
        Zip("none.zip", ("folder/", ""));
        Problem("none.zip").ShouldContain("without a file");
        folder.Write("broken.zip", "PK\u0003\u0004 and no more of an archive");
        Problem("broken.zip").ShouldContain("is damaged");
    }

    [Fact]
    public void Copies_go_away_with_the_import()
    {
        Zip("all.zip", ("gone-with-the-import.csv", Ratings));
        DatasetImport.Import(folder.At("all.zip"));
        Directory.EnumerateDirectories(Path.GetTempPath(), "tastemaker-import-*")
            .Where(copies => Directory.Exists(Path.Combine(copies, "0", "all"))).ShouldBeEmpty();
    }

    private string Problem(string name) => Should.Throw<InputException>(() => DatasetImport.Import(DataOptions.From(folder.At(name)) with { OnBadRows = BadRowPolicy.Error })).Problems[0];

    private void Zip(string name, params (string Name, string Text)[] entries)
    {
        using var archive = ZipFile.Open(folder.At(name), ZipArchiveMode.Create);
        foreach (var (path, text) in entries)
        {
            using var entry = archive.CreateEntry(path).Open();
            entry.Write(Encoding.UTF8.GetBytes(text));
        }
    }
}
