#nullable enable
using System;
using System.IO;

namespace Tastemaker.Build;

/// <summary>
/// Makes the runtime compile those methods of TorchSharp.dll that call native code without optimizations, so that what they are given lives until they return.
/// </summary>
/// <remarks>
/// <para>TorchSharp hands native code the address inside a temporary object, as of the Scalar that 0.5 becomes in <c>x * 0.5</c> or the factor of
/// <c>a + b</c>. In optimized code that object is garbage as soon as its address is read; where a collection comes just then, its finalizer frees what
/// native code is about to read. The outcome is a wrong number, an exception ("Unknown scalar type") or a crash, seldom on a quiet machine and
/// within seconds under load. Unoptimized code keeps its arguments to the end of the method.</para>
/// <para>The switch is a method's own: of its implementation flags (ECMA-335, II.23.1.11), NoInlining (8) and NoOptimization (0x40) are set in every method
/// whose code calls a native function or reads a handle, and in no other. Loops over values, indexers and constructors stay optimized.</para>
/// <para>The file is also compiled by MSBuild while a project is built, against .NET Standard 2.0, where no reader of metadata is at hand; it reads the
/// few tables it needs by itself.</para>
/// </remarks>
public static class ManagedLibraryPatcher
{
    private const int KeepsArguments = 0x48, NativeCall = 0x2000;

    /// <summary>Writes to <paramref name="destination"/> a copy of <paramref name="source"/> whose methods keep what they hand to native code.</summary>
    /// <returns>The methods that were changed; 0 where all were so already.</returns>
    /// <exception cref="InvalidDataException">The file is not an assembly that calls native code, or of a form this code does not know.</exception>
    public static int CopyPatched(string source, string destination)
    {
        byte[] image = File.ReadAllBytes(source);
        int changed = KeepArguments(image);
        string folder = Path.GetDirectoryName(Path.GetFullPath(destination))!;
        Directory.CreateDirectory(folder);
        string temporary = destination + ".new";
        File.WriteAllBytes(temporary, image);
        File.Delete(destination); // it may be a hard link to somebody else's
        File.Move(temporary, destination);
        return changed;
    }

    /// <summary>Sets the flags in an assembly's bytes.</summary>
    /// <returns>The methods that were changed; 0 where all were so already.</returns>
    /// <exception cref="InvalidDataException">This is not an assembly that calls native code, or one of a form this code does not know.</exception>
    public static int KeepArguments(byte[] image)
    {
        try
        {
            var methods = new MethodTable(image);
            var handled = new bool[methods.Count + 1];
            bool any = false;
            for (int method = 1; method <= methods.Count; method++)
            {
                bool native = (methods.Flags(method) & NativeCall) != 0;
                any |= native;
                handled[method] = native || methods.NameIs(method, "get_Handle");
            }

            if (!any)
            {
                throw new InvalidDataException("The assembly calls no native code.");
            }

            int changed = 0;
            for (int method = 1; method <= methods.Count; method++)
            {
                int flags = methods.ImplementationFlags(method);
                if ((flags & KeepsArguments) != KeepsArguments && Calls(image, methods.Code(method), handled))
                {
                    methods.SetImplementationFlags(method, flags | KeepsArguments);
                    changed++;
                }
            }

            return changed;
        }
        catch (Exception error) when (error is IndexOutOfRangeException || error is ArgumentException)
        {
            throw new InvalidDataException("The file is not an assembly of a form that is known here.");
        }
    }

