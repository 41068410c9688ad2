using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Tastemaker.Bench.Reports;

/// <summary>What figures depend on besides the code: processor, cores, threads, memory, versions, and how busy the machine was.</summary>
internal sealed record MachineFacts
{
    public required string Processor { get; init; }

    public required int LogicalProcessors { get; init; }

    /// <summary>Threads for libtorch and our own work.</summary>
    public required int Threads { get; init; }

    public required long MemoryBytes { get; init; }

    public required string System { get; init; }

    public required string Runtime { get; init; }

    public required string Tastemaker { get; init; }

    public required string TorchSharp { get; init; }

    public required string DuckDb { get; init; }

    /// <summary>Runnable processes, mean of the last minute, before the run began; null where the system does not tell. Near 0 on a quiet machine.</summary>
    public double? LoadBefore { get; init; }

    /// <param name="threads">Threads that the run uses; 0 for all cores.</param>
    public static MachineFacts Gather(int threads) => new()
    {
        Processor = ProcessorName(),
        LogicalProcessors = Environment.ProcessorCount,
        Threads = threads > 0 ? threads : Environment.ProcessorCount,
        MemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        System = $"{RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}",
        Runtime = RuntimeInformation.FrameworkDescription,
        Tastemaker = VersionOf(typeof(Recommender).Assembly),
        TorchSharp = VersionOf(typeof(torch).Assembly),
        DuckDb = VersionOf(typeof(DuckDB.NET.Data.DuckDBConnection).Assembly),
        LoadBefore = Load(),
    };

    /// <summary>One line for people.</summary>
    public override string ToString()
    {
        var load = LoadBefore is { } busy ? string.Create(CultureInfo.InvariantCulture, $"; load before the run {busy:0.0}") : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Processor}, {LogicalProcessors} logical processors ({Threads} used), {MemoryBytes / (double)(1 << 30):0.0} GiB; {System}; {Runtime}; Tastemaker {Tastemaker}, TorchSharp {TorchSharp}, DuckDB.NET {DuckDb}{load}");
    }

    private static string ProcessorName()
    {
        if (File.Exists("/proc/cpuinfo"))
        {
            var line = File.ReadLines("/proc/cpuinfo").FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal));
            if (line is not null)
            {
                return line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
            }
        }

        return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? RuntimeInformation.ProcessArchitecture.ToString();
    }

    /// <summary>The version without the commit that the SDK appends.</summary>
    private static string VersionOf(Assembly assembly)
    {
        var text = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? assembly.GetName().Version?.ToString();
        return text?.Split('+')[0] ?? "unknown";
    }

    private static double? Load() => File.Exists("/proc/loadavg")
        ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture)
        : null;
}
