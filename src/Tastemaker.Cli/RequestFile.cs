using Spectre.Console;
using System.Globalization;
using DuckDB.NET.Data;
using Tastemaker.Cli.Output;
using Tastemaker.Recommending;

namespace Tastemaker.Cli;

/// <summary>
/// Answers a file of requests, a row each, into a file of recommendations. Both are streamed: neither has to fit in memory, and the output
/// appears only when it is complete.
/// </summary>
internal static class RequestFile
{
    // Answered together: they share the reading of the model.
    private const int BlockRequests = 512;
    private const int NotedRequests = 10_000;

    /// <summary>Answers all requests; returns the exit code.</summary>
    /// <exception cref="InputException">The input is unreadable or lacks the columns, or the output's kind is unknown.</exception>
    public static int Answer(
        IRecommender recommender, string input, string? output, int count, CandidateFilter filter, Terminal terminal, CancellationToken cancellation)
    {
        if (!File.Exists(input))
        {
            throw new InputException($"--requests: there is no file '{input}'.");
        }

        var target = output ?? throw new InputException("--requests needs --out FILE.csv or --out FILE.parquet for the lists.");
        var format = Path.GetExtension(target).ToLowerInvariant() switch
        {
            ".csv" => "FORMAT csv, HEADER",
            ".parquet" => "FORMAT parquet",
            var other => throw new InputException($"--out {target}: the extension '{other}' is not supported; use .csv or .parquet."),
        };
        var scratch = $"{target}.{Environment.ProcessId}.duckdb";
        try
        {
            var requests = Fill(recommender, input, scratch, target, format, count, filter, terminal, cancellation);
            return terminal.Result(new { requests, output = target }, console => console.WriteLine($"{requests} lists written to {target}"));
        }
        finally
        {
            File.Delete(scratch);
            File.Delete(scratch + ".wal");
        }
    }

    private static long Fill(
        IRecommender recommender, string input, string scratch, string target, string format, int count, CandidateFilter filter, Terminal terminal, CancellationToken cancellation)
    {
        using var connection = new DuckDBConnection($"DataSource={scratch}");
        connection.Open();
        Execute(connection, "CREATE TABLE lists (request BIGINT, \"user\" VARCHAR, rank INTEGER, item VARCHAR, title VARCHAR, score FLOAT, strategy VARCHAR)");
        using var reading = new DuckDBConnection("DataSource=:memory:");
        reading.Open();
        using var reader = Open(reading, input);
        var (user, history) = (Column(reader, "user"), Column(reader, "history"));
        if (user < 0 && history < 0)
        {
            throw new InputException($"'{input}' has neither a column 'user' nor a column 'history'; it has {string.Join(", ", Enumerable.Range(0, reader.FieldCount).Select(reader.GetName))}.");
        }

        long done = 0;
        using (var lists = connection.CreateAppender("lists"))
        {
            foreach (var block in Requests(reader, user, history).Chunk(BlockRequests))
            {
                cancellation.ThrowIfCancellationRequested();
                var answers = recommender.RecommendAll(block, count, filter);
                for (var request = 0; request < block.Length; request++)
                {
                    Append(lists, ++done, block[request].User, answers[request]);
                }

                if (done / NotedRequests > (done - block.Length) / NotedRequests)
                {
                    terminal.Note($"{done} requests answered");
                }
            }
        }

        var partial = target + ".part";
        Execute(connection, $"COPY (SELECT * FROM lists ORDER BY request, rank) TO '{partial.Replace("'", "''", StringComparison.Ordinal)}' ({format})");
        File.Move(partial, target, overwrite: true);
        return done;
    }

    private static IEnumerable<Request> Requests(DuckDBDataReader reader, int userColumn, int historyColumn)
    {
        for (long number = 1; reader.Read(); number++)
        {
            var (user, history) = (Text(reader, userColumn), Text(reader, historyColumn));
            if (user is null && history is null)
            {
                throw new InputException($"Request {number} has neither a user nor a history.");
            }

            yield return new Request
            {
                User = user, History = history?.Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            };
        }
    }

    private static void Append(DuckDBAppender lists, long number, string? user, RecommendationList answer)
    {
        for (var rank = 0; rank < answer.Items.Count; rank++)
        {
            var item = answer.Items[rank];
            lists.CreateRow().AppendValue(number).AppendValue(user).AppendValue(rank + 1).AppendValue(item.Item).AppendValue(item.Title)
                .AppendValue(item.Score).AppendValue(answer.Strategy.ToString().ToLowerInvariant()).EndRow();
        }
    }

    private static DuckDBDataReader Open(DuckDBConnection connection, string input)
    {
        var command = connection.CreateCommand();
        var path = input.Replace("'", "''", StringComparison.Ordinal);
        command.CommandText = Path.GetExtension(input).Equals(".parquet", StringComparison.OrdinalIgnoreCase)
            ? $"SELECT * FROM read_parquet('{path}')"
            : $"SELECT * FROM read_csv('{path}', all_varchar = true, header = true)";
        command.UseStreamingMode = true;
        try
        {
            return command.ExecuteReader();
        }
        catch (DuckDBException unreadable)
        {
            throw new InputException($"'{input}' cannot be read: {unreadable.Message}", unreadable);
        }
    }

    private static void Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static int Column(System.Data.Common.DbDataReader reader, string name) =>
        Enumerable.Range(0, reader.FieldCount).FirstOrDefault(column => reader.GetName(column).Equals(name, StringComparison.OrdinalIgnoreCase), -1);

    private static string? Text(System.Data.Common.DbDataReader reader, int column) =>
        column < 0 || reader.IsDBNull(column) ? null : Convert.ToString(reader.GetValue(column), CultureInfo.InvariantCulture);
}
