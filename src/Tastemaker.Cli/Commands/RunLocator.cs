using Tastemaker.Cli.Output;
using Tastemaker.Onnx;
using Tastemaker.Recommending;
using Tastemaker.Retrieval;
using Tastemaker.Runs;

namespace Tastemaker.Cli.Commands;

/// <summary>Finds the model a user means by a folder.</summary>
internal static class RunLocator
{
    /// <summary>Loads the model of a run folder, a model folder itself, or an exported file.</summary>
    /// <exception cref="InputException">The folder holds neither; names the runs that are there.</exception>
    public static TrainedRecommender Load(string path) => (OnnxRecommender.IsFile(path) ? OnnxRecommender.Load(path) : Recommender.Load(ModelFolder(path))) as TrainedRecommender
        ?? throw new InputException($"'{path}' holds a pipeline of two stages; give the folder of one of them, or load it with the library.");

    /// <summary>The folder of the model that was measured.</summary>
    /// <exception cref="InputException">The run has none; the message says how far it came.</exception>
    public static string Measured(RunFolder run)
    {
        run.DemandModel();
        return run.Measured;
    }

    /// <summary>The model folder of a run folder, a model folder itself, or an exported file itself.</summary>
    /// <exception cref="InputException">The folder holds neither; names the runs that are there.</exception>
    public static string ModelFolder(string path)
    {
        if (OnnxRecommender.IsFile(path) && File.Exists(path))
        {
            return path;
        }

        if (RunFolder.Exists(path))
        {
            var run = RunFolder.Open(path);
            run.DemandModel();
            return Directory.Exists(run.Model) ? run.Model : run.Measured; // a final fit may have been stopped between its two steps
        }

        var model = path;
        if (!Directory.Exists(model))
        {
            var known = RunFolder.List("runs").Where(run => run.Manifest.State == RunStatus.Completed).Select(run => Path.GetRelativePath(".", run.FullPath)).Take(8).ToList();
            throw new InputException(
                $"'{path}' holds no trained model.{(known.Count > 0 ? $" Runs here: {string.Join(", ", known)}." : " 'taste train' makes one.")}");
        }

        return model;
    }
}

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
