using System.Globalization;

namespace Tastemaker.Solvers;

/// <summary>Refuses work that cannot fit before it starts.</summary>
internal static class MemoryPlan
{
    /// <summary>Memory this process may use, in bytes, as the runtime sees it (containers' limits included).</summary>
    public static long Available => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Throws if <paramref name="bytes"/> do not fit into <paramref name="available"/>.</summary>
    /// <param name="bytes">What the work needs at its peak.</param>
    /// <param name="available">What there is.</param>
    /// <param name="what">The work, as the subject of a sentence.</param>
    /// <param name="alternative">A sentence that says what to do instead.</param>
    /// <exception cref="InputException">It does not fit.</exception>
    public static void Require(double bytes, double available, string what, string alternative)
    {
        if (bytes > available)
        {
            throw new InputException(string.Create(
                CultureInfo.InvariantCulture,
                $"{what} needs {bytes / (1L << 30):0.0} GiB of memory, but {available / (1L << 30):0.0} GiB are available. {alternative}"));
        }
    }
}
