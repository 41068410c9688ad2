using System.Runtime.InteropServices;
using DuckDB.NET.Data;
using SkiaSharp;
using TorchSharp;

namespace Tastemaker.Cli.Diagnostics;

/// <summary>The checks of <c>taste doctor</c>. None of them throws: what is broken becomes a finding.</summary>
internal static class Doctor
{
    private const double Gibibyte = 1L << 30;

    /// <summary>Runs all checks.</summary>
    public static IReadOnlyList<Finding> Examine() =>
    [
        Runtime(),
        Guard("libtorch", "The native library did not load; docs/native-library.md says why that happens and what mends it.", Torch),
        Guard("threads", null, Threads),
        Guard("GPU", null, Gpu),
        Guard("DuckDB", "Reinstall: the package's native library is missing for this platform.", DuckDb),
        Guard("charts", "On Linux the report needs the native library of SkiaSharp from the installation folder.", Charts),
        Memory(),
        Guard("disk", null, Disk),
    ];

    private static Finding Guard(string check, string? remedy, Func<Finding> examine)
    {
        try
        {
            return examine();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            var cause = failure;
            while (cause.InnerException is { } inner)
            {
                cause = inner;
            }

            return new Finding(check, FindingState.Bad, cause.Message.ReplaceLineEndings(" "), remedy);
        }
    }

    private static Finding Runtime() =>
        new(".NET", FindingState.Good, $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription.Trim()} ({RuntimeInformation.OSArchitecture})");

    private static Finding Torch()
    {
        using var sum = torch.ones(3).sum();
        return sum.item<float>() == 3
            ? new Finding("libtorch", FindingState.Good, $"libtorch {torch.__version__} loads and computes")
            : new Finding("libtorch", FindingState.Bad, "libtorch loads but adds 1 + 1 + 1 wrongly", "Reinstall; the native library does not fit this processor.");
    }

    private static Finding Threads()
    {
        var (cores, own) = (Environment.ProcessorCount, Parallelism.Threads);
        var (within, between) = (torch.get_num_threads(), torch.get_num_interop_threads());
        var detail = $"{own} for loops, ranking and import, {within} for libtorch (and {between} between its operations), {cores} processors";
        return own <= cores && within <= cores
            ? new Finding("threads", FindingState.Good, $"{detail}; --threads N sets them all for a command, all processors are the default")
            : new Finding("threads", FindingState.Note, detail, "More threads than processors only wait for each other: lower --threads or OMP_NUM_THREADS.");
    }

    private static Finding Gpu() => torch.cuda.is_available()
        ? new Finding("GPU", FindingState.Good, $"{torch.cuda.device_count()} CUDA device(s); use --device cuda")
        : new Finding("GPU", FindingState.Note, "no CUDA in this build or on this machine; everything runs on the processor", "To use an NVIDIA GPU, build with -p:TorchBackend=cuda.");

    private static Finding DuckDb()
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT version()";
        return new Finding("DuckDB", FindingState.Good, $"DuckDB {command.ExecuteScalar()} reads files in process");
    }

    private static Finding Charts()
    {
        using var bitmap = new SKBitmap(8, 8);
        return new Finding("charts", FindingState.Good, $"SkiaSharp draws ({bitmap.ByteCount} bytes)");
    }

    private static Finding Memory()
    {
        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Gibibyte;
        return available >= 2
            ? new Finding("memory", FindingState.Good, $"{available:0.0} GiB")
            : new Finding("memory", FindingState.Note, $"{available:0.0} GiB", "Small data sets only; 'taste data inspect' prints a memory plan.");
    }

    private static Finding Disk()
    {
        var free = new DriveInfo(Path.GetFullPath(".")).AvailableFreeSpace / Gibibyte;
        return free >= 1
            ? new Finding("disk", FindingState.Good, $"{free:0.0} GiB free here")
            : new Finding("disk", FindingState.Note, $"{free:0.0} GiB free here", "Runs and checkpoints need room: free some, or give --out on another disk.");
    }
}
