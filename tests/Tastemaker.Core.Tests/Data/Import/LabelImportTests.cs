using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Data.Import;
using Tastemaker.Data.Inspection;

namespace Tastemaker.Core.Tests.Data.Import;

public sealed class LabelImportTests : IDisposable
{
    private const string Shown =
        "user,item,clicked,rating,hour\n"
        + "ann,tea,1,4,7\n"
        + "ann,cake,0,5,7\n"
        + "bob,tea,0,1,8\n";

    private const string Census =
        "age, workclass, hours-per-week, label(IsOver50K)\n"
        + "39, State-gov, 40, 0\n"
        + "50, ?, 13, 1\n"
        + "38, ,, 1\n";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_named_label_is_the_value_and_what_is_called_a_rating_is_then_a_feature()
    {
        var (data, report) = DatasetImport.ImportWithReport(new DataOptions { Paths = [folder.Write("shown.csv", Shown)], Label = "clicked" });

        data.IsLabelled.ShouldBeTrue();
        data.Interactions.Values.ToArray().ShouldBe([1, 0, 0]);
        data.Users.Ids.ShouldBe(["ann", "bob"]);
        Expect.Numbers(data.InteractionFeatures!, "rating").ShouldBe([4, 5, 1]);
        report.Columns.Select(column => column.Role).ShouldBe(["user", "item", "label", "numeric", "numeric"]);
        report.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Nothing_is_labelled_that_was_not_said_to_be()
    {
        var data = DatasetImport.Import(DataOptions.From(folder.Write("r.csv", "user,item,label\nann,tea,1\nbob,tea,0\n")) with { Value = "label" });

        data.IsLabelled.ShouldBeFalse();
        data.Interactions.Values.ToArray().ShouldBe([1, 0]);
        data.Fingerprint.ShouldNotBe(DatasetImport.Import(new DataOptions { Paths = [folder.At("r.csv")], Label = "3" }).Fingerprint);
    }

    [Fact]
    public void Without_users_and_items_all_rows_are_of_one_of_each_and_the_rest_are_features()
    {
        var (data, report) = DatasetImport.ImportWithReport(new DataOptions { Paths = [folder.Write("census.csv", Census)], Label = "label(IsOver50K)" });

        (data.Users.Ids[0], data.Users.Count, data.Items.Ids[0], data.Items.Count).ShouldBe(("everyone", 1, "label(IsOver50K)", 1));
        data.Interactions.Users.ToArray().ShouldBe([0, 0, 0]);
        data.Interactions.Values.ToArray().ShouldBe([0, 1, 1]);
        // Blanks around cells are no part of them; a question mark is a category, an empty or blank cell is missing.
        Expect.Categories(data.InteractionFeatures!, "workclass").ShouldBe(["State-gov", "?", null]);
        Expect.Numbers(data.InteractionFeatures!, "hours-per-week").ShouldBe([40, 13, float.NaN]);
        Expect.Numbers(data.InteractionFeatures!, "age").ShouldBe([39, 50, 38]);
        report.Warnings.Count.ShouldBe(2);
        report.Warnings[0].ShouldContain("all rows are of one user, 'everyone'");
        report.Warnings[1].ShouldContain("all rows are of one item, 'label(IsOver50K)'");
    }

    [Fact]
    public void Users_and_items_can_be_declined_and_are_then_features()
    {
        var (data, report) = DatasetImport.ImportWithReport(new DataOptions { Paths = [folder.Write("shown.csv", Shown)], Label = "clicked", User = "none", Item = "None" });

        (data.Users.Count, data.Items.Count).ShouldBe((1, 1));
        Expect.Categories(data.InteractionFeatures!, "user").ShouldBe(["ann", "ann", "bob"]);
        Expect.Categories(data.InteractionFeatures!, "item").ShouldBe(["tea", "cake", "tea"]);
        report.Warnings.ShouldBeEmpty();
        Problems(new DataOptions { Paths = [folder.At("shown.csv")], User = "none" }).Single().ShouldContain("only labelled data can do without");
    }

    [Theory]
    [InlineData("yes,NO,Yes")]
    [InlineData("true,False,TRUE")]
    [InlineData("1.0,0.0,1")]
    [InlineData(" 1,0 , 1.")]
    public void Labels_are_written_in_several_ways(string cells)
    {
        var rows = string.Concat(cells.Split(',').Select((cell, row) => $"{row},{row};{cell}\n".Replace(',', ';')));
        var data = DatasetImport.Import(new DataOptions { Paths = [folder.Write("l.csv", "user;item;bought\n" + rows)], Label = "bought", Delimiter = ";" });
        data.Interactions.Values.ToArray().ShouldBe([1, 0, 1]);
    }

    [Fact]
    public void Labels_of_tables_with_types_are_understood()
    {
        var query = "SELECT 'u' || range AS user, 'i' AS item, range % 2 = 0 AS flag, CAST(range % 2 AS DOUBLE) AS share, CAST(range % 2 AS TINYINT) AS whole FROM range(4)";
        var path = folder.WriteParquet("l.parquet", query);

        DatasetImport.Import(new DataOptions { Paths = [path], Label = "flag" }).Interactions.Values.ToArray().ShouldBe([1, 0, 1, 0]);
        DatasetImport.Import(new DataOptions { Paths = [path], Label = "share" }).Interactions.Values.ToArray().ShouldBe([0, 1, 0, 1]);
        DatasetImport.Import(new DataOptions { Paths = [path], Label = "whole" }).Interactions.Values.ToArray().ShouldBe([0, 1, 0, 1]);
    }

    [Fact]
    public void Labels_that_are_none_are_refused_with_file_row_and_a_way_out()
    {
        var path = folder.Write("l.csv", "user,item,outcome\nann,tea,1\nbob,tea,bought\nbob,cake,\ncid,tea,left\n");

        var problems = Problems(new DataOptions { Paths = [path], Label = "outcome" });

        problems.Count.ShouldBe(2);
        problems[0].ShouldStartWith($"{path}, row 2 (not counting a header line): the label is not 0 or 1, -1 or 1, true or false, yes or no (user 'bob', item 'tea', label 'bought'); 1 more rows like it (row 4).");
        problems[0].ShouldContain("SELECT *, outcome = 'bought' AS label");
        problems[1].ShouldStartWith($"{path}, row 3 (not counting a header line): the label is missing (user 'bob', item 'cake', label '').");
    }

    [Fact]
    public void A_label_and_a_value_are_one_too_many()
    {
        var path = folder.Write("shown.csv", Shown);
        Problems(new DataOptions { Paths = [path], Label = "clicked", Value = "rating" }).Single().ShouldContain("Give one of the two options");
        Problems(new DataOptions { Paths = [path], Label = "clicked", Value = "clicked" }).Single().ShouldContain("two roles");
        Problems(new DataOptions { Paths = [path], Label = "click" }).Single().ShouldContain("which the option label names. Did you mean 'clicked'?");
        DatasetImport.Import(new DataOptions { Paths = [path], Label = "clicked", Value = "none" }).IsLabelled.ShouldBeTrue();
    }

    [Fact]
    public void Positions_mean_users_and_items_only_where_the_label_is_the_third()
    {
        var path = folder.Write("plain.csv", "7,70,1\n8,70,0\n8,80,1\n");

        DatasetImport.Import(new DataOptions { Paths = [path], Label = "3" }).Pairs().ShouldBe(["7 70", "8 70", "8 80"]);
        var first = DatasetImport.Import(new DataOptions { Paths = [folder.Write("first.csv", "1,7,70\n0,8,70\n")], Label = "1" });
        (first.Users.Count, first.Items.Count, first.InteractionFeatures!.Columns.Count).ShouldBe((1, 1, 2));
    }

    [Fact]
    public void Prepared_data_stays_labelled_and_keeps_weights()
    {
        var data = DatasetImport.Import(new DataOptions { Paths = [folder.Write("shown.csv", Shown)], Label = "clicked" });
        var weighted = new MultiCategoricalColumn("tags", new Vocabulary(["x", "y"]), new SparseRows([0, 2, 2, 3], [1, 0, 1], 2, [0.5f, 2, -1]));
        data = data with { InteractionFeatures = new FeatureTable(3, [.. data.InteractionFeatures!.Columns, weighted]) };

        PreparedData.Write(data, folder.At("set"));
        var back = DatasetImport.Import(folder.At("set"));

        back.IsLabelled.ShouldBeTrue();
        back.Fingerprint.ShouldBe(data.Fingerprint);
        var tags = back.InteractionFeatures!.Find("tags").ShouldBeOfType<MultiCategoricalColumn>().Values;
        tags.Columns.ToArray().ShouldBe([1, 0, 1]);
        tags.Values.ToArray().ShouldBe([0.5f, 2, -1]);
    }

    [Fact]
    public void Inspection_tells_the_share_of_positives_and_nothing_about_repeats()
    {
        var inspection = DatasetInspector.Inspect(new DataOptions { Paths = [folder.Write("census.csv", Census)], Label = "4", User = "none", Item = "none" });

        inspection.PositiveShare.ShouldBe(2.0 / 3);
        inspection.Warnings.ShouldBeEmpty();
        var text = InspectionText.Render(inspection);
        text.ShouldContain("labels: 66.67 % of rows have label 1");
        text.ShouldContain("workclass, categorical, 2 categories");
        text.ShouldNotContain("values:");

        var ones = DatasetInspector.Inspect(new DataOptions { Paths = [folder.Write("ones.csv", "user,item,l\na,x,1\nb,x,1\n")], Label = "l" });
        ones.Warnings.Single().ShouldContain("All labels are 1");
    }

    private static IReadOnlyList<string> Problems(DataOptions options) => Should.Throw<InputException>(() => DatasetImport.Import(options with { OnBadRows = BadRowPolicy.Error })).Problems;
}
