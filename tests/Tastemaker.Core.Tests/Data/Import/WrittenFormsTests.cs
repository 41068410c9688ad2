using System.Text;
using Tastemaker.Data;
using Tastemaker.Data.Import;
using Tastemaker.Data.Inspection;

namespace Tastemaker.Core.Tests.Data.Import;

/// <summary>The ways people write the same numbers, dates and texts.</summary>
public sealed class WrittenFormsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("2021-01-06T08:26:00Z", "2021-01-16T20:05:00Z", null)]
    [InlineData("1/6/2021 8:26", "1/16/2021 20:05", null)]
    [InlineData("6/1/2021 8:26", "16/1/2021 20:05", null)]
    [InlineData("06.01.2021 08:26", "16.01.2021 20:05", null)]
    [InlineData("06.01.2021 08:26:00", "2021-01-16 20:05", null)]
    [InlineData("1/6/2021 8:26 AM", "1/16/2021 8:05 PM", null)]
    [InlineData("6 Jan 2021 08:26", "16 Jan 2021 20:05", null)]
    [InlineData("2021/01/06 08:26", "2021/01/16 20:05", null)]
    [InlineData("1609921560", "1610827500000", null)]
    [InlineData("1609921560", "2021-01-16T21:05:00+01:00", null)]
    [InlineData("06|01|2021, 0826", "16|01|2021, 2005", "%d|%m|%Y, %H%M")]
    [InlineData("6/1/2021 8:26", "16/1/2021 20:05", "day-first")]
    public void Dates_are_times_however_they_are_written(string first, string second, string? format)
    {
        var path = folder.Write("r.csv", $"user,item,purchased_at\n1,7,\"{first}\"\n1,8,\"{second}\"\n");

        var data = DatasetImport.Import(DataOptions.From(path) with { Time = "purchased_at", TimeFormat = format });

        var times = data.Interactions.Times;
        (times[1] - times[0]).ShouldBe((1_610_827_500 - 1_609_921_560) * (times[0] / 1_609_921_560));
        (times[0] % 1_609_921_560).ShouldBe(0);
    }

    [Theory]
    [InlineData("u1,i1,3,good stuff", false, true)] // a review in the place of the time
    [InlineData("u1,i1,click,1609921560", true, false)] // an event in the place of the value
    [InlineData("u1,i1,3,6 Jan 2021 08:26", true, true)]
    [InlineData("u1,i1,\"3,5\",1609921560", true, true)]
    [InlineData("u1;i1;3,5;1609921560", true, true)]
    [InlineData("u1,i1,2021-01-06", true, false)]
    [InlineData("u1,i1,3,true", false, true)]
    public void Without_a_header_line_words_are_no_value_and_no_time(string line, bool hasTime, bool hasValue)
    {
        var (data, report) = DatasetImport.ImportWithReport(DataOptions.From(folder.Write("r.csv", string.Concat(Enumerable.Range(1, 9).Select(number => line.Replace("u1", $"u{number}", StringComparison.Ordinal) + "\n")))));

        (data.Interactions.Count, data.Interactions.HasTimes, data.Interactions.HasValues).ShouldBe((9, hasTime, hasValue));
        report.Warnings.Count(warning => warning.Contains("holds neither numbers nor dates", StringComparison.Ordinal)).ShouldBe((hasTime && hasValue) || line.EndsWith("06", StringComparison.Ordinal) ? 0 : 1);
    }

    [Fact]
    public void Days_as_numbers_are_days_and_ambiguous_dates_are_noted()
    {
        var days = DatasetImport.Import(folder.Write("d.csv", "user,item,date\n1,7,20210106\n1,8,20210116\n"));
        (days.Interactions.Times[1] - days.Interactions.Times[0]).ShouldBe(10 * 86_400 * (days.Interactions.Times[0] / 1_609_891_200));

        var path = folder.Write("a.csv", "user,item,date\n1,7,1/6/2021\n1,8,2/7/2021\n");
        var (month, report) = DatasetImport.ImportWithReport(DataOptions.From(path));
        report.Warnings.Single().ShouldContain("set time-format to day-first");
        var day = DatasetImport.Import(DataOptions.From(path) with { TimeFormat = "day-first" });
        day.Fingerprint.ShouldNotBe(month.Fingerprint);
    }

    [Fact]
    public void The_only_dates_are_the_time_whatever_their_name_and_dates_of_birth_are_not()
    {
        var path = folder.Write("r.csv", "user,item,InvoiceDate\n1,7,12/1/2010 8:26\n1,8,12/24/2010 9:01\n");
        DatasetImport.Import(path).Interactions.HasTimes.ShouldBeTrue();
        DatasetImport.Import(DataOptions.From(path) with { Time = "none" }).Interactions.HasTimes.ShouldBeFalse();
        DatasetImport.Import(folder.Write("b.csv", "user,item,birth_date\n1,7,2001-02-03\n1,8,1999-01-01\n")).Interactions.HasTimes.ShouldBeFalse();
    }

    [Fact]
    public void A_few_times_that_are_none_are_bad_rows()
    {
        var path = folder.Write("r.csv", "user,item,date\n1,7,2021-01-06\n1,8,soon\n1,9,2021-01-08\n2,9,2021-01-09\n");

        var (data, report) = DatasetImport.ImportWithReport(DataOptions.From(path));

        data.Interactions.Count.ShouldBe(3);
        report.Warnings.ShouldContain("Left out because the time cannot be read: 1 row, row 2 (user '1', item '8', time 'soon').");
    }

    [Theory]
    [InlineData("1,5;2,0;-3", null, "1.5;2;-3")]
    [InlineData("1.234,5;2;3", null, "1234.5;2;3")]
    [InlineData("1,234;12,345,678;5", null, "1234;12345678;5")]
    [InlineData("1,500;2,250;3", ",", "1.5;2.25;3")]
    [InlineData("1.5;2e1;3", null, "1.5;20;3")]
    [InlineData("true;yes;TRUE", null, "1;1;1")]
    public void Numbers_are_read_however_they_are_written(string written, string? mark, string expected)
    {
        var path = folder.Write("r.csv", "user;item;rating\n" + string.Concat(written.Split(';').Select((number, row) => $"1;{row};{number}\n")));

        var data = DatasetImport.Import(DataOptions.From(path) with { DecimalMark = mark });

        data.Interactions.Values.ToArray().ShouldBe([.. expected.Split(';').Select(number => float.Parse(number, System.Globalization.CultureInfo.InvariantCulture))]);
    }

    [Theory]
    [InlineData("user,item\rann,tea\rbob,rum\r")]
    [InlineData("sep=,\r\nuser,item\r\nann,tea\r\nbob,rum\r\n")]
    [InlineData("# exported by a tool\n#\n\nuser,item\nann,tea\nbob,rum\n")]
    [InlineData("#user,item\nann,tea\nbob,rum\n")]
    public void Odd_beginnings_and_ends_of_lines_are_understood(string text)
    {
        var data = DatasetImport.Import(DataOptions.From(folder.Write("r.csv", text)) with { User = "1", Item = "2" });

        data.Users.Ids.ShouldBe(["ann", "bob"]);
        data.Items.Ids.ShouldBe(["tea", "rum"]);
    }

    [Fact]
    public void Windows_1252_and_backslashes_before_quotes_are_understood()
    {
        var path = folder.Write("r.csv", "user,item\n1,\"the \\\"big\\\" \u00e9, one\"\n2,\"\u0080 5 \u0096 6\"\n", Encoding.Latin1);

        var (data, report) = DatasetImport.ImportWithReport(DataOptions.From(path));

        data.Items.Ids.ShouldBe(["the \"big\" \u00e9, one", "\u20ac 5 \u2013 6"]);
        report.Warnings.Single().ShouldContain("windows-1252");
    }

    [Fact]
    public void Values_of_several_types_in_json_are_text_and_deep_nesting_is_refused()
    {
        var mixed = folder.Write("m.jsonl", "{\"user\":1,\"item\":\"a\",\"tag\":5,\"no\":null}\n{\"user\":\"x\",\"item\":\"b\",\"tag\":\"six\",\"no\":null}\n");
        var (data, report) = DatasetImport.ImportWithReport(DataOptions.From(mixed));
        data.Users.Ids.ShouldBe(["1", "x"]);
        Expect.Categories(data.InteractionFeatures!, "tag").ShouldBe(["5", "six"]);
        report.Warnings.Single().ShouldContain("'no' of " + mixed + " is empty");

        var deep = folder.Write("d.jsonl", "{\"user\":1,\"item\":2}\n{\"x\":" + new string('[', 100_000) + new string(']', 100_000) + "}\n");
        Should.Throw<InputException>(() => DatasetImport.Import(deep)).Message.ShouldStartWith($"{deep}, line 2: lists or objects are nested");
    }

    [Fact]
    public void Identifiers_that_are_probably_one_are_a_warning()
    {
        var path = folder.Write("r.csv", "user,item\n5,caf\u00e9\n5.0,cafe\u0301\n05,x\n");

        var warnings = DatasetImport.ImportWithReport(DataOptions.From(path)).Report.Warnings;

        warnings.Count.ShouldBe(2);
        warnings[0].ShouldContain("'5' and '5.0'");
        warnings[1].ShouldContain("NFC");
    }

    [Theory]
    [InlineData(",")]
    [InlineData(" ")]
    [InlineData("\t")]
    public void RecBole_files_may_have_other_separators(string separator)
    {
        var path = folder.Write("shop.inter", "user_id:token,item_id:token,timestamp:float\n0,12,1600000001\n1,13,1600000002\n".Replace(",", separator, StringComparison.Ordinal));

        DatasetImport.Import(path).Items.Ids.ShouldBe(["12", "13"]);
    }

    [Fact]
    public void Lines_of_users_are_in_order_and_stay_so_when_prepared()
    {
        var data = DatasetImport.Import(folder.Write("lines.txt", "0 5 3 9 1 7\n1 4\n2 8 6 3 1\n"));

        data.IsOrdered.ShouldBeTrue();
        PreparedData.Write(data, folder.At("prepared"));
        PreparedData.Read(folder.At("prepared")).IsOrdered.ShouldBeTrue();
    }

    [Fact]
    public void What_an_import_refuses_can_be_looked_at()
    {
        var path = folder.Write("r.csv", "who,what,rating\nann,tea,\"1,5\"\nbob,rum,\"2,5\"\n,rum,\n");
        var refusal = Should.Throw<InputException>(() => DatasetImport.Import(path));

        var seen = SourceInspector.Inspect(DataOptions.From(path), refusal.Problems);

        seen.Rows.ShouldBe(3);
        seen.Columns.Select(column => (column.Name, column.Values, column.Missing)).ShouldBe([("who", "text", 1), ("what", "text", 0), ("rating", "numbers", 1)]);
        InspectionText.Render(seen).ShouldContain("problem: " + refusal.Problems[0]);
    }
}
