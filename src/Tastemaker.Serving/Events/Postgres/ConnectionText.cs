using Npgsql;

namespace Tastemaker.Serving.Events.Postgres;

/// <summary>How a server is named: by a connection string, or by a URI as other clients of PostgreSQL take it.</summary>
internal static class ConnectionText
{
    private static readonly string[] Schemes = ["postgres://", "postgresql://"];

    /// <summary>Whether a text names a PostgreSQL server.</summary>
    public static bool IsOne(string text) => IsUri(text) || Starts(text, "postgres:") || Starts(text, "Host=") || Starts(text, "Server=");

    /// <summary>The text as a connection string.</summary>
    /// <exception cref="InputException">It is none.</exception>
    public static string Parse(string text)
    {
        try
        {
            var parsed = new NpgsqlConnectionStringBuilder(IsUri(text) ? FromUri(new Uri(text)) : Starts(text, "postgres:") ? text["postgres:".Length..] : text);
            return !string.IsNullOrEmpty(parsed.Host) && !string.IsNullOrEmpty(parsed.Database) ? parsed.ToString()
                : throw new FormatException($"it names no {(string.IsNullOrEmpty(parsed.Host) ? "server" : "database")}.");
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or KeyNotFoundException)
        {
            // The text may hold a password, so it is not repeated.
            throw new InputException($"The connection to PostgreSQL is not understood: {failure.Message} Write Host=localhost;Database=shop;Username=recommender or postgres://recommender@localhost/shop.", failure);
        }
    }

    /// <summary>A failure in words.</summary>
    public static EventStoreException Explain(NpgsqlException failure) => new(
        failure is PostgresException refused
            ? $"The event store in PostgreSQL refused: {refused.MessageText} ({refused.SqlState})."
            : $"The event store's PostgreSQL server does not answer: {failure.Message.TrimEnd('.')}. See that it runs, and that host, port, user and password are right.",
        failure);

    private static bool IsUri(string text) => Array.Exists(Schemes, scheme => Starts(text, scheme));

    private static bool Starts(string text, string beginning) => text.StartsWith(beginning, StringComparison.OrdinalIgnoreCase);

    private static string FromUri(Uri uri)
    {
        var builder = new NpgsqlConnectionStringBuilder { Host = uri.Host, Port = uri.IsDefaultPort || uri.Port < 0 ? 5432 : uri.Port };
        var colon = uri.UserInfo.IndexOf(':', StringComparison.Ordinal);
        if (uri.UserInfo.Length > 0)
        {
            builder.Username = Uri.UnescapeDataString(colon < 0 ? uri.UserInfo : uri.UserInfo[..colon]);
            builder.Password = colon < 0 ? null : Uri.UnescapeDataString(uri.UserInfo[(colon + 1)..]);
        }

        if (uri.AbsolutePath.Length > 1)
        {
            builder.Database = Uri.UnescapeDataString(uri.AbsolutePath[1..]);
        }

        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var name = Uri.UnescapeDataString(equals < 0 ? pair : pair[..equals]);
            builder[name.Equals("sslmode", StringComparison.OrdinalIgnoreCase) ? "SSL Mode" : name] = equals < 0 ? "" : Uri.UnescapeDataString(pair[(equals + 1)..]).Replace("-", "", StringComparison.Ordinal);
        }

        return builder.ToString();
    }
}
