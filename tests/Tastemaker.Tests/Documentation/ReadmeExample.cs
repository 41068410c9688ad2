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
        var split = SplitterSyntax.Parse("auto").Apply(data, seed: 42);      // by time where there are times
        using var measured = Recommender.Train("multi-vae", split);
        using var recommender = Recommender.FitOnAll(measured, split);       // the same setting, on all data
        var list = recommender.Recommend(Request.ForHistory(recommender.FindItems("Toy Story", "Fargo")), 10);
        Recommender.Save(recommender, "model");     // safetensors and JSON; Recommender.Load needs no training data
        return list;
    }
}
