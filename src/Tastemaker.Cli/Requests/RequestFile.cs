using DuckDB.NET.Data;
using Spectre.Console;
using Tastemaker.Cli.Output;
using Tastemaker.Data;
using Tastemaker.Recommending;

namespace Tastemaker.Cli.Requests;

/// <summary>
/// Answers many requests into a file of recommendations. Requests and lists are streamed: neither has to fit in memory, and the output appears only when it is
/// complete.
/// </summary>
/// <param name="lists">Answers a block of requests.</param>
/// <param name="known">Whether the model knows a user.</param>
/// <param name="inCatalog">Whether the model knows an item.</param>
/// <param name="withTimes">Whether the model tells when a user is expected at an item: the file then has a column for it.</param>
internal sealed class RequestFile(Func<IReadOnlyList<Request>, IReadOnlyList<RecommendationList>> lists, Func<string, bool> known, Func<string, bool> inCatalog, bool withTimes)
{
    // Answered together: they share the reading of the model.
    private const int BlockRequests = 512;
    private const int NotedRequests = 10_000;
    private const int MostExamples = 5;

    /// <summary>Answers all requests; returns the exit code.</summary>
    /// <param name="requests">The requests.</param>
    /// <param name="output">A .csv or .parquet file, written whole or not at all.</param>
    /// <param name="terminal">Is told how far it has come, and whom the model does not know.</param>
    /// <param name="cancellation">Stops; nothing is written then.</param>
    /// <exception cref="InputException">The output's kind is unknown, or a request holds nothing.</exception>
    public int Answer(IEnumerable<Request> requests, string? output, Terminal terminal, CancellationToken cancellation)
    {
        var format = CheckOutput(output);
        var target = output!;
        var scratch = $"{target}.{Environment.ProcessId}.duckdb";
        var partial = $"{target}.part";
        try
        {
            var counts = Fill(requests, scratch, partial, format, terminal, cancellation);
            File.Move(partial, target, overwrite: true);
            return terminal.Result(
                new
                {
                    counts.Requests, counts.UnknownUsers, counts.ByPopularity, counts.UnknownItems, counts.RequestsWithUnknownItems,
                    unknownExamples = counts.Examples.Select(example => new { example.Request, example.Item }), output = target,
                },
                console => Draw(console, counts, target));
        }
        catch (DuckDBException failure)
        {
            throw WriteFailure.Of(failure, target);
        }
        finally
        {
            foreach (var left in new[] { scratch, $"{scratch}.wal", partial }.Where(File.Exists))
            {
                File.Delete(left);
            }

            if (Directory.Exists($"{scratch}.tmp"))
            {
                Directory.Delete($"{scratch}.tmp", recursive: true);
            }
        }
    }

    /// <summary>Checks the name of an output; returns how the engine writes it.</summary>
    /// <exception cref="InputException">There is none, or its extension is of no known kind.</exception>
    public static string CheckOutput(string? output)
    {
        var target = output ?? throw new InputException("Many lists need --out FILE.csv or --out FILE.parquet to go to.");
        return Path.GetExtension(target).ToLowerInvariant() switch
        {
            ".csv" => "FORMAT csv, HEADER, TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%SZ'",
            ".parquet" => "FORMAT parquet",
            var other => throw new InputException($"--out {target}: the extension '{other}' is not supported; use .csv or .parquet."),
        };
    }

    /// <summary>Whether a file is an earlier output.</summary>
    public static bool IsOne(string path) => EarlierOutput.HasColumns(path, Columns) || EarlierOutput.HasColumns(path, [.. Columns, Expected]);

    private static readonly string[] Columns = ["request", "user", "rank", "item", "title", "score", "strategy"];
    private const string Expected = "expected";

    private sealed record Counts(long Requests, long UnknownUsers, long ByPopularity, long UnknownItems, long RequestsWithUnknownItems, IReadOnlyList<(long Request, string Item)> Examples);

