using System.Buffers.Binary;
using System.Text;
using Tastemaker.Artifacts;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Artifacts;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");

    public void Dispose() => File.Delete(path);

    [Fact]
    public void Every_element_type_and_shape_comes_back_to_the_bit()
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>
        {
            ["f32"] = tensor([1.5f, float.NaN, -0f, float.Epsilon], [2, 2]),
            ["f64"] = tensor([Math.PI], []),
            ["i32"] = tensor([int.MinValue, int.MaxValue]),
            ["i64"] = tensor([long.MaxValue]),
            ["u8"] = tensor(new byte[] { 0, 255 }),
            ["bool"] = tensor(new[] { true, false, true }),
            ["empty"] = empty(0, 7),
            ["strided"] = arange(6, dtype: float32).view(2, 3).t(),
        };
        SafetensorsFile.Write(path, tensors, new Dictionary<string, string> { ["made-by"] = "a \"test\"" });

        var read = SafetensorsFile.Read(path, out var metadata);

        metadata["made-by"].ShouldBe("a \"test\"");
        read.Keys.ShouldBe(tensors.Keys, ignoreOrder: true);
        foreach (var (name, tensor) in tensors)
        {
            read[name].shape.ShouldBe(tensor.shape, name);
            read[name].dtype.ShouldBe(tensor.dtype, name);
            read[name].bytes.SequenceEqual(tensor.contiguous().bytes).ShouldBeTrue(name);
        }
    }

    [Fact]
    public void The_file_is_laid_out_as_the_format_says()
    {
        using var weights = tensor([1f, 2f]);
        SafetensorsFile.Write(path, new Dictionary<string, Tensor> { ["w"] = weights });

        var bytes = File.ReadAllBytes(path);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        length.ShouldBe(56);
        Encoding.UTF8.GetString(bytes, 8, length).TrimEnd().ShouldBe("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""");
        bytes[(8 + length)..].ShouldBe([0, 0, 0x80, 0x3F, 0, 0, 0, 0x40]);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "does not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", 6, "overlap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "gap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 3, "cut short")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}""", 4, "does not fit")]
    [InlineData("""{"a":{"dtype":"F8","shape":[1],"data_offsets":[0,1]}}""", 1, "not supported")]
    [InlineData("""{"a":{"dtype":"F32"}}""", 0, "JSON")]
    [InlineData("""{"a":""", 0, "JSON")]
    [InlineData("[]", 0, "JSON")]
    public void A_corrupt_file_is_refused(string header, int dataBytes, string reason)
    {
        var json = Encoding.UTF8.GetBytes(header);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        File.WriteAllBytes(path, [.. length, .. json, .. new byte[dataBytes]]);

        var error = Should.Throw<InputException>(() => SafetensorsFile.Read(path, out _));
        error.Message.ShouldContain(reason);
        error.Message.ShouldContain(path);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    [InlineData(1000)]
    public void A_header_longer_than_the_file_is_refused(long claimed)
    {
        byte[] bytes = new byte[40];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, claimed);
        File.WriteAllBytes(path, bytes);
        Should.Throw<InputException>(() => SafetensorsFile.Read(path, out _)).Message.ShouldContain("header claims");
    }

    [Fact]
    public void A_failed_write_leaves_the_old_file()
    {
        File.WriteAllText(path, "old");
        Should.Throw<IOException>(() => AtomicFile.Write(path, stream =>
        {
            stream.WriteByte(1);
            throw new IOException("disk full");
        }));
        File.ReadAllText(path).ShouldBe("old");
        Directory.GetFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + ".*.tmp").ShouldBeEmpty();
    }
}
