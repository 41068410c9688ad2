using System.Buffers.Binary;
using Tastemaker.Build;

namespace Tastemaker.Tests.Native;

public sealed class NativeLibraryPatcherTests : IDisposable
{
    private const string Version = "GLIBCXX_3.4.32";

    private readonly string _folder = Directory.CreateTempSubdirectory("tastemaker-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Only_the_flag_of_the_version_changes()
    {
        byte[] before = SmallElf.Library(Version, usedBySymbol: false);
        byte[] after = [.. before];

        NativeLibraryPatcher.MakeVersionWeak(after, Version).ShouldBe(PatchOutcome.Patched);

        Enumerable.Range(0, before.Length).Where(i => before[i] != after[i]).ShouldBe([SmallElf.FlagsOffset]);
        BinaryPrimitives.ReadUInt16LittleEndian(after.AsSpan(SmallElf.FlagsOffset)).ShouldBe((ushort)2);
    }

    [Fact]
    public void Patching_twice_is_patching_once()
    {
        byte[] once = SmallElf.Library(Version, usedBySymbol: false);
        NativeLibraryPatcher.MakeVersionWeak(once, Version);
        byte[] twice = [.. once];

        NativeLibraryPatcher.MakeVersionWeak(twice, Version).ShouldBe(PatchOutcome.AlreadyPatched);

        twice.ShouldBe(once);
    }

    [Theory]
    [InlineData("GLIBCXX_3.4.99")]
    [InlineData("GLIBCXX_3.4.3")]
    public void A_library_that_does_not_ask_for_the_version_is_left_alone(string version)
    {
        byte[] before = SmallElf.Library(Version, usedBySymbol: false);
        byte[] after = [.. before];

        NativeLibraryPatcher.MakeVersionWeak(after, version).ShouldBe(PatchOutcome.NotNeeded);

        after.ShouldBe(before);
    }

    [Fact]
    public void A_library_that_uses_the_version_is_refused_by_the_symbols_name()
    {
        byte[] before = SmallElf.Library(Version, usedBySymbol: true);
        byte[] after = [.. before];

        Should.Throw<InvalidDataException>(() => NativeLibraryPatcher.MakeVersionWeak(after, Version)).Message.ShouldContain(SmallElf.SymbolName);

        after.ShouldBe(before);
    }

    [Fact]
    public void What_is_no_ELF_file_is_refused_with_its_path_and_the_way_out()
    {
        string source = Path.Combine(_folder, "readme.so");
        string destination = Path.Combine(_folder, "out.so");
        File.WriteAllText(source, new string('x', 200));

        var error = Should.Throw<InvalidDataException>(() => NativeLibraryPatcher.CopyPatched(source, destination, Version));

        error.Message.ShouldContain(source);
        error.Message.ShouldContain("not an ELF file");
        error.Message.ShouldContain("TastemakerPatchNative");
        File.Exists(destination).ShouldBeFalse();
    }

    [Fact]
    public void A_library_of_another_processor_is_refused()
    {
        byte[] image = SmallElf.Library(Version, usedBySymbol: false);
        image[18] = 183;   // EM_AARCH64

        Should.Throw<InvalidDataException>(() => NativeLibraryPatcher.MakeVersionWeak(image, Version)).Message.ShouldContain("64-bit x86");
    }

    [Fact]
    public void A_library_cut_short_anywhere_is_refused_or_left_alone_but_never_overrun()
    {
        byte[] whole = SmallElf.Library(Version, usedBySymbol: false);
        for (int length = 0; length < whole.Length; length++)
        {
            byte[] part = whole[..length];
            try
            {
                NativeLibraryPatcher.MakeVersionWeak(part, Version);
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    [Fact]
    public void A_file_in_the_way_is_replaced_not_written_into_for_it_may_be_a_link_to_the_package()
    {
        string source = Path.Combine(_folder, "source.so");
        string destination = Path.Combine(_folder, "destination.so");
        byte[] original = SmallElf.Library(Version, usedBySymbol: false);
        File.WriteAllBytes(source, original);
        File.WriteAllBytes(destination, original);
        using var old = new FileStream(destination, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

        NativeLibraryPatcher.CopyPatched(source, destination, Version).ShouldBe(PatchOutcome.Patched);

        byte[] behindTheOldName = new byte[original.Length];
        old.ReadExactly(behindTheOldName);
        behindTheOldName.ShouldBe(original);
        File.ReadAllBytes(source).ShouldBe(original);
        File.ReadAllBytes(destination).ShouldNotBe(original);
        Directory.GetFiles(_folder).Length.ShouldBe(2);
    }

    [Fact]
    public void The_real_library_beside_this_test_is_one_the_patcher_understands()
    {
        string real = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");
        Assert.SkipUnless(File.Exists(real), "The Linux x64 library is not part of this build.");
        byte[] before = File.ReadAllBytes(real);
        byte[] after = [.. before];

        PatchOutcome outcome = NativeLibraryPatcher.MakeVersionWeak(after, Version);

        Enumerable.Range(0, before.Length).Count(i => before[i] != after[i]).ShouldBe(outcome == PatchOutcome.Patched ? 1 : 0);
    }

    /// <summary>The smallest library that has what the patcher reads, laid out by hand: one needed version and one symbol of it.</summary>
    private static class SmallElf
    {
        internal const string SymbolName = "library_init";
        internal const int FlagsOffset = VersionNeeds + 16 + 4;

        private const ulong Base = 0x10000;   // addresses differ from offsets, as they do in real data segments
        private const int ProgramHeaders = 64;
        private const int Dynamic = ProgramHeaders + 2 * 56;
        private const int Symbols = Dynamic + 8 * 16;
        private const int SymbolVersions = Symbols + 2 * 24;
        private const int VersionNeeds = SymbolVersions + 8;
        private const int Relocations = VersionNeeds + 32;
        private const int Strings = Relocations + 24;

        internal static byte[] Library(string version, bool usedBySymbol)
        {
            byte[] strings = [.. "\0"u8, .. "libstdc++.so.6\0"u8, .. System.Text.Encoding.ASCII.GetBytes(version + '\0' + SymbolName + '\0')];
            uint versionName = 1 + 15;
            uint symbolName = versionName + (uint)version.Length + 1;
            byte[] image = new byte[Strings + strings.Length];
            strings.CopyTo(image, Strings);

            byte[] identity = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
            identity.CopyTo(image, 0);
            U16(image, 16, 3);
            U16(image, 18, 62);
            U64(image, 32, ProgramHeaders);
            U16(image, 54, 56);
            U16(image, 56, 2);
            ProgramHeader(image, ProgramHeaders, 1, 0, image.Length);
            ProgramHeader(image, ProgramHeaders + 56, 2, Dynamic, 8 * 16);

            (ulong Tag, ulong Value)[] entries =
            [
                (5, Base + Strings), (6, Base + Symbols), (7, Base + Relocations), (8, 24),
                (0x6ffffff0, Base + SymbolVersions), (0x6ffffffe, Base + VersionNeeds), (0x6fffffff, 1), (0, 0),
            ];
            for (int i = 0; i < entries.Length; i++)
            {
                U64(image, Dynamic + 16 * i, entries[i].Tag);
                U64(image, Dynamic + 16 * i + 8, entries[i].Value);
            }

            U32(image, Symbols + 24, symbolName);
            U16(image, SymbolVersions + 2, 18);

            U16(image, VersionNeeds, 1);
            U16(image, VersionNeeds + 2, 1);
            U32(image, VersionNeeds + 4, 1);
            U32(image, VersionNeeds + 8, 16);
            U16(image, VersionNeeds + 16 + 6, 18);
            U32(image, VersionNeeds + 16 + 8, versionName);

            U64(image, Relocations + 8, (usedBySymbol ? 1UL << 32 : 0) | 7);
            return image;
        }

        private static void ProgramHeader(byte[] image, int at, uint type, int offset, int size)
        {
            U32(image, at, type);
            U64(image, at + 8, (ulong)offset);
            U64(image, at + 16, Base + (ulong)offset);
            U64(image, at + 32, (ulong)size);
        }

        private static void U16(byte[] image, int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(at), value);

        private static void U32(byte[] image, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(at), value);

        private static void U64(byte[] image, int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(at), value);
    }
}