    /// <summary>
    /// Whether code mentions one of the methods. A token is looked for at every byte rather than at every instruction: an operand that looks like a call costs one
    /// method its optimization, and no call is missed.
    /// </summary>
    private static bool Calls(byte[] image, (int Start, int Length) code, bool[] methods)
    {
        for (int place = code.Start; place + 5 <= code.Start + code.Length; place++)
        {
            int operation = image[place];
            bool mentions = operation == 0x28 || operation == 0x6F || operation == 0x06; // call, callvirt, and the second byte of ldftn
            if (mentions && image[place + 4] == 0x06)
            {
                int method = image[place + 1] | (image[place + 2] << 8) | (image[place + 3] << 16);
                if (method < methods.Length && methods[method])
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>The methods of an assembly (ECMA-335, II.22.26), by their 1-based number.</summary>
    private sealed class MethodTable
    {
        private const int Method = 6;
        private readonly byte[] image;
        private readonly int sections, sectionCount, names, start, rowSize;
        private readonly bool wideNames;

        public MethodTable(byte[] image)
        {
            this.image = image;
            int header = Int32(0x3C);
            if (Int32(header) != 0x4550)
            {
                throw new InvalidDataException("The file is not an assembly.");
            }

            sectionCount = Int16(header + 6);
            sections = header + 24 + Int16(header + 20);
            int directories = header + 24 + (Int16(header + 24) == 0x20B ? 112 : 96);
            int metadata = Offset(Int32(Offset(Int32(directories + (14 * 8))) + 8));
            if (Int32(metadata) != 0x424A5342)
            {
                throw new InvalidDataException("The file holds no metadata.");
            }

            int tables = 0;
            int stream = metadata + 16 + Int32(metadata + 12) + 4;
            for (int left = Int16(stream - 2); left > 0; left--)
            {
                string title = "";
                for (int place = stream + 8; image[place] != 0; place++)
                {
                    title += (char)image[place];
                }

                tables = title == "#~" ? metadata + Int32(stream) : tables;
                names = title == "#Strings" ? metadata + Int32(stream) : names;
                stream += 8 + ((title.Length + 4) / 4 * 4);
            }

            if (tables == 0 || names == 0)
            {
                throw new InvalidDataException("The assembly's tables are not in the compressed form.");
            }

            wideNames = (image[tables + 6] & 1) != 0;
            int name = wideNames ? 4 : 2, guid = (image[tables + 6] & 2) != 0 ? 4 : 2, blob = (image[tables + 6] & 4) != 0 ? 4 : 2;
            var rows = new int[64];
            int next = tables + 24;
            for (int table = 0; table < 64; table++)
            {
                if ((image[tables + 8 + (table / 8)] >> (table % 8) & 1) != 0)
                {
                    rows[table] = Int32(next);
                    next += 4;
                }
            }

            // Module, TypeRef, TypeDef, Field and the pointer tables come before the methods.
            int scope = Index(Math.Max(Math.Max(rows[0], rows[1]), Math.Max(rows[0x1A], rows[0x23])), tagBits: 2);
            int type = Index(Math.Max(Math.Max(rows[1], rows[2]), rows[0x1B]), tagBits: 2);
            int field = Index(rows[4]), method = Index(rows[Method]);
            int[] sizes = { 2 + name + (3 * guid), scope + (2 * name), 4 + (2 * name) + type + field + method, field, 2 + name + blob, method };
            for (int table = 0; table < Method; table++)
            {
                next += rows[table] * sizes[table];
            }

            start = next;
            rowSize = 8 + name + blob + Index(rows[8]);
            Count = rows[Method];
        }

        public int Count { get; }

        public int ImplementationFlags(int method) => Int16(Row(method) + 4);

        public void SetImplementationFlags(int method, int flags)
        {
            image[Row(method) + 4] = (byte)flags;
            image[Row(method) + 5] = (byte)(flags >> 8);
        }

        public int Flags(int method) => Int16(Row(method) + 6);

        public bool NameIs(int method, string name)
        {
            int place = names + (wideNames ? Int32(Row(method) + 8) : Int16(Row(method) + 8));
            for (int letter = 0; letter < name.Length; letter++)
            {
                if (image[place + letter] != name[letter])
                {
                    return false;
                }
            }

            return image[place + name.Length] == 0;
        }

        /// <summary>Where the instructions of a method stand (II.25.4); none where it has no body.</summary>
        public (int Start, int Length) Code(int method)
        {
            int address = Int32(Row(method));
            if (address == 0)
            {
                return (0, 0);
            }

            int body = Offset(address);
            return (image[body] & 3) == 2 ? (body + 1, image[body] >> 2) : (body + ((image[body + 1] >> 4) * 4), Int32(body + 4));
        }

        private static int Index(int rows, int tagBits = 0) => rows < (1 << (16 - tagBits)) ? 2 : 4;

        private int Row(int method) => start + ((method - 1) * rowSize);

        private int Offset(int address)
        {
            for (int section = sections; section < sections + (sectionCount * 40); section += 40)
            {
                int first = Int32(section + 12);
                if (address >= first && address < first + Math.Max(Int32(section + 8), Int32(section + 16)))
                {
                    return address - first + Int32(section + 20);
                }
            }

            throw new InvalidDataException("An address of the assembly lies in no section.");
        }

        private int Int16(int place) => image[place] | (image[place + 1] << 8);

        private int Int32(int place) => BitConverter.ToInt32(image, place);
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
