using Tastemaker.Data.Filters;
using Tastemaker.Data.Import;
using Tastemaker.Data.Splits;

namespace Tastemaker.Core.Tests.Data.Import;

public sealed class ImportDetailTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("1396437466", 1396437466000000, null)]
    [InlineData("1396437466277", 1396437466277000, "milliseconds")]
    [InlineData("1396437466277123", 1396437466277123, "microseconds")]
    [InlineData("1396437466277123000", 1396437466277123, "nanoseconds")]
    [InlineData("1396437466.9", 1396437466900000, null)]
    [InlineData("-1.5e9", -1500000000000000, "before 1980")]
    [InlineData("2014-04-02", 1396396800000000, null)]
    [InlineData("2014-04-02 11:17:46", 1396437466000000, null)]
    [InlineData("2014-04-02T11:17:46.277Z", 1396437466277000, null)]
    [InlineData("2014-04-02T13:17:46+02:00", 1396437466000000, null)]
    public void Times_keep_the_precision_of_the_source(string time, long microseconds, string? warning)
    {
        var (data, report) = DatasetImport.ImportWithReport(DataOptions.From(folder.Write("r.csv", $"user,item,time\n1,2,{time}\n2,3,{time}\n")));

        data.Interactions.Times.ToArray().ShouldBe([microseconds, microseconds]);
        report.Warnings.Count(text => warning is not null && text.Contains(warning)).ShouldBe(warning is null ? 0 : 1);
        (warning is null ? report.Warnings.Count : 0).ShouldBe(0);
    }

    [Fact]
    public void Fractions_that_are_no_clock_keep_their_order()
    {
        var (data, report) = DatasetImport.ImportWithReport(DataOptions.From(folder.Write("r.csv", "user,item,time\n1,2,0.25\n1,3,0.5\n1,4,0.125\n")));

        data.Interactions.Times.ToArray().ShouldBe([250_000_000, 500_000_000, 125_000_000]);
        report.Warnings.Single().ShouldContain("order only");
    }

    [Fact]
    public void A_named_unit_is_obeyed()
    {
        var path = folder.Write("r.csv", "user,item,time\n1,2,5999\n1,3,-1\n");

        DatasetImport.Import(new DataOptions { Paths = [path], TimeUnit = TimeUnit.Milliseconds }).Interactions.Times.ToArray().ShouldBe([5_999_000, -1_000]);
    }

    [Fact]
    public void A_third_column_without_a_name_is_a_time_if_it_looks_like_one()
    {
        var (data, report) = DatasetImport.ImportWithReport(DataOptions.From(folder.Write("r.tsv", "1\t2\t1396437466\n1\t3\t1396437467\n")));

        data.Interactions.HasValues.ShouldBeFalse();
        data.Interactions.Times.ToArray().ShouldBe([1396437466_000_000, 1396437467_000_000]);
        report.Warnings.ShouldNotBeEmpty();
    }

    [Fact]
    public void Whole_numbers_ascend_and_keep_their_spelling()
    {
        var data = DatasetImport.Import(folder.Write("r.csv", "user,item\n10,007\n-3,7\n9,07\n"));

        data.Users.Ids.ShouldBe(["-3", "9", "10"]);
        data.Items.Ids.ShouldBe(["007", "7", "07"]); // spelled in several ways, so not numbers but names
        data.Interactions.Users.ToArray().ShouldBe([2, 0, 1]);
    }

    [Fact]
    public void Many_identifiers_of_all_lengths_are_told_apart()
    {
        const int Count = 30_000;
        var ids = Enumerable.Range(0, Count).Select(i => i % 3 == 0 ? $"{i}" : i % 3 == 1 ? $"user-{i}" : $"a long identifier, longer than twelve bytes, \u00e9 {i}").ToArray();
        var path = folder.Write("r.csv", "user,item\n" + string.Concat(ids.Concat(ids).Select((id, row) => $"\"{id}\",{row % 11}\n")));

        var data = DatasetImport.Import(path);

        data.Users.Ids.ShouldBe(ids);
        data.Interactions.Users.ToArray().ShouldBe([.. Enumerable.Range(0, Count), .. Enumerable.Range(0, Count)]);
    }

    [Fact]
    public void Features_of_items_are_typed_by_their_values_and_placed_by_identifier()
    {
        var ratings = folder.Write("ratings.csv", "user_id,recipe_id,rating\n1,soup,3\n1,cake,4\n2,tart,5\n");
        var items = folder.Write("recipes.csv", "recipe_id,price,course,labels,category_id,description,sold\n" +
            "cake,4.5,dessert,sweet|baked,12,A very sweet cake,\nnoodles,9,main,,12,Never rated,\nsoup,,main,hot,7,,\n");

        var (data, report) = DatasetImport.ImportWithReport(new DataOptions { Paths = [ratings], ItemFile = items });

        var features = data.ItemFeatures!;
        data.Items.Ids.ShouldBe(["soup", "cake", "tart"]);
        Expect.Numbers(features, "price").ShouldBe([float.NaN, 4.5f, float.NaN]);
        Expect.Categories(features, "course").ShouldBe(["main", "dessert", null]);
        Expect.Sets(features, "labels").ShouldBe(["hot", "baked|sweet", ""]);
        Expect.Categories(features, "category_id").ShouldBe(["7", "12", null]);
        Expect.Texts(features, "description").ShouldBe([null, "A very sweet cake", null]);
        features.Find("sold").ShouldBeNull();
        report.Warnings.ShouldContain(warning => warning.Contains("'sold'") && warning.Contains("empty"));
        report.Warnings.ShouldContain(warning => warning.Contains("'tart'"));
        report.Columns.ShouldContain(new RecognizedColumn(items, "labels", "multi-categorical"));
    }

    [Fact]
    public void The_catalog_can_hold_items_that_nobody_has_used()
    {
        var ratings = folder.Write("ratings.csv", "user,item\n1,5\n2,9\n");
        var items = folder.Write("items.csv", "item,price\n7,1\n5,2\n9,3\n");

        var data = DatasetImport.Import(new DataOptions { Paths = [ratings], ItemFile = items, Catalog = CatalogScope.ItemFile });

        data.Items.Ids.ShouldBe(["5", "7", "9"]);
        data.Interactions.Items.ToArray().ShouldBe([0, 2]);
        Expect.Numbers(data.ItemFeatures!, "price").ShouldBe([2, 1, 3]);
    }

    [Fact]
    public void Kinds_of_features_can_be_declared()
    {
        var path = folder.Write("r.csv", "user,item,hour,note\n1,2,13,a b\n1,3,7,c d\n");

        var data = DatasetImport.Import(new DataOptions { Paths = [path], Features = new Dictionary<string, string> { ["hour"] = "Categorical", ["*"] = "text" } });

        Expect.Categories(data.InteractionFeatures!, "hour").ShouldBe(["13", "7"]);
        Expect.Texts(data.InteractionFeatures!, "note").ShouldBe(["a b", "c d"]);
    }

    [Fact]
    public void Lists_in_json_are_sets_of_categories()
    {
        var data = DatasetImport.Import(folder.Write("r.jsonl", "{\"user\":1,\"item\":2,\"moods\":[\"calm\",\"late|night\"]}\n{\"user\":1,\"item\":3,\"moods\":[]}\n"));

        Expect.Sets(data.InteractionFeatures!, "moods").ShouldBe(["calm|late|night", ""]);
        data.InteractionFeatures!.Columns.Count.ShouldBe(1);
    }

    [Fact]
    public void Results_do_not_depend_on_threads()
    {
        var path = folder.Write("r.csv", "user,item,rating\n" + string.Concat(Enumerable.Range(0, 200_000).Select(row => $"u{row * 7919L % 9973},{row % 501},{row % 5}\n")));

        var one = DatasetImport.Import(new DataOptions { Paths = [path], Threads = 1 });
        var four = DatasetImport.Import(new DataOptions { Paths = [path], Threads = 4 });

        one.Interactions.Count.ShouldBe(200_000);
        four.Fingerprint.ShouldBe(one.Fingerprint);
    }

    [Fact]
    public void An_identifier_spelled_like_a_missing_value_is_warned_of_where_it_has_many_rows()
    {
        var path = folder.Write("r.csv", "user,item\nNA,x\nna,y\nNA,z\nNA,y\nann,x\nbob,unknown\n" + string.Concat(Enumerable.Range(0, 200).Select(row => $"u{row},i{row % 7}\n")));

        // 'na' and 'unknown' have fewer than a hundredth of the rows.
        var warning = DatasetImport.ImportWithReport(new DataOptions { Paths = [path] }).Report.Warnings.Single(text => text.Contains("missing value"));
        warning.ShouldStartWith("The user 'NA' has 3 of 206 rows");
        warning.ShouldContain("--filter \"drop(user=NA)\"");
        DatasetImport.ImportWithReport(new DataOptions { Paths = [path], Filters = ["drop(user=NA)"] }).Report.Warnings.ShouldNotContain(text => text.Contains("missing value"));
    }

    [Fact]
    public void A_column_with_a_role_cannot_be_ordered_by_and_the_message_says_what_it_is_read_as()
    {
        var path = folder.Write("r.csv", "user,item,rating,ts,place,name\n" + string.Concat(Enumerable.Range(0, 40).Select(row => $"{row % 4},{row % 10},{row % 5},{1_600_000_000 + row},{row * 7 % 11},n{row % 10}\n")));
        var data = DatasetImport.Import(DataOptions.From(path));
        string Refusal(string column) => Should.Throw<InputException>(() => new OrderBy(column).Apply(data)).Message;

        Refusal("TS").ShouldContain("'TS' is read as the time, by which interactions are ordered without it");
        Refusal("rating").ShouldContain("'rating' is read as the value: set value to none");
        Refusal("user").ShouldContain("'user' is read as the user");
        Refusal("name").ShouldContain("'name' is a feature of items: if it is a column of the interactions, set column-owner to interactions");
        Refusal("plac").ShouldContain("Did you mean 'place'?");
        Should.Throw<InputException>(() => new GivenColumn("ts").Apply(data, 1)).Message.ShouldContain("'ts' is read as the time: set time to none");
        PreparedData.Write(data, folder.At("prepared"));
        Should.Throw<InputException>(() => new OrderBy("ts").Apply(PreparedData.Read(folder.At("prepared")))).Message.ShouldContain("is read as the time");
    }

    [Fact]
    public void Progress_counts_rows()
    {
        var path = folder.Write("r.csv", "user,item\n" + string.Concat(Enumerable.Range(0, 300_000).Select(row => $"{row % 97},{row % 501}\n")));
        var reports = new Reports();

        DatasetImport.Import(DataOptions.From(path), reports);

        reports.Rows.ShouldNotBeEmpty();
        reports.Rows.ShouldBe(reports.Rows.Order());
    }

    private sealed class Reports : IProgress<ImportProgress>
    {
        public List<long> Rows { get; } = [];

        public void Report(ImportProgress value) => Rows.Add(value.Rows);
    }
}
