using System.Diagnostics;
using Npgsql;

namespace Tastemaker.Serving.Tests.Events;

/// <summary>
/// A PostgreSQL server for tests: the one that TASTEMAKER_TEST_POSTGRES names (a connection string), or one of their own where PostgreSQL is installed, on a socket in
/// a temporary folder.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    private const string Variable = "TASTEMAKER_TEST_POSTGRES";

    private readonly Lazy<string?> connection;
    private string? folder;
    private int schemas;

    public PostgresServer() => connection = new Lazy<string?>(() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : Start());

    /// <summary>A connection string to an empty schema of its own; skips the test where there is no server.</summary>
    public string EmptySchema()
    {
        Assert.SkipWhen(connection.Value is null, $"PostgreSQL is not installed, and {Variable} names no server.");
        var name = $"tastemaker_test_{Environment.ProcessId}_{Interlocked.Increment(ref schemas)}";
        Execute(connection.Value!, $"CREATE SCHEMA {name}");
        return new NpgsqlConnectionStringBuilder(connection.Value) { SearchPath = name }.ToString();
    }

    /// <summary>Removes a schema.</summary>
    public static void Drop(string schema) => Execute(schema, $"DROP SCHEMA {new NpgsqlConnectionStringBuilder(schema).SearchPath} CASCADE");

    public void Dispose()
    {
        if (folder is not null)
        {
            Run(Program("pg_ctl")!, "stop", "-m", "immediate", "-w", "-D", Path.Combine(folder, "data"));
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Execute(string connection, string sql)
    {
        using var source = NpgsqlDataSource.Create(connection);
        using var command = source.CreateCommand(sql);
        command.ExecuteNonQuery();
    }

    private static string? Program(string name)
    {
        const string Debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(Debian) ? Directory.GetDirectories(Debian).Select(version => Path.Combine(version, "bin")).OrderDescending().ToArray() : [];
        return versions.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)).Select(place => Path.Combine(place, name)).FirstOrDefault(File.Exists);
    }

    private static void Run(string program, params string[] arguments)
    {
        // PostgreSQL refuses to run as root.
        var start = Environment.UserName == "root"
            ? new ProcessStartInfo("runuser", ["-u", File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody", "--", program, .. arguments])
            : new ProcessStartInfo(program, arguments);
        start.WorkingDirectory = "/";
        using var process = Process.Start(start)!;
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, $"{program} {string.Join(' ', arguments)} failed.");
    }

    private string? Start()
    {
        if (!OperatingSystem.IsLinux() || Program("initdb") is not { } initialize || Program("pg_ctl") is not { } control)
        {
            return null;
        }

        folder = Path.Combine(Path.GetTempPath(), $"taste-pg-{Guid.NewGuid():N}"[..17]);
        Directory.CreateDirectory(folder);
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111); // the server runs as another user
        var data = Path.Combine(folder, "data");
        Run(initialize, "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions");
        Run(control, "start", "-w", "-s", "-D", data, "-l", Path.Combine(folder, "log"), "-o", $"-k {folder} -c listen_addresses='' -c fsync=off");
        return $"Host={folder};Username=postgres;Database=postgres";
    }
}
