using Tastemaker.Cli.Output;
using Tastemaker.Recommending;
using Tastemaker.Retrieval;

namespace Tastemaker.Cli.Commands;

/// <summary>Finds the index beside a model.</summary>
internal static class IndexLocator
{
    /// <summary>Where the index of a model folder lies, if it has one.</summary>
    public static string PathIn(string modelFolder) => Path.Combine(modelFolder, IndexFile.Name);

    /// <summary>The recommender with the index of its folder, or itself where there is none.</summary>
    /// <exception cref="InputException">The index is corrupt, or does not belong to the model.</exception>
    public static IRecommender WithIndex(TrainedRecommender recommender, string modelFolder, Terminal terminal)
    {
        var path = PathIn(modelFolder);
        if (recommender.Vectors is null || !File.Exists(path))
        {
            return recommender;
        }

        var index = InvertedIndex.Load(path, recommender);
        terminal.Note($"Found by the index, which reads {index.Probes:N0} of {index.Lists:N0} lists; --exact ranks the whole catalog.");
        return Recommender.WithIndex(recommender, index);
    }
}
