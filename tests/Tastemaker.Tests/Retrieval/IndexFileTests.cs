using Tastemaker.Retrieval;

namespace Tastemaker.Tests.Retrieval;

public sealed class IndexFileTests : IDisposable
{
    private static readonly float[] Items = Cloud.Items(2000);

    private readonly string file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
    private readonly InvertedIndex index = InvertedIndex.Build(Items, Cloud.Dimension, null, new IndexOptions { Lists = 30, AimedRecall = 0.8 });

    public IndexFileTests() => index.Save(file);

    public void Dispose() => File.Delete(file);

    [Fact]
    public void A_loaded_index_finds_what_the_saved_one_found()
    {
        var loaded = InvertedIndex.Load(file, Items, Cloud.Dimension);
        (loaded.Lists, loaded.Probes, loaded.ExpectedRecall).ShouldBe((index.Lists, index.Probes, index.ExpectedRecall));
        var queries = Cloud.Queries(50);
        var (before, after, scores, again) = (new int[500], new int[500], new float[500], new float[500]);
        index.SearchAll(queries, 10, before, scores);
        loaded.SearchAll(queries, 10, after, again);
        after.ShouldBe(before);
        again.ShouldBe(scores);
    }

    [Fact]
    public void The_file_holds_no_copy_of_the_vectors() =>
        new FileInfo(file).Length.ShouldBeLessThan(sizeof(float) * Items.Length / 3);

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.999)]
    public void A_changed_byte_is_found(double place)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[(int)(place * bytes.Length)] ^= 1;
        File.WriteAllBytes(file, bytes);
        Should.Throw<InputException>(() => InvertedIndex.Load(file, Items, Cloud.Dimension));
    }

    [Fact]
    public void A_file_cut_short_is_refused()
    {
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^8]);
        Should.Throw<InputException>(() => InvertedIndex.Load(file, Items, Cloud.Dimension)).Message.ShouldContain("corrupt");
    }

    [Fact]
    public void An_index_over_other_vectors_is_refused_with_the_remedy()
    {
        var other = (float[])Items.Clone();
        other[7] += 1;
        Should.Throw<InputException>(() => InvertedIndex.Load(file, other, Cloud.Dimension)).Message.ShouldContain("Build it again");
    }
}
