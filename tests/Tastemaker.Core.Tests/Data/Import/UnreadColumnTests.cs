using Tastemaker.Data.Import;

namespace Tastemaker.Core.Tests.Data.Import;

/// <summary>Columns that look like more than features.</summary>
public sealed class UnreadColumnTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("Quantity", "Quantity")]
    [InlineData("qty", "qty")]
    [InlineData("Units", "Units")]
    public void Returns_in_a_column_that_is_no_value_are_warned_of_with_the_filters(string name, string argument)
    {
        var path = Shop(name);

        var warning = Warnings(DataOptions.From(path)).Single(text => text.Contains("returns"));

        warning.ShouldContain("2 negative values");
        warning.ShouldContain($"--value-column {argument} --filter \"deduplicate(keep=sum)\" --filter \"min-value(1)\"");
    }

    [Fact]
    public void What_filters_leave_out_is_not_warned_of()
    {
        var named = DataOptions.From(Shop("Quantity")) with { Value = "Quantity" };
        Warnings(named).ShouldContain(text => text.Contains("dislikes"));
        Warnings(named with { Filters = ["deduplicate(keep=sum)", "min-value(1)"] }).ShouldNotContain(text => text.Contains("dislikes") || text.Contains("returns"));
    }

    [Fact]
    public void Where_columns_are_named_by_hand_ratings_and_times_among_the_features_are_noted()
    {
        var path = folder.Write("r.csv", "Nutzer;Artikel;Sterne;Zeit;Preis\n" + string.Concat(Enumerable.Range(0, 30).Select(row => $"u{row % 5};a{row % 7};{1 + (((row * 3) + (row / 7)) % 5)},0;{1_654_959_627 + (row * row)};{row * 3.7}\n")));
        var options = DataOptions.From(path) with { User = "Nutzer", Item = "Artikel" };

        var warnings = Warnings(options);
        warnings.ShouldContain(text => text.Contains("'Sterne' looks like ratings") && text.Contains("--value-column Sterne"));
        warnings.ShouldContain(text => text.Contains("'Zeit' looks like times") && text.Contains("--time-column Zeit"));
        warnings.ShouldNotContain(text => text.Contains("'Preis' looks like"));
        Warnings(options with { Value = "Sterne", Time = "Zeit" }).ShouldNotContain(text => text.Contains("looks like"));
    }

    [Theory]
    [InlineData("Customer")]
    [InlineData("customer_id")]
    [InlineData("client")]
    [InlineData("Buyer")]
    [InlineData("member")]
    public void Customers_are_users(string name) =>
        DatasetImport.Import(folder.Write($"{name}.csv", $"{name},sku\nc1,s1\nc2,s1\n")).Users.Ids.ShouldBe(["c1", "c2"]);

    private static IReadOnlyList<string> Warnings(DataOptions options) => DatasetImport.ImportWithReport(options).Report.Warnings;

    private string Shop(string column) => folder.Write(
        "shop.csv", $"Customer,SKU,{column}\n" + string.Concat(Enumerable.Range(0, 40).Select(row => $"c{row % 8},s{row % 6},{(row is 17 or 33 ? -1 : 1 + (row % 13))}\n")));
}
