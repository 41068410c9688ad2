#nullable enable
using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace Tastemaker.Build;

/// <summary>What <see cref="NativeLibraryPatcher"/> found and did.</summary>
public enum PatchOutcome
{
    /// <summary>The library does not ask for the version at all: not a byte is changed.</summary>
    NotNeeded,

    /// <summary>The library already asks for the version weakly: not a byte is changed.</summary>
    AlreadyPatched,

    /// <summary>One flag was set.</summary>
    Patched,
}

/// <summary>
/// Lets a Linux shared library load where a symbol version that it names, but never uses, is missing.
/// </summary>
/// <remarks>
/// <para>TorchSharp's native half is compiled by GCC 13. Whatever includes &lt;iostream&gt; there gets an undefined symbol,
/// <c>std::ios_base_library_init</c>, of version GLIBCXX_3.4.32. Its only purpose is to make the loader refuse a libstdc++ that does not
/// initialize <c>std::cout</c> by itself: no code calls it and no relocation refers to it. The loader therefore rejects the library on
/// Debian 12 or Ubuntu 22.04 (GCC 12) for the sake of a name.</para>
/// <para>ELF has a word for this: a <em>weak</em> version need (VER_FLG_WEAK in .gnu.version_r) that may be absent. Setting that one flag
/// is all this class does. It is safe for three reasons, and the second is checked before a byte is changed:</para>
/// <list type="number">
/// <item>With an old libstdc++ the streams are initialized by every library that was compiled against it; libc10 and libtorch_cpu are
/// such libraries, and the loader initializes them first because the patched library depends on them.</item>
/// <item>No relocation refers to a symbol of the version, so nothing can be left unresolved.</item>
/// <item>With a new libstdc++ the version is found, the flag means nothing, and libstdc++ initializes its streams itself. A patched
/// library is thus good on every system.</item>
/// </list>
/// <para>The file is also compiled by MSBuild while a project is built, against .NET Standard 2.0: hence no spans, ranges or
/// BinaryPrimitives.</para>
/// </remarks>
public static class NativeLibraryPatcher
{
    private const ushort VersionFlagWeak = 2;

    /// <summary>
    /// Writes to <paramref name="destination"/> a copy of <paramref name="source"/> in which <paramref name="version"/> is needed weakly,
    /// or a plain copy where that is not needed.
    /// </summary>
    /// <param name="source">The library; only ever read, for it may lie in the NuGet cache.</param>
    /// <param name="destination">Where the copy goes. An existing file is replaced by a new one rather than written into, because it may be
    /// a hard link to somebody else's.</param>
    /// <param name="version">The symbol version, for example <c>GLIBCXX_3.4.32</c>.</param>
    public static PatchOutcome CopyPatched(string source, string destination, string version)
    {
        byte[] image = File.ReadAllBytes(source);
        PatchOutcome outcome;
        try
        {
            outcome = MakeVersionWeak(image, version);
        }
        catch (InvalidDataException problem)
        {
            throw new InvalidDataException(
                $"{source}: {problem.Message} Set the MSBuild property TastemakerPatchNative to 'never' to use the library as it is.", problem);
        }

        string fullPath = Path.GetFullPath(destination);
        Directory.CreateDirectory(Path.GetDirectoryName(fullPath)!);
        string temporary = fullPath + "." + Guid.NewGuid().ToString("N");
        File.WriteAllBytes(temporary, image);
        File.Delete(fullPath);
        File.Move(temporary, fullPath);
        return outcome;
    }

