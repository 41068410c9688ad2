#nullable enable
using System;
using System.IO;

namespace Tastemaker.Build;

/// <summary>
/// Makes the runtime compile TorchSharp.dll without optimisations, so that what its methods are given lives until they return.
/// </summary>
/// <remarks>
/// <para>TorchSharp hands native code the address inside a temporary object, as of the Scalar that 0.5 becomes in <c>x * 0.5</c> or the factor of
/// <c>a + b</c>. In optimised code that object is garbage as soon as its address is read; where a collection comes just then, its finalizer frees what
/// native code is about to read. The outcome is a wrong number, an exception ("Unknown scalar type") or a crash, seldom on a quiet machine and
/// within seconds under load. Unoptimised code keeps its arguments to the end of the method.</para>
/// <para>The switch is the assembly's own DebuggableAttribute: of its modes, Default (1) and DisableOptimizations (0x100) are set beside
/// IgnoreSymbolStoreSequencePoints (2), which it has: two bytes of the file. TorchSharp's methods only pass arguments on, and
/// the mathematics is libtorch's: with batches of 64, many calls for little mathematics, two pairs of trainings took 1 and 5 % longer.</para>
/// <para>The file is also compiled by MSBuild while a project is built, against .NET Standard 2.0.</para>
/// </remarks>
public static class ManagedLibraryPatcher
{
    // In the blob heap: its length, the prolog of attributes, the modes as a little-endian int32, and no named arguments.
    private static readonly byte[] Optimized = { 8, 1, 0, 2, 0, 0, 0, 0, 0 };
    private static readonly byte[] Unoptimized = { 8, 1, 0, 3, 1, 0, 0, 0, 0 };

    /// <summary>Writes to <paramref name="destination"/> a copy of <paramref name="source"/> with optimisations off; a plain copy where they are off already.</summary>
    /// <returns>Whether anything was changed.</returns>
    /// <exception cref="InvalidDataException">The file does not hold the attribute exactly once: it is of a version this code does not know.</exception>
    public static bool CopyPatched(string source, string destination)
    {
        byte[] image = File.ReadAllBytes(source);
        bool changed = DisableOptimizations(image);
        string folder = Path.GetDirectoryName(Path.GetFullPath(destination))!;
        Directory.CreateDirectory(folder);
        string temporary = destination + ".new";
        File.WriteAllBytes(temporary, image);
        File.Delete(destination); // it may be a hard link to somebody else's
        File.Move(temporary, destination);
        return changed;
    }

    /// <summary>Sets the modes in an assembly's bytes; false if they are set already.</summary>
    /// <exception cref="InvalidDataException">The attribute is not there exactly once.</exception>
    public static bool DisableOptimizations(byte[] image)
    {
        int place = Only(image, Optimized);
        if (place < 0)
        {
            return Only(image, Unoptimized) >= 0 ? false : throw new InvalidDataException("The assembly has no DebuggableAttribute of a release build.");
        }

        Unoptimized.CopyTo(image, place);
        return true;
    }

    private static int Only(byte[] image, byte[] blob)
    {
        int found = -1;
        for (int start = 0; start <= image.Length - blob.Length; start++)
        {
            int matched = 0;
            while (matched < blob.Length && image[start + matched] == blob[matched])
            {
                matched++;
            }

            if (matched == blob.Length)
            {
                found = found < 0 ? start : throw new InvalidDataException("The assembly has more than one place that looks like its DebuggableAttribute.");
            }
        }

        return found;
    }
}

#if !WITHOUT_MSBUILD
/// <summary>The MSBuild task.</summary>
public sealed class PatchManagedLibrary : Microsoft.Build.Utilities.Task
{
    /// <summary>The library.</summary>
    [Microsoft.Build.Framework.Required]
    public string Source { get; set; } = "";

    /// <summary>Where the copy goes.</summary>
    [Microsoft.Build.Framework.Required]
    public string Destination { get; set; } = "";

    /// <inheritdoc/>
    public override bool Execute()
    {
        try
        {
            ManagedLibraryPatcher.CopyPatched(Source, Destination);
            return true;
        }
        catch (Exception error) when (error is IOException || error is InvalidDataException || error is UnauthorizedAccessException)
        {
            Log.LogError(
                null, "TASTE003", null, Source, 0, 0, 0, 0,
                "{0} Use the version of TorchSharp that this version of Tastemaker names, or set TastemakerKeepArguments to false and accept rare wrong numbers under load.",
                error.Message);
            return false;
        }
    }
}
#endif
