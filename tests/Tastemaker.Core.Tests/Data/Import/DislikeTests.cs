using Tastemaker.Data.Import;

namespace Tastemaker.Core.Tests.Data.Import;

/// <summary>What rows with label 0 and negative values become where nobody has said what they are.</summary>
public sealed class DislikeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("like", "0", "1")]
    [InlineData("is_clicked", "false", "true")]
    [InlineData("Bought", "no", "yes")]
    [InlineData("liked", "-1", "1")]
    public void Rows_with_0_in_a_column_named_like_a_label_are_no_likes(string column, string no, string yes)
    {
        var path = folder.Write("swipes.csv", $"user_id,swiped_user_id,{column}\n1,7,{yes}\n1,8,{no}\n2,8,{yes}\n2,9,{no}\n");

        var (data, report) = DatasetImport.ImportWithReport(DataOptions.From(path));

        data.IsLabelled.ShouldBeFalse();
        data.Interactions.HasValues.ShouldBeFalse();
        Pairs(data).ShouldBe(["1-7", "2-8"]);
        var note = report.Warnings.Single(warning => warning.StartsWith($"Column '{column}' holds 0 and 1 and is taken for the label. The 2 rows with 0 were left out"));
        note.ShouldContain($"--label-column {column}");
        report.Columns.Single(one => one.Name == column).Role.ShouldBe("label");
    }

    [Fact]
    public void A_named_label_keeps_both_and_leaves_the_items_items()
    {
        var path = folder.Write("swipes.csv", "user_id,swiped_user_id,like\n1,7,1\n1,8,0\n2,8,1\n2,9,0\n");

        var data = DatasetImport.Import(DataOptions.From(path) with { Label = "like" });

        data.IsLabelled.ShouldBeTrue();
        Pairs(data).ShouldBe(["1-7", "1-8", "2-8", "2-9"]);
        Pairs(DatasetImport.Import(DataOptions.From(path) with { Label = "none" })).Length.ShouldBe(4);
    }

    [Theory]
    [InlineData("1,0,1,0", "1-7 2-8", false)]
    [InlineData("1,-1,1,-1", "1-7 2-8", false)]
    [InlineData("true,false,true,true", "1-7 2-8 2-9", false)]
    [InlineData("3,-2,0,1", "1-7 2-8 2-9", true)]
    public void Values_that_are_dislikes_are_left_out_unless_the_column_is_named(string values, string kept, bool hasValues)
    {
        var v = values.Split(',');
        var path = folder.Write("r.csv", $"user,item,rating\n1,7,{v[0]}\n1,8,{v[1]}\n2,8,{v[2]}\n2,9,{v[3]}\n");

        var (data, report) = DatasetImport.ImportWithReport(DataOptions.From(path));

        Pairs(data).ShouldBe(kept.Split(' '));
        data.Interactions.HasValues.ShouldBe(hasValues);
        report.Warnings.ShouldContain(warning => warning.Contains("--value-column rating"));
        var asked = DatasetImport.ImportWithReport(DataOptions.From(path) with { Value = "rating" });
        asked.Dataset.Interactions.Count.ShouldBe(4);
        asked.Report.Warnings.ShouldContain(warning => warning.Contains("min-value("));
    }

    [Fact]
    public void A_scale_of_fractions_around_0_stays_whole_with_a_note()
    {
        var path = folder.Write("r.csv", "user,item,rating\n1,7,9.25\n1,8,-3.5\n2,8,0\n2,9,-9.97\n");

        var (data, report) = DatasetImport.ImportWithReport(DataOptions.From(path));

        data.Interactions.Values.ToArray().ShouldBe([9.25f, -3.5f, 0, -9.97f]);
        report.Warnings.Single().ShouldContain("the 2 dislikes too");
    }

    [Theory]
    [InlineData("1,2,3,5")]
    [InlineData("0,5,7,10")]
    [InlineData("0.5,1,4.5,5")]
    [InlineData("1,1,1,1")]
    [InlineData("-1,-2,-3,-1")]
    public void Other_scales_stay_as_they_are_without_a_word(string values)
    {
        var v = values.Split(',');
        var path = folder.Write("r.csv", $"user,item,rating\n1,7,{v[0]}\n1,8,{v[1]}\n2,8,{v[2]}\n2,9,{v[3]}\n");

        var (data, report) = DatasetImport.ImportWithReport(DataOptions.From(path));

        data.Interactions.Count.ShouldBe(4);
        report.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void A_label_beside_ratings_stays_a_feature_with_a_note()
    {
        var path = folder.Write("r.csv", "user,item,rating,clicked\n1,7,4,1\n1,8,3,0\n");

        var (data, report) = DatasetImport.ImportWithReport(DataOptions.From(path));

        data.Interactions.Count.ShouldBe(2);
        report.Warnings.Single().ShouldContain("--label-column clicked");
    }

    [Theory]
    [InlineData("Unnamed: 0")]
    [InlineData("")]
    [InlineData("n")]
    public void Running_numbers_are_no_features(string name)
    {
        var rows = string.Concat(Enumerable.Range(0, 30).Select(row => $"{row},{row % 5},{row % 7},{row % 3}\n"));
        var path = folder.Write("r.csv", $"{name},user_id,item_id,price\n{rows}");

        var (data, report) = DatasetImport.ImportWithReport(DataOptions.From(path));

        data.InteractionFeatures!.Columns.Select(column => column.Name).ShouldBe(["price"]);
        var called = name.Length == 0 ? "Unnamed: 0" : name;
        report.Warnings.Single().ShouldContain($"--feature \"{called}=categorical\"");
        var kept = DatasetImport.Import(DataOptions.From(path) with { Features = new Dictionary<string, string> { [called] = "numeric" } });
        Expect.Numbers(kept.InteractionFeatures!, called)[^1].ShouldBe(29);
    }

    [Fact]
    public void A_shuffled_index_and_identifiers_of_transactions_are_no_features_but_prices_and_texts_are()
    {
        var rows = string.Concat(Enumerable.Range(0, 40).Select(row => $"{(row * 7) % 40},{row % 5},{row % 7},t{row * 31 % 41},{row + 0.5},a review of {row} words\n"));
        var path = folder.Write("r.csv", $"Unnamed: 0,user_id,item_id,transaction,price,review\n{rows}");

        var (data, report) = DatasetImport.ImportWithReport(DataOptions.From(path));

        data.InteractionFeatures!.Columns.Select(column => column.Name).ShouldBe(["price", "review"]);
        report.Warnings.Count.ShouldBe(2);
    }

    [Fact]
    public void Identifiers_in_an_item_file_stay_and_its_index_goes()
    {
        var path = folder.Write("r.csv", "user,item\n" + string.Concat(Enumerable.Range(0, 60).Select(row => $"{row % 5},i{row % 30}\n")));
        var items = folder.Write("items.csv", "Unnamed: 0,item,barcode\n" + string.Concat(Enumerable.Range(0, 30).Select(row => $"{row},i{row},b{row}\n")));

        DatasetImport.Import(DataOptions.From(path) with { ItemFile = items }).ItemFeatures!.Columns.Select(column => column.Name).ShouldBe(["barcode"]);
    }

    private static string[] Pairs(Tastemaker.Data.Dataset data) => [.. Enumerable.Range(0, data.Interactions.Count)
        .Select(row => $"{data.Users[data.Interactions.Users[row]]}-{data.Items[data.Interactions.Items[row]]}")];
}