    /// <summary>Sets the weak flag on the need of <paramref name="version"/> in <paramref name="image"/>, in place.</summary>
    /// <exception cref="InvalidDataException">The image is no ELF library for x86-64, is damaged, or does use a symbol of the version,
    /// in which case a weak need would turn an error at load time into a crash later.</exception>
    public static PatchOutcome MakeVersionWeak(byte[] image, string version)
    {
        var elf = new ElfImage(image);
        if (elf.FindVersionNeed(version) is not { } need)
            return PatchOutcome.NotNeeded;
        if ((need.Flags & VersionFlagWeak) != 0)
            return PatchOutcome.AlreadyPatched;
        if (elf.FirstRelocatedSymbolOf(need.Index) is { } used)
            throw new InvalidDataException($"It calls '{used}' of {version}, so it needs a libstdc++ that has it and cannot be adapted to an older one.");

        elf.SetVersionFlags(need, (ushort)(need.Flags | VersionFlagWeak));
        return PatchOutcome.Patched;
    }

    private readonly struct VersionNeed
    {
        internal VersionNeed(int flagsOffset, ushort flags, ushort index)
        {
            FlagsOffset = flagsOffset;
            Flags = flags;
            Index = index;
        }

        internal int FlagsOffset { get; }

        internal ushort Flags { get; }

        internal ushort Index { get; }
    }

    /// <summary>
    /// The few tables of a 64-bit little-endian ELF library that the loader itself reads. They are reached through the program headers,
    /// as the loader does: section headers are optional and say nothing that binds it.
    /// </summary>
    private sealed class ElfImage
    {
        private const ushort MachineX64 = 62;
        private const uint SegmentLoad = 1;
        private const uint SegmentDynamic = 2;
        private const int ProgramHeaderSize = 56;
        private const int DynamicEntrySize = 16;
        private const int SymbolSize = 24;
        private const int RelocationSize = 24;

        private enum Tag
        {
            PltRelocationsSize = 2,
            Strings = 5,
            Symbols = 6,
            Relocations = 7,
            RelocationsSize = 8,
            PltRelocations = 23,
            SymbolVersions = 0x6ffffff0,
            VersionNeeds = 0x6ffffffe,
            VersionNeedsCount = 0x6fffffff,
        }

        private readonly byte[] _bytes;
        private readonly List<(ulong Address, ulong Offset, ulong Size)> _segments = new();
        private readonly Dictionary<Tag, ulong> _dynamic = new();

        internal ElfImage(byte[] bytes)
        {
            _bytes = bytes;
            if (bytes.Length < 64 || bytes[0] != 0x7f || bytes[1] != 'E' || bytes[2] != 'L' || bytes[3] != 'F')
                throw new InvalidDataException("This is not an ELF file (a Linux shared library was expected).");
            if (bytes[4] != 2 || bytes[5] != 1 || U16(18) != MachineX64)
                throw new InvalidDataException("This ELF file is not for 64-bit x86.");

            int headers = ToOffset(U64(32));
            int headerSize = U16(54);
            int headerCount = U16(56);
            if (headerSize < ProgramHeaderSize)
                throw Damaged();

            int dynamicAt = 0, dynamicSize = 0;
            for (int i = 0; i < headerCount; i++)
            {
                int at = headers + i * headerSize;
                uint type = U32(at);
                if (type == SegmentLoad)
                    _segments.Add((U64(at + 16), U64(at + 8), U64(at + 32)));
                else if (type == SegmentDynamic)
                    (dynamicAt, dynamicSize) = (ToOffset(U64(at + 8)), ToOffset(U64(at + 32)));
            }

            for (int at = dynamicAt; at < dynamicAt + dynamicSize && U64(at) != 0; at += DynamicEntrySize)
                _dynamic[(Tag)U64(at)] = U64(at + 8);
        }

        internal VersionNeed? FindVersionNeed(string version)
        {
            if (!_dynamic.TryGetValue(Tag.VersionNeeds, out ulong address))
                return null;

            int library = AtAddress(address);
            for (ulong left = Required(Tag.VersionNeedsCount); left > 0; left--)
            {
                int need = library + ToOffset(U32(library + 8));
                for (int count = U16(library + 2); count > 0; count--)
                {
                    if (Name(U32(need + 8)) == version)
                        return new VersionNeed(need + 4, U16(need + 4), U16(need + 6));
                    need += ToOffset(U32(need + 12));
                }

                library += ToOffset(U32(library + 12));
            }

            return null;
        }

