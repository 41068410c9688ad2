using Tastemaker.Data.Import;
using Tastemaker.Data.Import.Columns;

namespace Tastemaker.Core.Tests.Data.Import;

/// <summary>Objects and lists in columns are no identifiers.</summary>
public sealed class NestedColumnTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Objects_in_columns_with_a_role_are_refused_with_a_query_that_reads_them()
    {
        var path = folder.Write(
            "events.jsonl",
            """
            {"event": "view", "user": {"id": "a", "country": "DE"}, "item": {"sku": "x", "tags": ["p", "q"]}, "time": {"$date": "2024-01-01T00:00:00Z"}}
            {"event": "buy", "user": {"id": "a", "country": "FR"}, "item": {"sku": "y", "tags": []}, "time": {"$date": "2024-01-02T00:00:00Z"}}

            """);

        var problems = Should.Throw<InputException>(() => DatasetImport.Import(path)).Problems;

        problems.Count.ShouldBe(3);
        problems[0].ShouldStartWith($"Column 'user' of {path} is to be the user, but it holds objects with the fields id, country.");
        problems[2].ShouldContain("Column 'time'");
        var query = problems[0][(problems[0].IndexOf("--query \"", StringComparison.Ordinal) + 9)..^1].Replace("\\\"", "\"", StringComparison.Ordinal);
        query.ShouldBe($"SELECT e.event, e.user.id AS user_id, e.item.sku AS item_id, e.time.\"$date\" AS time FROM '{path}' AS e");
        var data = DatasetImport.Import(DataOptions.From("duckdb:") with { Query = query });
        data.Users.Ids.ShouldBe(["a"]);
        data.Items.Ids.ShouldBe(["x", "y"]);
        (data.Interactions.Times[1] - data.Interactions.Times[0]).ShouldBe(86_400_000_000);
    }

    [Fact]
    public void Lists_in_the_place_of_items_are_refused_with_a_query_that_takes_them_apart()
    {
        var path = folder.Write("baskets.jsonl", "{\"user\": \"a\", \"item\": [\"x\", \"y\"]}\n{\"user\": \"b\", \"item\": [\"y\"]}\n");

        var problem = Should.Throw<InputException>(() => DatasetImport.Import(path)).Problems.Single();

        problem.ShouldContain("holds lists");
        var query = problem[(problem.IndexOf("--query \"", StringComparison.Ordinal) + 9)..^1];
        DatasetImport.Import(DataOptions.From("duckdb:") with { Query = query }).Interactions.Count.ShouldBe(3);
    }

    [Fact]
    public void Objects_in_other_columns_are_ignored_with_the_query_that_reads_their_fields()
    {
        var path = folder.Write("flat.jsonl", "{\"user_id\": \"a\", \"item_id\": \"x\", \"meta\": {\"timestamp\": \"2024-01-01T00:00:00Z\"}}\n{\"user_id\": \"b\", \"item_id\": \"x\", \"meta\": {\"timestamp\": \"2024-01-02T00:00:00Z\"}}\n");

        var (data, report) = DatasetImport.ImportWithReport(DataOptions.From(path));

        data.Interactions.HasTimes.ShouldBeFalse();
        var note = report.Warnings.Single(warning => warning.Contains("'meta'"));
        note.ShouldContain("objects with the fields timestamp; it is ignored");
        var query = note[(note.IndexOf("--query \"", StringComparison.Ordinal) + 9)..^1];
        DatasetImport.Import(DataOptions.From("duckdb:") with { Query = query }).Interactions.HasTimes.ShouldBeTrue();
    }

    [Fact]
    public void Fields_of_types_are_read_whatever_they_are_called()
    {
        NestedColumns.FieldsOf("STRUCT(id VARCHAR, \"a, \"\"b\"\" (c)\" STRUCT(x INTEGER, y DECIMAL(18,3)), tags VARCHAR[])").ShouldBe(
            [("id", "VARCHAR"), ("a, \"b\" (c)", "STRUCT(x INTEGER, y DECIMAL(18,3))"), ("tags", "VARCHAR[]")]);
        NestedColumns.FieldsOf("MAP(VARCHAR, INTEGER)").ShouldBeEmpty();
    }
}
