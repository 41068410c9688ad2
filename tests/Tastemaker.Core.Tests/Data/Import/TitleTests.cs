using Tastemaker.Data.Import;
using Tastemaker.Data.Import.Columns;
using Tastemaker.Data.Inspection;

namespace Tastemaker.Core.Tests.Data.Import;

/// <summary>Which column says what items are called.</summary>
public sealed class TitleTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("Product Name")]
    [InlineData("product_name")]
    [InlineData("ITEM-TITLE")]
    [InlineData("item name")]
    [InlineData("Movie Title")]
    [InlineData("title")]
    public void Columns_named_like_titles_are_titles_where_they_depend_on_the_item(string name)
    {
        var inspection = DatasetInspector.Inspect(DataOptions.From(Write(name)));

        inspection.Titles.ShouldBe(name);
        InspectionText.Render(inspection).ShouldContain($"titles: {name}\n");
        DatasetImport.Import(Write(name)).ItemTitles!.Values.ShouldBe(["Thing number 0", "Thing number 1", "Thing number 2"]);
    }

    [Fact]
    public void What_differs_from_row_to_row_is_no_title()
    {
        var path = folder.Write("r.csv", "user,item,product name\n" + string.Concat(Enumerable.Range(0, 60).Select(row => $"u{row % 7},i{row % 3},Words of row {row}\n")));
        DatasetImport.Import(path).ItemTitles.ShouldBeNull();
    }

    [Fact]
    public void Any_column_of_texts_can_be_named()
    {
        var path = Write("Bezeichnung");
        DatasetImport.Import(path).ItemTitles.ShouldBeNull();

        var data = DatasetImport.Import(DataOptions.From(path) with { Title = "bezeichnung" });

        data.ItemTitles!.Values[1].ShouldBe("Thing number 1");
        PreparedData.Write(data, folder.At("prepared"));
        PreparedData.Read(folder.At("prepared")).ItemTitles!.Name.ShouldBe("Bezeichnung");
        Should.Throw<InputException>(() => DatasetImport.Import(DataOptions.From(path) with { Title = "Beziechnung" })).Message.ShouldContain("option title names");
    }

    [Fact]
    public void A_file_of_items_may_hold_several_names_and_the_named_one_counts()
    {
        var items = folder.Write("items.csv", "item,name,marketing line\ni0,one,First of all\ni1,two,Second to none\ni2,three,Third time lucky\n");
        var options = DataOptions.From(Write("other")) with { ItemFile = items };

        DatasetImport.Import(options).ItemTitles!.Values.ShouldBe(["one", "two", "three"]);
        DatasetImport.Import(options with { Title = "marketing line" }).ItemTitles!.Values.ShouldBe(["First of all", "Second to none", "Third time lucky"]);
    }

    [Theory]
    [InlineData("description", false)]
    [InlineData("username", false)]
    [InlineData("Song-Title", true)]
    public void Names_of_things_are_known(string name, bool expected) => TitleNames.Has(name).ShouldBe(expected);

    private string Write(string column) => folder.Write(
        $"{column}.csv", $"user,item,{column}\n" + string.Concat(Enumerable.Range(0, 12).Select(row => $"u{row % 4},i{row % 3},Thing number {row % 3}\n")));
}
