using System.Diagnostics;
using System.Globalization;

namespace Tastemaker.Bench.Measuring;

/// <summary>
/// The most physical memory this process has held. On Linux the kernel's mark can be set back, so that each part of a run has its own peak
/// (which includes what stayed from parts before it, such as the data set); elsewhere it only rises.
/// </summary>
internal static class PeakMemory
{
    /// <summary>Sets the mark back to what is held now, where the system allows.</summary>
    public static void Reset()
    {
        GC.Collect();
        try
        {
            // "5" resets VmHWM (proc_pid_clear_refs(5)).
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // Without the reset a part's peak is the run's so far: an upper bound, still true.
        }
    }

    /// <summary>The peak in bytes since the last reset.</summary>
    public static long Bytes()
    {
        if (File.Exists("/proc/self/status"))
        {
            var line = File.ReadLines("/proc/self/status").FirstOrDefault(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
            if (line is not null)
            {
                return 1024 * long.Parse(line["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
            }
        }

        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
