using System.Runtime.InteropServices;
using Tastemaker.Native;

namespace Tastemaker.Tests.Native;

public sealed partial class IdleThreadsTests
{
    [Fact]
    public void Native_code_finds_that_idle_threads_are_to_sleep()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The setting is that of GNU's OpenMP runtime, which libtorch uses on Linux.");
        IdleThreads.Sleep();

        Marshal.PtrToStringUTF8(Variable(IdleThreads.Variable)).ShouldBe(Environment.GetEnvironmentVariable(IdleThreads.Variable) ?? "passive");
    }

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Variable(string name);
}
