using System.Buffers.Binary;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Artifacts;

/// <summary>
/// Named tensors in the open safetensors format: 8 bytes with the header's length, a JSON header, then the numbers, little-endian and
/// row-major. Python's <c>safetensors</c> reads what this writes and the other way round. Tensors stream between file and memory.
/// </summary>
internal static class SafetensorsFile
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Writes tensors, ordered by name, so that equal contents make equal files. Atomic: a crash leaves the old file or the new one.</summary>
    /// <param name="path">The file to write or replace.</param>
    /// <param name="tensors">Of element types float32, float64, int32, int64, uint8 or bool, on any device; they stay the caller's.</param>
    /// <param name="metadata">Texts stored in the header.</param>
    public static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var ordered = tensors.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        var header = Header(ordered, metadata);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (var (_, tensor) in ordered)
            {
                using var scope = NewDisposeScope();
                if (tensor.numel() > 0)
                {
                    tensor.detach().cpu().contiguous().WriteBytesToStream(stream, BufferBytes);
                }
            }
        });
    }

    /// <summary>Reads all tensors, on the CPU; they become the caller's (or its dispose scope's).</summary>
    /// <param name="path">A safetensors file.</param>
    /// <param name="metadata">The texts stored in the header; empty if none.</param>
    /// <exception cref="InputException">The file is missing, cut short, or not what its header says.</exception>
    public static IReadOnlyDictionary<string, Tensor> Read(string path, out IReadOnlyDictionary<string, string> metadata)
    {
        if (!File.Exists(path))
        {
            throw new InputException($"There is no file '{path}'.");
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.SequentialScan);
        var header = SafetensorsHeader.Read(stream, path);
        metadata = header.Metadata;
        var tensors = new Dictionary<string, Tensor>();
        foreach (var entry in header.Entries)
        {
            var tensor = empty([.. entry.Shape], dtype: entry.Type);
            tensors.Add(entry.Name, tensor);
            if (entry.Bytes > 0)
            {
                tensor.ReadBytesFromStream(stream, BufferBytes);
            }
        }

        return tensors;
    }

    private static byte[] Header(List<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteMetadata(json, metadata);
            var offset = 0L;
            foreach (var (name, tensor) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", SafetensorsHeader.NameOf(tensor.dtype, name));
                WriteNumbers(json, "shape", tensor.shape);
                var end = offset + (tensor.numel() * tensor.element_size());
                WriteNumbers(json, "data_offsets", [offset, end]);
                json.WriteEndObject();
                offset = end;
            }

            json.WriteEndObject();
        }

        // The format wants the numbers to begin at a multiple of 8; the header is padded with spaces.
        while (buffer.Length % 8 != 0)
        {
            buffer.WriteByte((byte)' ');
        }

        return buffer.ToArray();
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is not { Count: > 0 })
        {
            return;
        }

        json.WriteStartObject(SafetensorsHeader.MetadataKey);
        foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, ReadOnlySpan<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }
}