    private static void Draw(IAnsiConsole console, Counts counts, string target)
    {
        console.WriteLine($"{counts.Requests:N0} {(counts.Requests == 1 ? "list" : "lists")} written to {target}. The column request is the number of the request, from 1 in the order they were read.");
        if (counts.UnknownUsers > 0)
        {
            console.WriteLine($"Note: {counts.UnknownUsers:N0} {(counts.UnknownUsers == 1 ? "request names" : "requests name")} a user that the model does not know. Check that users are spelled as in the training data.");
        }

        if (counts.UnknownItems > 0)
        {
            var examples = string.Join(", ", counts.Examples.Select(example => $"'{example.Item}' (request {example.Request:N0})"));
            console.WriteLine($"Note: {counts.UnknownItems:N0} {(counts.UnknownItems == 1 ? "item" : "items")} in the histories of {counts.RequestsWithUnknownItems:N0} {(counts.RequestsWithUnknownItems == 1 ? "request" : "requests")} "
                + $"{(counts.UnknownItems == 1 ? "is" : "are")} not in the catalog and {(counts.UnknownItems == 1 ? "was" : "were")} left out: {examples}{(counts.UnknownItems > counts.Examples.Count ? ", ..." : "")}. "
                + $"Histories hold identifiers of the training data, separated by |.");
        }

        if (counts.ByPopularity > 0)
        {
            console.WriteLine($"Note: {counts.ByPopularity:N0} {(counts.ByPopularity == 1 ? "list is" : "lists are")} of the most popular items, since the system had nothing to go by; the column strategy says which.");
        }
    }

    private Counts Fill(IEnumerable<Request> requests, string scratch, string partial, string format, Terminal terminal, CancellationToken cancellation)
    {
        using var connection = new DuckDBConnection($"DataSource={scratch}");
        connection.Open();
        Execute(connection, $"CREATE TABLE lists (request BIGINT, \"user\" VARCHAR, rank INTEGER, item VARCHAR, title VARCHAR, score FLOAT, strategy VARCHAR{(withTimes ? $", {Expected} TIMESTAMP" : "")})");
        long done = 0, unknown = 0, popular = 0, strange = 0, affected = 0;
        var examples = new List<(long Request, string Item)>();
        using (var rows = connection.CreateAppender("lists"))
        {
            foreach (var block in requests.Chunk(BlockRequests))
            {
                cancellation.ThrowIfCancellationRequested();
                var answers = lists(block);
                for (var request = 0; request < block.Length; request++)
                {
                    Append(rows, ++done, block[request].User, answers[request]);
                    string[] missing = [.. (block[request].History ?? []).Where(item => !inCatalog(item))];
                    (strange, affected) = (strange + missing.Length, affected + (missing.Length > 0 ? 1 : 0));
                    examples.AddRange(missing.Where(item => !examples.Exists(example => example.Item == item)).Take(MostExamples - examples.Count).Select(item => (done, item)));
                    unknown += block[request].User is { } user && !known(user) ? 1 : 0;
                    popular += answers[request].Strategy == AnswerSource.Popularity ? 1 : 0;
                }

                if (done / NotedRequests > (done - block.Length) / NotedRequests)
                {
                    terminal.Note($"{done:N0} requests answered");
                }
            }
        }

        if (done == 0)
        {
            throw new InputException("The file of requests (--requests) holds a header line and no request. Add a row per request, or give --all-users.");
        }

        Execute(connection, $"COPY (SELECT * FROM lists ORDER BY request, rank) TO '{partial.Replace("'", "''", StringComparison.Ordinal)}' ({format})");
        return new Counts(done, unknown, popular, strange, affected, examples);
    }

    private void Append(DuckDBAppender rows, long number, string? user, RecommendationList answer)
    {
        for (var rank = 0; rank < answer.Items.Count; rank++)
        {
            var item = answer.Items[rank];
            var row = rows.CreateRow().AppendValue(number).AppendValue(user).AppendValue(rank + 1).AppendValue(item.Item).AppendValue(item.Title)
                .AppendValue(item.Score).AppendValue(answer.Strategy.Name());
            (withTimes ? row.AppendValue(item.Expected?.UtcDateTime) : row).EndRow();
        }
    }

    private static void Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
