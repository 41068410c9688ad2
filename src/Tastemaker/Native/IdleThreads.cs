using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tastemaker.Native;

/// <summary>
/// Lets libtorch's threads sleep between operations. Left to itself, its OpenMP runtime (GNU's, on Linux) keeps idle threads spinning for up to
/// milliseconds, in which they hold cores that the making of batches, our own loops and other processes need: with more threads wanting to
/// run than there are cores, every operation then waits for a thread that is kept off its core by one that does nothing.
/// </summary>
internal static partial class IdleThreads
{
    /// <summary>What the runtime reads when it is loaded. A user's own setting stays.</summary>
    internal const string Variable = "OMP_WAIT_POLICY";

    /// <summary>Says so before libtorch is loaded: when the first of our code runs.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "The runtime reads its settings once, when libtorch is loaded, which any of our types may bring about.")]
    internal static void Sleep()
    {
        // Environment.SetEnvironmentVariable does not reach native code on Unix.
        if (OperatingSystem.IsLinux())
        {
            _ = SetVariable(Variable, "passive", replace: 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int replace);
}
