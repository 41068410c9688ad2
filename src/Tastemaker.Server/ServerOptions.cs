using Tastemaker.Serving;

namespace Tastemaker.Server;

/// <summary>How the HTTP service runs.</summary>
public sealed record ServerOptions
{
    /// <summary>The model: a folder that <see cref="Recommender.Save"/> wrote, or a run folder of <c>taste train</c>.</summary>
    public required string Model { get; init; }

    /// <summary>Further models, to be asked by name and compared with the first; see <see cref="TastemakerOptions.CompareWith"/>.</summary>
    public IReadOnlyList<string> CompareWith { get; init; } = [];

    /// <summary>Where interactions are kept; see <see cref="TastemakerOptions.Store"/>. Empty for memory alone.</summary>
    public string Store { get; init; } = "";

    /// <summary>Where it listens. Port 0 takes a free one.</summary>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:8080"];

    /// <summary>
    /// A file with a line for each API key: its SHA-256 in hexadecimal digits, white space, and a name for it. Lines that begin with # are comments. Null: no
    /// key is asked for.
    /// </summary>
    public string? ApiKeyFile { get; init; }

    /// <summary>Most requests a second of each key, or of each address where there are no keys; as many may come at once. 0 for no limit.</summary>
    public int RateLimit { get; init; }

    /// <summary>Web pages of these origins may call the API; none by default.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>
    /// Names that callers may use for this server in the Host header where it asks for no keys, besides addresses, "localhost" and the hosts of <see cref="Urls"/>;
    /// "*" for any.
    /// </summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Whether log lines are JSON.</summary>
    public bool JsonLogs { get; init; }

    /// <summary>Where traces go by OTLP, such as "http://127.0.0.1:4317"; null for nowhere.</summary>
    public string? OtlpEndpoint { get; init; }

    /// <summary>Most bytes of a request's body.</summary>
    public long MostBodyBytes { get; init; } = 4 << 20;

    /// <summary>Most requests of a batch.</summary>
    public int MostRequests { get; init; } = 256;

    /// <summary>Most interactions of a call.</summary>
    public int MostInteractions { get; init; } = 10_000;

    /// <summary>Most characters of an identifier, of a feature's name and of a category.</summary>
    public int LongestId { get; init; } = 512;

    /// <summary>Changes how the recommender is served; called after the properties above are applied.</summary>
    public Action<TastemakerOptions>? Serving { get; init; }
}