        /// <summary>The name of a symbol of the given version index that a relocation refers to, or null: then no code can reach one.</summary>
        internal string? FirstRelocatedSymbolOf(ushort versionIndex)
        {
            int versions = AtAddress(Required(Tag.SymbolVersions));
            int symbols = AtAddress(Required(Tag.Symbols));
            foreach ((Tag table, Tag size) in new[] { (Tag.Relocations, Tag.RelocationsSize), (Tag.PltRelocations, Tag.PltRelocationsSize) })
            {
                if (!_dynamic.TryGetValue(table, out ulong address))
                    continue;
                int start = AtAddress(address);
                int end = start + ToOffset(Required(size));
                for (int at = start; at < end; at += RelocationSize)
                {
                    int symbol = ToOffset(U64(at + 8) >> 32);
                    if (symbol != 0 && (U16(versions + 2 * symbol) & 0x7fff) == versionIndex)
                        return Name(U32(symbols + SymbolSize * symbol));
                }
            }

            return null;
        }

        internal void SetVersionFlags(VersionNeed need, ushort flags)
        {
            _bytes[need.FlagsOffset] = (byte)flags;
            _bytes[need.FlagsOffset + 1] = (byte)(flags >> 8);
        }

        private ulong Required(Tag tag) => _dynamic.TryGetValue(tag, out ulong value) ? value : throw Damaged();

        private int AtAddress(ulong address)
        {
            foreach ((ulong start, ulong offset, ulong size) in _segments)
            {
                if (address >= start && address - start < size)
                    return ToOffset(address - start + offset);
            }

            throw Damaged();
        }

        private string Name(uint offset)
        {
            int start = AtAddress(Required(Tag.Strings) + offset);
            int end = Array.IndexOf(_bytes, (byte)0, start);
            return end < 0 ? throw Damaged() : Encoding.ASCII.GetString(_bytes, start, end - start);
        }

        private int ToOffset(ulong value) => value <= (ulong)_bytes.Length ? (int)value : throw Damaged();

        private ushort U16(int at) => (ushort)Little(at, 2);

        private uint U32(int at) => (uint)Little(at, 4);

        private ulong U64(int at) => Little(at, 8);

        private ulong Little(int at, int length)
        {
            if (at < 0 || at > _bytes.Length - length)
                throw Damaged();
            ulong value = 0;
            for (int i = length - 1; i >= 0; i--)
                value = value << 8 | _bytes[at + i];
            return value;
        }

        private static InvalidDataException Damaged() => new("This ELF file is cut short or damaged.");
    }
}

#if !WITHOUT_MSBUILD
/// <summary>The patcher as an MSBuild task; see Tastemaker.targets.</summary>
public sealed class PatchNativeLibrary : Microsoft.Build.Utilities.Task
{
    /// <summary>The library as it came; never written.</summary>
    [Microsoft.Build.Framework.Required]
    public string Source { get; set; } = "";

    /// <summary>Where the adapted copy goes.</summary>
    [Microsoft.Build.Framework.Required]
    public string Destination { get; set; } = "";

    /// <summary>The symbol version that may be missing from now on.</summary>
    [Microsoft.Build.Framework.Required]
    public string SymbolVersion { get; set; } = "";

    /// <inheritdoc/>
    public override bool Execute()
    {
        try
        {
            PatchOutcome outcome = NativeLibraryPatcher.CopyPatched(Source, Destination, SymbolVersion);
            Log.LogMessage($"{Path.GetFileName(Source)}: {outcome} ({SymbolVersion}).");
            return true;
        }
        catch (Exception problem) when (problem is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            Log.LogError(subcategory: null, "TASTE001", helpKeyword: null, Source, 0, 0, 0, 0, "{0}", problem.Message);
            return false;
        }
    }
}
#endif
