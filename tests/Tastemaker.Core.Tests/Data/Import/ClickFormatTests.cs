using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Data.Import;

namespace Tastemaker.Core.Tests.Data.Import;

public sealed class ClickFormatTests : IDisposable
{
    private const string AvazuHeader = "id,click,hour,C1,banner_pos,site_id,device_type";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData('\t', false)]
    [InlineData(',', true)]
    [InlineData('\t', true)]
    public void Criteo_is_recognized_with_and_without_a_header(char delimiter, bool header)
    {
        var names = Enumerable.Range(1, 13).Select(number => $"I{number}").Concat(Enumerable.Range(1, 26).Select(number => $"C{number}"));
        var text = (header ? string.Join(delimiter, names.Prepend("label")) + "\n" : "")
            + CriteoRow(delimiter, "0", "3", "05db9164") + CriteoRow(delimiter, "1", "", "") + CriteoRow(delimiter, "1", "-2", "68fd1e64");

        var (data, report) = DatasetImport.ImportWithReport(DataOptions.From(folder.WriteGzip("day.gz", text)));

        (report.Format, data.IsLabelled, data.Users.Count, data.Items.Ids[0]).ShouldBe((DataFormat.Criteo, true, 1, "label"));
        report.Warnings.ShouldBeEmpty();
        data.Interactions.Values.ToArray().ShouldBe([0, 1, 1]);
        data.InteractionFeatures!.Columns.Count.ShouldBe(39);
        Expect.Numbers(data.InteractionFeatures, "I1").ShouldBe([3, float.NaN, -2]);
        Expect.Categories(data.InteractionFeatures, "C26").ShouldBe(["05db9164", null, "68fd1e64"]);
    }

    [Fact]
    public void Criteo_rows_that_are_none_are_named()
    {
        var good = CriteoRow('\t', "1", "7", "05db9164");
        // Beyond what is looked at to recognize the layout.
        var path = folder.Write("train.txt", string.Concat(Enumerable.Repeat(good, 300)) + good.Replace("7", "many", StringComparison.Ordinal));
        Problem(path).ShouldStartWith($"1 values of column 'I1' of {path} are not numbers.");
        Problem(folder.Write("test.txt", good[2..]), DataFormat.Criteo).ShouldContain("the published test part has no labels");
    }

    [Fact]
    public void Avazu_hours_become_times_and_features_and_row_numbers_leave()
    {
        var path = folder.Write("avazu.csv", $"{AvazuHeader}\n1000009418151094273,0,14102100,1005,0,1fbe01fe,1\n10000169349117863715,1,14102723,1005,,85f751fd,1\n");

        var (data, report) = DatasetImport.ImportWithReport(DataOptions.From(path));

        (report.Format, data.IsLabelled, data.Items.Ids[0]).ShouldBe((DataFormat.Avazu, true, "click"));
        data.Interactions.Values.ToArray().ShouldBe([0, 1]);
        data.Interactions.Times.ToArray().Select(Timestamps.Seconds).ShouldBe([Seconds(2014, 10, 21, 0), Seconds(2014, 10, 27, 23)]);
        data.InteractionFeatures!.Columns.Select(column => column.Name).ShouldBe(["hour_of_day", "weekday", "C1", "banner_pos", "site_id", "device_type"]);
        data.InteractionFeatures.Columns.ShouldAllBe(column => column is CategoricalColumn);
        Expect.Categories(data.InteractionFeatures, "hour_of_day").ShouldBe(["0", "23"]);
        Expect.Categories(data.InteractionFeatures, "weekday").ShouldBe(["Tuesday", "Monday"]);
        Expect.Categories(data.InteractionFeatures, "banner_pos").ShouldBe(["0", null]);

        var asked = DatasetImport.Import(new DataOptions { Paths = [path], Item = "site_id" });
        asked.Items.Ids.ShouldBe(["1fbe01fe", "85f751fd"]);
        asked.InteractionFeatures!.Find("site_id").ShouldBeNull();
    }

    [Fact]
    public void Avazu_rows_that_are_none_are_named()
    {
        var path = folder.Write("avazu.csv", $"{AvazuHeader}\n1,0,14102100,1005,0,a,1\n2,1,14139900,1005,0,b,1\n");
        Problem(path).ShouldContain("row 2 (not counting a header line): the time is missing");
        Problem(folder.Write("short.csv", $"{AvazuHeader}\n1,0,14102100,1005,0,a,1\n2,1,14102100\n")).ShouldContain("line 3: fewer than the 7 columns expected");
        Problem(folder.Write("test.csv", "id,hour,C1\n1,14102100,1005\n"), DataFormat.Avazu).ShouldContain("the published test part, without labels");
    }

    [Fact]
    public void Libsvm_rows_are_sets_of_weighted_categories()
    {
        var (data, report) = DatasetImport.ImportWithReport(DataOptions.From(folder.Write("a9a.txt", "+1 3:1 11:0.5 14:-2e1\n-1 11:1 \n1\n0 3:1 # said by hand\n\n")));

        (report.Format, data.IsLabelled).ShouldBe((DataFormat.Libsvm, true));
        data.Interactions.Values.ToArray().ShouldBe([1, 0, 1, 0]);
        var features = data.InteractionFeatures!.Columns.Single().ShouldBeOfType<MultiCategoricalColumn>();
        features.Categories.Ids.ShouldBe(["3", "11", "14"]);
        Row(features, 0).ShouldBe("3:1 11:0.5 14:-20");
        Enumerable.Range(1, 3).Select(row => Row(features, row)).ShouldBe(["11:1", "", "3:1"]);
    }

    [Fact]
    public void Weights_that_are_all_one_are_none()
    {
        var data = DatasetImport.Import(folder.WriteGzip("ones.gz", "1 3:1 11:1.0\n0 3:1\n"));
        ((MultiCategoricalColumn)data.InteractionFeatures!.Columns[0]).Values.HasValues.ShouldBeFalse();
    }

    [Fact]
    public void Libffm_rows_are_a_set_for_each_field()
    {
        var path = folder.Write("train.ffm", "1 0:7:1 1:20:0.25 1:21:0.75 10:3:1\n0 1:20:1 0:8:1\n");

        var (data, report) = DatasetImport.ImportWithReport(new DataOptions { Paths = [path], FileColumn = "file" });

        report.Format.ShouldBe(DataFormat.Libffm);
        data.InteractionFeatures!.Columns.Select(column => column.Name).ShouldBe(["field0", "field1", "field10", "file"]);
        string[] Rows(string name) => [.. Enumerable.Range(0, 2).Select(row => Row((MultiCategoricalColumn)data.InteractionFeatures!.Find(name)!, row))];
        Rows("field0").ShouldBe(["7", "8"]);
        Rows("field1").ShouldBe(["20:0.25 21:0.75", "20:1"]);
        Rows("field10").ShouldBe(["3", ""]);
        Expect.Categories(data.InteractionFeatures, "file").ShouldBe(["train.ffm", "train.ffm"]);
    }

    [Fact]
    public void Sparse_rows_that_are_none_are_named()
    {
        var path = folder.Write("odd.txt", "1 3:1\n2 3:1\n1 3:x\n");
        var message = Problem(path, DataFormat.Libsvm);
        message.ShouldStartWith($"{path}, row 2: '2 3:1' is no row of LIBSVM (label index:value ...)");
        message.ShouldContain("1 more rows like it");
        Problem(folder.Write("svm.txt", "1 3:1\n"), DataFormat.Libffm).ShouldContain("LIBFFM (label field:index:value ...)");
    }

    [Theory]
    [InlineData("1 3:1\n2 3:1\n")]
    [InlineData("0 0\n1 1\n")]
    [InlineData("1 12:30:05 4\n")]
    public void What_may_be_something_else_is_not_taken_for_sparse_rows(string text)
    {
        try
        {
            DatasetImport.ImportWithReport(new DataOptions { Paths = [folder.Write("t.txt", text)], Header = HeaderLine.Absent }).Report.Format.ShouldBe(DataFormat.Csv);
        }
        catch (InputException error)
        {
            error.Message.ShouldNotContain("LIB");
        }
    }

    // Category and weight, or the category alone where none has a weight.
    private static string Row(MultiCategoricalColumn column, int row) => string.Join(' ', Enumerable.Range(0, column.Values.Length(row)).Select(entry =>
        column.Categories[column.Values[row][entry]] + (column.Values.HasValues ? FormattableString.Invariant($":{column.Values.RowValues(row)[entry]}") : "")));

    private static string CriteoRow(char delimiter, string label, string count, string hash) =>
        string.Join(delimiter, [label, count, .. Enumerable.Repeat("12", 12), .. Enumerable.Repeat("1adce6ef", 25), hash]) + "\n";

    private static long Seconds(int year, int month, int day, int hour) => new DateTimeOffset(year, month, day, hour, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    private static string Problem(string path, DataFormat format = DataFormat.Auto) =>
        Should.Throw<InputException>(() => DatasetImport.Import(new DataOptions { Paths = [path], Format = format, OnBadRows = BadRowPolicy.Error })).Problems[0];
}
