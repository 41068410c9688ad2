using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace Tastemaker.Artifacts;

/// <summary>One tensor as a safetensors header describes it.</summary>
internal sealed record SafetensorsEntry(string Name, ScalarType Type, IReadOnlyList<long> Shape, long Begin, long End)
{
    /// <summary>Bytes the numbers take.</summary>
    public long Bytes => End - Begin;
}

/// <summary>The checked header of a safetensors file: its tensors in file order, without gaps or overlaps, exactly filling the file.</summary>
internal sealed record SafetensorsHeader(IReadOnlyList<SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The header's key for texts.</summary>
    public const string MetadataKey = "__metadata__";

    private const long LongestHeader = 100_000_000; // the format's own limit: a larger one is an attack or noise

    private static readonly (string Name, ScalarType Type, int Bytes)[] Types =
    [
        ("F32", ScalarType.Float32, 4), ("F64", ScalarType.Float64, 8), ("I32", ScalarType.Int32, 4), ("I64", ScalarType.Int64, 8),
        ("U8", ScalarType.Byte, 1), ("BOOL", ScalarType.Bool, 1),
    ];

    /// <summary>The format's name of an element type.</summary>
    public static string NameOf(ScalarType type, string tensor) =>
        Types.FirstOrDefault(known => known.Type == type).Name
        ?? throw new NotSupportedException($"Tensor '{tensor}' has element type {type}, which is not supported in model files.");

    /// <summary>Reads and checks the header; leaves the stream at the first number.</summary>
    public static SafetensorsHeader Read(Stream stream, string path)
    {
        var bytes = ReadBytes(stream, path);
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { AllowDuplicateProperties = false });
            var metadata = new Dictionary<string, string>();
            var entries = new List<SafetensorsEntry>();
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.NameEquals(MetadataKey))
                {
                    metadata = property.Value.EnumerateObject().ToDictionary(text => text.Name, text => text.Value.GetString() ?? "");
                }
                else
                {
                    entries.Add(Entry(property, path));
                }
            }

            var ordered = entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End).ToList();
            CheckLayout(ordered, stream.Length - 8 - bytes.Length, path);
            return new SafetensorsHeader(ordered, metadata);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw Corrupt(path, "its header is not the JSON the format demands", error);
        }
    }

    private static byte[] ReadBytes(Stream stream, string path)
    {
        Span<byte> prefix = stackalloc byte[8];
        if (stream.Length < 8)
        {
            throw Corrupt(path, $"it has {stream.Length} bytes");
        }

        stream.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        if (length is < 2 or > LongestHeader || length > stream.Length - 8)
        {
            throw Corrupt(path, $"its header claims {length} bytes and the file has {stream.Length}");
        }

        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static SafetensorsEntry Entry(JsonProperty property, string path)
    {
        var typeName = property.Value.GetProperty("dtype").GetString();
        var type = Types.FirstOrDefault(known => known.Name == typeName);
        if (type.Name is null)
        {
            throw new InputException(
                $"'{path}': tensor '{property.Name}' has element type '{typeName}', which is not supported; supported are {string.Join(", ", Types.Select(known => known.Name))}.");
        }

        var shape = property.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToList();
        var offsets = property.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64()).ToList();
        if (offsets.Count != 2 || shape.Any(size => size < 0) || !Fits(shape, type.Bytes, offsets))
        {
            throw Corrupt(path, $"tensor '{property.Name}' of shape [{string.Join(", ", shape)}] does not fit its offsets [{string.Join(", ", offsets)}]");
        }

        return new SafetensorsEntry(property.Name, type.Type, shape, offsets[0], offsets[1]);
    }

    private static bool Fits(List<long> shape, int elementBytes, List<long> offsets)
    {
        try
        {
            return offsets[0] >= 0 && checked(offsets[1] - offsets[0]) == shape.Aggregate((long)elementBytes, (bytes, size) => checked(bytes * size));
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    private static void CheckLayout(List<SafetensorsEntry> entries, long available, string path)
    {
        var expected = 0L;
        foreach (var entry in entries)
        {
            if (entry.Begin != expected)
            {
                throw Corrupt(path, $"tensor '{entry.Name}' begins at byte {entry.Begin} where {expected} is due: tensors overlap or leave a gap");
            }

            expected = entry.End;
        }

        if (expected != available)
        {
            throw Corrupt(path, $"its tensors take {expected} bytes and the file has {available} for them; it was cut short or grew");
        }
    }

    private static InputException Corrupt(string path, string why, Exception? cause = null)
    {
        var text = $"'{path}' is corrupt: {why}. Copy it again from its source, or train and save the model again.";
        return cause is null ? new InputException(text) : new InputException(text, cause);
    }
}
