using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Inputs;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Attention;

/// <summary>Posts with a tag each.</summary>
internal static class TextSamples
{
    /// <summary>A post per user, with the tag of the same number modulo three.</summary>
    public static TrainingSet Of(params string[] posts) => new(new Dataset
    {
        Name = "posts",
        Users = new Vocabulary(Enumerable.Range(0, posts.Length).Select(post => $"p{post}")),
        Items = new Vocabulary(Enumerable.Range(0, 3).Select(tag => $"#{tag}")),
        Interactions = new Interactions([.. Enumerable.Range(0, posts.Length)], [.. Enumerable.Range(0, posts.Length).Select(post => post % 3)], null, null),
        UserFeatures = new FeatureTable(posts.Length, [new TextColumn("text", posts)]),
    });

    /// <summary>Texts side by side.</summary>
    public static PaddedTexts Padded(EntityTexts texts, params string[] all)
    {
        var (batch, words) = (new PaddedTexts(), Array.ConvertAll(all, texts.Encode));
        batch.Fill(all.Length, place => words[place]);
        batch.Load(CPU);
        return batch;
    }
}
