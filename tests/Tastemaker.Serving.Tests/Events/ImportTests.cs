using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Data.Import;
using Tastemaker.Serving.Events;

namespace Tastemaker.Serving.Tests.Events;

/// <summary>What data holds, a store holds after an import.</summary>
public sealed class ImportTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Data_comes_back_out_of_a_store_as_it_went_in_and_a_second_import_adds_nothing()
    {
        var data = TwoTastes.Data();
        data = data with
        {
            ItemFeatures = new FeatureTable(data.Items.Count,
            [
                new TextColumn("title", [.. data.Items.Ids.Select(id => $"Film {id}")]),
                new MultiCategoricalColumn("genres", new Vocabulary(["Comedy", "Drama"]), SparseRows.FromRows([.. data.Items.Ids.Select((_, item) => item == 0 ? new[] { 0, 1 } : [item % 2])], 2)),
                new NumericColumn("year", [.. data.Items.Ids.Select((_, item) => item == 1 ? float.NaN : 1990f + item)]),
            ]),
            UserFeatures = new FeatureTable(data.Users.Count, [new CategoricalColumn("sex", new Vocabulary(["F", "M"]), [.. data.Users.Ids.Select((_, user) => user % 2)])]),
        };

        await using (var store = EventStores.Open(folder.At("events.db")))
        {
            (await EventStores.ImportAsync(store, data, cancellation: Cancellation)).ShouldBe(data.Interactions.Count);
            await EventStores.ImportAsync(store, data, cancellation: Cancellation);
        }

        var found = DatasetImport.Import(folder.At("events.db"));
        found.Interactions.Count.ShouldBe(data.Interactions.Count);
        Pairs(found).ShouldBe(Pairs(data));
        found.ItemTitles!.Values[found.Items.IndexOf("i4")].ShouldBe("Film i4");
        var genres = (MultiCategoricalColumn)found.ItemFeatures!.Find("genres")!;
        genres.Values[found.Items.IndexOf("i0")].ToArray().Select(category => genres.Categories[category]).ShouldBe(["Comedy", "Drama"]);
        found.UserFeatures!.Find("sex").ShouldNotBeNull();
    }

    private static IEnumerable<(string, string, long)> Pairs(Dataset data) =>
        Enumerable.Range(0, data.Interactions.Count).Select(row => (data.Users[data.Interactions.Users[row]], data.Items[data.Interactions.Items[row]], data.Interactions.Times[row])).Order();
}
