using Tastemaker.Data.Import;

namespace Tastemaker.Core.Tests.Data.Import;

/// <summary>Columns of the interactions that belong to items or users.</summary>
public sealed class DependentColumnTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Columns_that_depend_on_the_item_or_the_user_become_theirs_and_others_stay()
    {
        var path = Write();

        var (data, report) = DatasetImport.ImportWithReport(DataOptions.From(path));

        data.ItemTitles!.Values.ShouldBe([.. data.Items.Ids.Select(id => $"Item number {id}")]);
        data.ItemFeatures!.Columns.Select(column => column.Name).ShouldBe(["name", "category", "price"]);
        Expect.Categories(data.ItemFeatures, "category").ShouldBe([.. data.Items.Ids.Select(id => $"c{int.Parse(id) % 3}")]);
        Expect.Categories(data.UserFeatures!, "country").ShouldBe([.. data.Users.Ids.Select(id => int.Parse(id) % 2 == 0 ? "DE" : "AT")]);
        data.InteractionFeatures!.Columns.Select(column => column.Name).ShouldBe(["device", "shop"]);
        report.Warnings.Count(warning => warning.Contains("set column-owner to interactions")).ShouldBe(2);
    }

    [Fact]
    public void A_prepared_folder_keeps_them_and_the_option_leaves_them_where_they_are()
    {
        var path = Write();
        PreparedData.Write(DatasetImport.Import(path), folder.At("prepared"));
        PreparedData.Read(folder.At("prepared")).ItemTitles.ShouldNotBeNull();

        var kept = DatasetImport.Import(DataOptions.From(path) with { ColumnOwner = ColumnOwner.Interactions });
        kept.ItemFeatures.ShouldBeNull();
        kept.InteractionFeatures!.Columns.Count.ShouldBe(6);
        DatasetImport.Import(DataOptions.From(path) with { Label = "shop" , OnBadRows = BadRowPolicy.Drop }).ItemFeatures.ShouldBeNull();
    }

    // One row in 100 has another category; nearly every row is of one shop, which nothing explains.
    private string Write() => folder.Write("r.csv", "user,item,name,category,price,country,device,shop\n" + string.Concat(Enumerable.Range(0, 600).Select(row =>
        $"{row * 7 % 40},{row * 11 % 23},Item number {row * 11 % 23},c{(row % 100 == 5 ? 9 : row * 11 % 23 % 3)},{row * 11 % 23 * 0.5:0.0},{(row * 7 % 40 % 2 == 0 ? "DE" : "AT")},{(row * 31 % 17 < 8 ? "web" : "app")},{(row % 150 == 7 ? 0 : 1)}\n")));
}
