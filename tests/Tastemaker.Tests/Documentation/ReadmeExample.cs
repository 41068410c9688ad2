using Tastemaker.Data.Import;
using Tastemaker.Data.Splits;
using Tastemaker.Recommending;

namespace Tastemaker.Tests.Documentation;

/// <summary>The C# lines of the README, so that they stay compiling; <see cref="PagesTests"/> compares the two.</summary>
internal static class ReadmeExample
{
    public static RecommendationList Run()
    {
        var data = DatasetImport.Import("ratings.csv");
        var split = SplitterSyntax.Parse("ratio-by-user(test=0.2,validation=0.1)").Apply(data, seed: 42);
        using var recommender = Recommender.Train("multi-vae", split);
        var list = recommender.Recommend(Request.ForHistory(recommender.FindItems("Toy Story", "Fargo")), 10);
        Recommender.Save(recommender, "model");     // safetensors and JSON; Recommender.Load needs no training data
        return list;
    }
}
