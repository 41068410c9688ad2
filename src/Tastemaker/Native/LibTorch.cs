using System.Runtime.InteropServices;
using TorchSharp;

namespace Tastemaker.Native;

/// <summary>The native library, which programs choose themselves: without it the first tensor would end in a stack trace of the loader.</summary>
internal static class LibTorch
{
    private static readonly Lazy<string?> Problem = new(Find);

    /// <summary>Loads it, if it is not loaded yet.</summary>
    /// <exception cref="InputException">It cannot be loaded; the message names the package to add.</exception>
    public static void Demand()
    {
        if (Problem.Value is { } problem)
        {
            throw new InputException(problem);
        }
    }

    private static string? Find()
    {
        try
        {
            _ = torch.get_num_threads();
            return null;
        }
        catch (Exception failure) when (failure is TypeInitializationException or DllNotFoundException or NotSupportedException or BadImageFormatException or EntryPointNotFoundException or FileNotFoundException)
        {
            return $"libtorch, the native library that computes, cannot be loaded. Add its package to your program: dotnet add package {Package} "
                + "(TorchSharp-cpu for every platform, a TorchSharp-cuda package for a GPU); if it is there, the page docs/native-library.md says what else it needs.";
        }
    }

    private static string Package =>
        OperatingSystem.IsWindows() ? "libtorch-cpu-win-x64"
        : OperatingSystem.IsMacOS() && RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "libtorch-cpu-osx-arm64"
        : OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64 ? "libtorch-cpu-linux-x64"
        : "TorchSharp-cpu";
}
