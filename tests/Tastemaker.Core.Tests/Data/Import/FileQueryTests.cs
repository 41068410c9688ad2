using Microsoft.Data.Sqlite;
using Tastemaker.Data.Import;
using Tastemaker.Data.Locations;

namespace Tastemaker.Core.Tests.Data.Import;

public sealed class FileQueryTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_query_takes_odd_lines_apart_and_gives_items_their_features()
    {
        var log = folder.WriteGzip("log.txt.gz", "7-m-9,30-1\n7-e-9,31-0\n8-m-5,30-1\n");
        var lines = $"read_csv('{log}', header = false, delim = ',', columns = {{'asking': 'VARCHAR', 'answer': 'VARCHAR'}})";

        var (data, report) = DatasetImport.ImportWithReport(new DataOptions
        {
            Paths = ["duckdb:"],
            Name = "apps",
            Query = $"SELECT split_part(asking, '-', 1) AS user, split_part(answer, '-', 1) AS item, split_part(asking, '-', 2) AS part, split_part(asking, '-', 3) AS place FROM {lines};",
            ItemQuery = $"SELECT DISTINCT split_part(answer, '-', 1) AS item, split_part(answer, '-', 2) = '1' AS free FROM {lines}",
            Features = new Dictionary<string, string> { ["place"] = "categorical" },
        });

        (report.Format, data.Name).ShouldBe((DataFormat.DuckDb, "apps"));
        data.Pairs().ShouldBe(["7 30", "7 31", "8 30"]);
        Expect.Categories(data.InteractionFeatures!, "part").ShouldBe(["m", "e", "m"]);
        Expect.Categories(data.InteractionFeatures!, "place").ShouldBe(["9", "9", "5"]);
        Expect.Categories(data.ItemFeatures!, "free").ShouldBe(["true", "false"]);
    }

    [Fact]
    public void User_queries_and_labels_work_too()
    {
        folder.Write("log.csv", "user,item,outcome\nann,tea,bought\nbob,tea,left\n");
        folder.Write("people.csv", "name,age\nbob,30\nann,20\n");

        var data = DatasetImport.Import(new DataOptions
        {
            Paths = ["duckdb:"],
            Query = $"SELECT user, item, outcome = 'bought' AS label FROM '{folder.At("log.csv")}'",
            UserQuery = $"SELECT name, least(age // 5, 13) AS age FROM '{folder.At("people.csv")}'",
            Label = "label",
        });

        data.Interactions.Values.ToArray().ShouldBe([1, 0]);
        Expect.Numbers(data.UserFeatures!, "age").ShouldBe([4, 6]);
    }

    [Fact]
    public void Item_queries_go_to_the_database_that_is_named()
    {
        var path = folder.At("shop.db");
        using (var connection = new SqliteConnection($"Data Source={path};Pooling=false"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE sales (customer TEXT, sku TEXT); INSERT INTO sales VALUES ('ann', 'b'), ('bob', 'a'); CREATE TABLE goods (sku TEXT, price REAL); INSERT INTO goods VALUES ('a', 2.5), ('b', 4);";
            command.ExecuteNonQuery();
        }

        var options = new DataOptions { Paths = [$"sqlite:{path}"], Query = "SELECT customer AS user, sku FROM sales", ItemQuery = "SELECT price, sku FROM goods" };
        Expect.Numbers(DatasetImport.Import(options).ItemFeatures!, "price").ShouldBe([4, 2.5f]);
        Problem(options with { ItemQuery = "SELECT nothing" }).ShouldStartWith("The item query on shop failed:");
        Problem(options with { ItemFile = path }).ShouldContain("Give one of the options itemQuery and itemFile");
    }

    [Fact]
    public void Bad_queries_and_files_are_explained()
    {
        Problem(Query("SELECT FROM nowhere")).ShouldStartWith("the query cannot be read:");
        var missing = Problem(Query("SELECT * FROM 'no-such-file-here.csv'"));
        missing.ShouldContain("no-such-file-here.csv");
        missing.ShouldContain(DataRoot.Variable);
        Problem(Query("SELECT 1 AS user, 2 AS thing")).ShouldContain("no column of items");
        Problem(Query("SELECT 'a' AS user, 'x' AS item, 'many' AS rating")).ShouldContain("row 1 (not counting a header line): the value is not a finite number (user 'a', item 'x', value 'many')");
        Problem(new DataOptions { Paths = ["duckdb:"] }).ShouldContain("needs a query");
        Problem(Query("SELECT 1") with { Paths = ["duckdb:shop"] }).ShouldContain("by the path duckdb: alone");
        Problem(new DataOptions { Paths = [folder.Write("r.csv", "user,item\n1,2\n")], ItemQuery = "SELECT 1" }).ShouldContain("A query needs one database");
    }

    private static DataOptions Query(string query) => new() { Paths = ["duckdb:"], Query = query };

    private static string Problem(DataOptions options) => Should.Throw<InputException>(() => DatasetImport.Import(options with { OnBadRows = BadRowPolicy.Error })).Problems[0];
}
