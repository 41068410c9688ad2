using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Features;
using Tastemaker.Inputs;
using Tastemaker.Recommending;

namespace Tastemaker.Tests.Inputs;

public sealed class FeatureFilesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tastemaker-features-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Text_fields_come_back_to_the_last_bit_and_read_new_texts_as_before()
    {
        var data = new Dataset
        {
            Name = "papers",
            Users = new Vocabulary(["a", "b"]),
            Items = new Vocabulary(["x", "y", "z"]),
            Interactions = new Interactions([0, 0, 1], [0, 1, 1]),
            ItemFeatures = new FeatureTable(3, [
                new TextColumn("title", ["graph networks of graphs, graph", "deep \"networks\" été", "unseen graph"]),
                new MultiCategoricalColumn("words", new Vocabulary(["p", "q"]), new SparseRows([0, 2, 3, 3], [0, 1, 1], 2, [3, 1, 7]))]),
        };
        var space = new FeatureFit(new TrainingSet(data), 1).Space(["title(words=6,weighting=tf-idf,stop-words=english)", "words(weighting=log)", "item.title(pool=mean)"]);

        var tensors = new Dictionary<string, TorchSharp.torch.Tensor>();
        var saved = new SavedInputs(folder, [], tensors);
        FeatureFiles.Write(space, saved);
        var back = FeatureFiles.Read(saved)!.Space;
        foreach (var tensor in tensors.Values)
        {
            tensor.Dispose();
        }

        back.Schema.ToString().ShouldBe(space.Schema.ToString());
        ShouldBeSame(back.Items, space.Items);
        back.Schema.Fields[0].Words!.InverseFrequencies.ShouldBe(space.Schema.Fields[0].Words!.InverseFrequencies);
        var texts = new FeatureTable(2, [
            new TextColumn("title", ["A graph of Été!", "deep deep deep unheard"]),
            new MultiCategoricalColumn("words", new Vocabulary(["q", "r"]), new SparseRows([0, 1, 2], [0, 1], 2, [5, 1]))]);
        var (before, after) = (new FieldEncoder(space.Schema, FieldSource.Item).Encode(texts, null, 2), new FieldEncoder(back.Schema, FieldSource.Item).Encode(texts, null, 2));
        before.Many[0].Length(0).ShouldBe(2);
        ShouldBeSame(after, before);
        back.Schema.Fields[0].Sequencer(9, Texts.UnknownWords.Keep).Encode("the deep unheard graph")
            .ShouldBe(space.Schema.Fields[0].Sequencer(9, Texts.UnknownWords.Keep).Encode("the deep unheard graph"));
    }

    private static void ShouldBeSame(EncodedFeatures one, EncodedFeatures other)
    {
        one.Many.Count.ShouldBe(other.Many.Count);
        foreach (var (first, second) in one.Many.Zip(other.Many))
        {
            first.Offsets.ToArray().ShouldBe(second.Offsets.ToArray());
            first.Columns.ToArray().ShouldBe(second.Columns.ToArray());
            first.Values.ToArray().ShouldBe(second.Values.ToArray());
        }
    }
}
