using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tastemaker.Native;

/// <summary>
/// Says for how long libtorch's idle threads wait before they sleep. Left to itself, its OpenMP runtime (GNU's, on Linux) keeps them spinning for
/// milliseconds after each operation. Where more threads want to run than there are cores (a second process, the making of batches), every
/// operation then waits for a thread that is kept off its core by one that does nothing: steps have been seen to take fifty times as long. Without any
/// spinning, threads are woken anew for each of the many small operations of a step, which trebles its time on a quiet machine. A short spin
/// bridges the gap from one operation to the next and no more.
/// </summary>
internal static partial class IdleThreads
{
    /// <summary>What the runtime reads when it is loaded: rounds of spinning.</summary>
    internal const string Variable = "GOMP_SPINCOUNT";

    /// <summary>Some tens of microseconds.</summary>
    internal const string Rounds = "5000";

    /// <summary>Says so before libtorch is loaded: when the first of our code runs. What the user has set stays.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "The runtime reads its settings once, when libtorch is loaded, which any of our types may bring about.")]
    internal static void SleepSoon()
    {
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null)
        {
            // Environment.SetEnvironmentVariable does not reach native code on Unix.
            _ = SetVariable(Variable, Rounds, replace: 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int replace);
}
