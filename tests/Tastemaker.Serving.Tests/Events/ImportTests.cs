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
            (await EventStores.ImportAsync(store, data, cancellation: Cancellation)).ShouldBe(new StoreImport(data.Interactions.Count, data.Interactions.Count));
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Data_that_has_grown_or_was_edited_adds_only_what_is_new(bool hasTimes)
    {
        Dataset Data(params (int User, int Item, float Value, long Time)[] rows) => new()
        {
            Name = "grown",
            Users = new Vocabulary(["ann", "bob"]),
            Items = new Vocabulary(["tea", "milk"]),
            Interactions = new Interactions([.. rows.Select(row => row.User)], [.. rows.Select(row => row.Item)], [.. rows.Select(row => row.Value)], hasTimes ? [.. rows.Select(row => row.Time * 1_000_000)] : null),
        };

        await using var store = EventStores.Open(folder.At("grown.db"));
        async Task<int> Stored() => await store.ReadAsync(0, Cancellation).CountAsync(Cancellation);

        // Twice the same row is two interactions.
        (await EventStores.ImportAsync(store, Data((0, 0, 3, 1), (0, 0, 3, 1), (1, 1, 4, 2)), cancellation: Cancellation)).ShouldBe(new StoreImport(3, 3));
        (await EventStores.ImportAsync(store, Data((0, 0, 3, 1), (0, 0, 3, 1), (1, 1, 4, 2)), cancellation: Cancellation)).ShouldBe(new StoreImport(3, 0));
        (await EventStores.ImportAsync(store, Data((1, 0, 5, 3), (0, 0, 3, 1), (0, 0, 3, 1), (1, 1, 4, 2)), cancellation: Cancellation)).ShouldBe(new StoreImport(4, 1));
        (await EventStores.ImportAsync(store, Data((1, 0, 5, 3), (0, 0, 3, 1), (0, 0, 3, 1), (1, 1, 2, 2), (0, 0, 3, 1)), cancellation: Cancellation)).ShouldBe(new StoreImport(5, 2));
        (await Stored()).ShouldBe(6);

        // What was forgotten comes back with data that still has it.
        await store.ForgetAsync(new InteractionFilter { User = "bob" }, Cancellation);
        (await EventStores.ImportAsync(store, Data((0, 0, 3, 1), (1, 1, 4, 2)), cancellation: Cancellation)).ShouldBe(new StoreImport(2, 1));
        (await Stored()).ShouldBe(4);
    }

    private static IEnumerable<(string, string, long)> Pairs(Dataset data) =>
        Enumerable.Range(0, data.Interactions.Count).Select(row => (data.Users[data.Interactions.Users[row]], data.Items[data.Interactions.Items[row]], data.Interactions.Times[row])).Order();
}
