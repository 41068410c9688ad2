using System.Runtime.InteropServices;
using Tastemaker.Native;

namespace Tastemaker.Tests.Native;

public sealed partial class IdleThreadsTests
{
    [Fact]
    public void Native_code_finds_for_how_long_idle_threads_spin()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The setting is that of GNU's OpenMP runtime, which libtorch uses on Linux.");
        Assert.SkipUnless(Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null, "The user's own policy is left alone.");
        IdleThreads.SleepSoon();

        Marshal.PtrToStringUTF8(Variable(IdleThreads.Variable)).ShouldBe(Environment.GetEnvironmentVariable(IdleThreads.Variable) ?? IdleThreads.Rounds);
    }

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Variable(string name);
}
