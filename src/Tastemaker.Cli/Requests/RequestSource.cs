using System.Globalization;
using DuckDB.NET.Data;
using Tastemaker.Data.Import;
using Tastemaker.Data.Import.Formats;
using Tastemaker.Data.Import.Reading;
using Tastemaker.Data.Import.Columns;
using Tastemaker.Recommending;

namespace Tastemaker.Cli.Requests;

/// <summary>
/// A file of requests, read as a stream: a column of users, a column "history" (items separated by |), a column "content" (a text), or several of them. Delimited text may be separated by commas,
/// tabs, semicolons or, where there is no history, bars: the separator is the one that makes known names of the header line.
/// </summary>
internal sealed class RequestSource : IDisposable
{
    private const string History = "history";
    private const string Content = "content";
    private static readonly char[] Separators = [',', '\t', ';', '|'];

    private readonly DuckDBConnection connection = new("DataSource=:memory:");
    private readonly DuckDBDataReader reader;
    private readonly DecodedCopies copies;
    private readonly string path;
    private readonly int user;
    private readonly int history;
    private readonly int content;

    /// <summary>Opens a file.</summary>
    /// <param name="path">Delimited text, gzipped or not, or Parquet.</param>
    /// <param name="userColumn">The column of users; null for the one that is known by its name.</param>
    /// <exception cref="InputException">It is missing, unreadable, or lacks the columns.</exception>
    /// <param name="cancellation">Stops the reading.</param>
    public RequestSource(string path, string? userColumn, CancellationToken cancellation = default)
    {
        if (!File.Exists(path))
        {
            throw new InputException($"--requests: there is no file '{path}'.");
        }

        this.path = path;
        copies = new DecodedCopies(TextEncoding.Auto, cancellation);
        connection.Open();
        reader = Open(userColumn);
        string[] names = [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
        user = Array.FindIndex(names, name => IsUser(name, userColumn));
        history = Array.FindIndex(names, name => RoleNames.Plain(name) == History);
        content = Array.FindIndex(names, name => RoleNames.Plain(name) == Content);
        if (userColumn is not null && user < 0)
        {
            throw new InputException($"'{path}' has no column '{userColumn}' (--user-column); it has {string.Join(", ", names)}.");
        }

        if (user < 0 && history < 0 && content < 0)
        {
            throw new InputException($"'{path}' has no column of users ('user', 'user_id', ...), and no column 'history' or 'content'; it has {string.Join(", ", names)}. Name the column of users with --user-column.");
        }
    }

    /// <summary>The requests, in the order of the file.</summary>
    /// <exception cref="InputException">A row has neither a user nor a history nor a text.</exception>
    public IEnumerable<Request> Read()
    {
        for (long number = 1; Next(); number++)
        {
            var (id, items, text) = (Text(user), Text(history), Text(content));
            yield return id is null && items is null && text is null
                ? throw new InputException($"Request {number} has neither a user nor a history nor a content.")
                : new Request { User = id, History = items?.Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), Content = text };
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        reader?.Dispose();
        connection.Dispose();
        copies.Dispose();
    }

    private bool Next()
    {
        try
        {
            return reader.Read();
        }
        catch (DuckDBException unreadable)
        {
            throw copies.Original(new QueryFailedException(unreadable.Message, unreadable).Explained(path));
        }
    }

    private static bool IsUser(string name, string? userColumn) =>
        userColumn is not null ? name.Equals(userColumn, StringComparison.OrdinalIgnoreCase) : RoleNames.User.Contains(RoleNames.Plain(name));

    private DuckDBDataReader Open(string? userColumn)
    {
        var plain = Path.GetExtension(path).Equals(".parquet", StringComparison.OrdinalIgnoreCase) ? path : PlainText();
        var literal = DuckDbSession.Literal(plain);
        var command = connection.CreateCommand();
        command.CommandText = Path.GetExtension(path).Equals(".parquet", StringComparison.OrdinalIgnoreCase)
            ? $"SELECT * FROM read_parquet({literal})"
            : $"SELECT * FROM read_csv({literal}, all_varchar = true, header = true, delim = '{Separator(plain, userColumn)}', quote = '\"', escape = '\"', null_padding = true)";
        command.UseStreamingMode = true;
        try
        {
            return command.ExecuteReader();
        }
        catch (DuckDBException unreadable)
        {
            throw copies.Original(new QueryFailedException(unreadable.Message, unreadable).Explained(path));
        }
    }

    // In UTF-8, with lines that end in one way.
    private string PlainText()
    {
        try
        {
            return copies.WithPlainLines(copies.Of(new DataOptions { Paths = [path] })).Paths[0];
        }
        catch (InputException problem)
        {
            throw new InputException([.. problem.Problems.Select(text => $"--requests: {text}")]);
        }
    }

    // Not what splits rows best: the bars of histories of one length would.
    private char Separator(string plain, string? userColumn)
    {
        using Stream file = File.OpenRead(plain);
        using var text = new StreamReader(plain.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionMode.Decompress) : file);
        var header = text.ReadLine() ?? throw new InputException($"'{path}' is empty; its first line names the columns, such as user, history or content.");
        bool Names(char separator) => header.Split(separator).Select(name => name.Trim().Trim('"')).Any(name => IsUser(name, userColumn) || RoleNames.Plain(name) is History or Content);
        return Separators.FirstOrDefault(separator => header.Contains(separator, StringComparison.Ordinal) && Names(separator), ',');
    }

    private string? Text(int column) =>
        column < 0 || reader.IsDBNull(column) || Convert.ToString(reader.GetValue(column), CultureInfo.InvariantCulture) is not { Length: > 0 } text ? null : text;
}
