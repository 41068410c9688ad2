using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Data.Import;

namespace Tastemaker.Core.Tests.Data.Import;

public sealed class PreparedDataTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_is_written_reads_back_unchanged()
    {
        var data = Sample(rows: 5_000);

        PreparedData.Write(data, folder.At("set"));
        var back = DatasetImport.Import(folder.At("set"));

        back.Fingerprint.ShouldBe(data.Fingerprint);
        (back.Name, back.Users.Ids, back.Items.Ids).ShouldBe((data.Name, back.Users.Ids, back.Items.Ids));
        back.Users.Ids.ShouldBe(data.Users.Ids);
        back.History.ShouldBe(data.History);
        back.UserFeatures.ShouldBeNull();
        Expect.Texts(back.ItemFeatures!, "title").ShouldBe(Expect.Texts(data.ItemFeatures!, "title"));
        Expect.Sets(back.ItemFeatures!, "genres").ShouldBe(Expect.Sets(data.ItemFeatures!, "genres"));
        Expect.Numbers(back.ItemFeatures!, "price").ShouldBe(Expect.Numbers(data.ItemFeatures!, "price"));
        Expect.Categories(back.InteractionFeatures!, "id").ShouldBe(Expect.Categories(data.InteractionFeatures!, "id"));
        ((CategoricalColumn)back.InteractionFeatures!.Columns[0]).Categories.Ids.ShouldBe(["evening", "noon", "unused"]);
    }

    [Fact]
    public void Words_in_order_read_back_in_order()
    {
        var words = new WordSequenceColumn("abstract", new Vocabulary(["a", "b", "c", "unused"]), SparseRows.FromRows([[2, 0, 2, 1], [], [1, 1, 0]], 4));
        var data = new Dataset
        {
            Name = "papers", Users = new(["u"]), Items = new(["x", "y", "z"]), Interactions = new([0, 0, 0], [2, 0, 1]),
            ItemFeatures = new FeatureTable(3, [words]),
        };

        PreparedData.Write(data, folder.At("papers"));
        var back = PreparedData.Read(folder.At("papers")).ItemFeatures!.Columns.Single().ShouldBeOfType<WordSequenceColumn>();

        back.Words.Ids.ShouldBe(words.Words.Ids);
        Enumerable.Range(0, 3).Select(row => back.Values[row].ToArray()).ShouldBe([[2, 0, 2, 1], [], [1, 1, 0]]);
        back.Values.HasValues.ShouldBeFalse();
    }

    [Fact]
    public void Data_without_values_times_and_features_reads_back()
    {
        var data = new Dataset { Name = "bare", Users = new(["a"]), Items = new(["x", "y"]), Interactions = new([0, 0], [1, 0]) };

        PreparedData.Write(data, folder.At("bare"));
        var back = PreparedData.Read(folder.At("bare"));

        back.Fingerprint.ShouldBe(data.Fingerprint);
        (back.Interactions.HasValues, back.Interactions.HasTimes).ShouldBe((false, false));
    }

    [Fact]
    public void An_earlier_data_set_is_replaced_and_nothing_else_is()
    {
        PreparedData.Write(Sample(10), folder.At("set"));
        PreparedData.Write(Sample(20), folder.At("set"));
        PreparedData.Read(folder.At("set")).Interactions.Count.ShouldBe(20);

        folder.Write("other/precious.txt", "keep");
        Should.Throw<InputException>(() => PreparedData.Write(Sample(10), folder.At("other"))).Problems.Single().ShouldContain("not replaced");
        Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName).Order().ShouldBe(["other", "set"]);
    }

    [Fact]
    public void A_cancelled_write_leaves_nothing()
    {
        Should.Throw<OperationCanceledException>(() => PreparedData.Write(Sample(10), folder.At("set"), new CancellationToken(canceled: true)));

        Directory.GetFileSystemEntries(folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public void Times_of_the_earlier_format_were_seconds()
    {
        var data = Sample(2);
        PreparedData.Write(data.WithInteractions(new Interactions([.. data.Interactions.Users], [.. data.Interactions.Items], null, [5, 7])), folder.At("set"));
        var manifest = folder.At("set/dataset.json");
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("\"version\": 4", "\"version\": 3", StringComparison.Ordinal));

        PreparedData.Read(folder.At("set")).Interactions.Times.ToArray().ShouldBe([5_000_000, 7_000_000]);
    }

    [Fact]
    public void Damaged_and_newer_folders_are_refused()
    {
        PreparedData.Write(Sample(10), folder.At("set"));
        var manifest = File.ReadAllText(folder.At("set/dataset.json"));

        File.WriteAllText(folder.At("set/dataset.json"), manifest.Replace("\"version\": 4", "\"version\": 9", StringComparison.Ordinal));
        Refusal().ShouldContain("newer version");
        File.WriteAllText(folder.At("set/dataset.json"), manifest.Replace("\"fingerprint\": \"", "\"fingerprint\": \"0", StringComparison.Ordinal));
        Refusal().ShouldContain("fingerprint");
        File.WriteAllText(folder.At("set/dataset.json"), manifest[..40]);
        Refusal().ShouldContain("damaged");
        File.WriteAllText(folder.At("set/dataset.json"), manifest);
        File.Delete(folder.At("set/items.parquet"));
        Refusal().ShouldContain("damaged");
    }

    private string Refusal() => Should.Throw<InputException>(() => DatasetImport.Import(folder.At("set"))).Problems.Single();

    private static Dataset Sample(int rows)
    {
        var random = new SeededRandom(7);
        var (users, items) = (new int[rows], new int[rows]);
        var (values, times, moments) = (new float[rows], new long[rows], new int[rows]);
        for (var row = 0; row < rows; row++)
        {
            (users[row], items[row]) = (random.Next(50), random.Next(3));
            (values[row], times[row], moments[row]) = (random.Next(10) / 2f, 1_000_000_000 + random.Next(1000), random.Next(3) - 1);
        }

        return new Dataset
        {
            Name = "sample",
            Users = new Vocabulary(Enumerable.Range(0, 50).Select(user => $"user \u00e9{user}")),
            Items = new Vocabulary(["7", "8", "a longer identifier"]),
            Interactions = new Interactions(users, items, values, times),
            ItemFeatures = new FeatureTable(3,
            [
                new TextColumn("title", ["Seven", null, ""]),
                new MultiCategoricalColumn("genres", new Vocabulary(["b", "a"]), SparseRows.FromRows([[1, 0], [], [0]], 2)),
                new NumericColumn("price", [1.5f, float.NaN, -0f]),
            ]),
            InteractionFeatures = new FeatureTable(rows, [new CategoricalColumn("id", new Vocabulary(["evening", "noon", "unused"]), moments)]),
            History = ["imported from somewhere", "k-core(5)"],
        };
    }
}
