using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Tastemaker.Bench.Micro;

/// <summary>
/// Three short measurements in this process: a first look in a minute or two. BenchmarkDotNet's own arguments, such as <c>--job medium</c>, ask
/// for more.
/// </summary>
internal sealed class ShortJobs : ManualConfig
{
    public ShortJobs()
    {
        // A generated project of its own would not have the native library that our build adapts.
        AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
        AddDiagnoser(MemoryDiagnoser.Default);
    }
}
