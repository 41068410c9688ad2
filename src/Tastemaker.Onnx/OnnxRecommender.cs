using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using Tastemaker.Artifacts;
using Tastemaker.Catalog;
using Tastemaker.Export;
using Tastemaker.Native;
using Tastemaker.Onnx.Files;
using Tastemaker.Recommending;
using static TorchSharp.torch;

namespace Tastemaker.Onnx;

/// <summary>Trained recommenders as ONNX files: the scoring graph, and in its metadata all that answering needs beside it.</summary>
public static class OnnxRecommender
{
    /// <summary>Largest difference of scores that an export may have: absolute where a score is 1 or less, else as a share of it.</summary>
    public const double Tolerance = 1e-5;

    private const string Extension = ".onnx";

    /// <summary>Ids of the systems that can be exported, in the order of the catalog.</summary>
    public static IReadOnlyList<string> Systems => [.. SystemCatalog.Systems.Where(system => system.Graph is not null).Select(system => system.Id)];

    /// <summary>Whether a path means an ONNX file: by its extension.</summary>
    public static bool IsFile(string path) => path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase) && !Directory.Exists(path);

    /// <summary>
    /// Writes a recommender to an ONNX file and compares scores that ONNX Runtime computes from it with the recommender's own, over all items for a sample
    /// of users and histories. A file that would differ by more than <see cref="Tolerance"/> is not left behind; a file that was there before is replaced
    /// only by one that passed.
    /// </summary>
    /// <param name="recommender">Made by <see cref="Recommender.Train"/> or <see cref="Recommender.Load"/>.</param>
    /// <param name="file">The file to write or replace; its name ends with .onnx.</param>
    /// <exception cref="InputException">The system is not among <see cref="Systems"/>, the file would be too large, or scores differ.</exception>
    public static OnnxExport Export(IRecommender recommender, string file)
    {
        var trained = recommender as TrainedRecommender
            ?? throw new InputException($"A {recommender.GetType().Name} is not exported to ONNX; trained systems are, and of two stages each by itself.");
        var graph = trained.Info.Graph ?? throw new InputException(
            $"{trained.Info.Name} ({trained.System}) is not exported to ONNX. Systems that can be are: {string.Join(", ", Systems)}.");
        if (!IsFile(file))
        {
            throw new InputException($"'{file}': the name of an ONNX file ends with {Extension}, and no folder has it.");
        }

        var unproven = $"{Path.GetFullPath(file)}.{Guid.NewGuid():N}{Extension}";
        try
        {
            var inputs = Write(trained, graph, unproven);
            var (requests, difference) = Compare(trained, unproven);
            if (difference > Tolerance || double.IsNaN(difference))
            {
                throw new InputException(
                    $"ONNX Runtime's scores differ from those of {trained.Info.Name} by up to {difference:0.0e+0}; {Tolerance:0e+0} is allowed. No file was written. Serve the run folder itself.");
            }

            File.Move(unproven, file, overwrite: true);
            Leftovers.Clear(file);
            return new OnnxExport(file, new FileInfo(file).Length, inputs, graph.ReadsHistories, requests, difference);
        }
        finally
        {
            File.Delete(unproven);
        }
    }

    /// <summary>
    /// Reads a recommender from an ONNX file that <see cref="Export"/> wrote. It answers as the exported one did, but for known users alone where the
    /// graph reads no histories, and reads no features. It gives no vectors for an index, predicts no values, and cannot be saved to a folder.
    /// </summary>
    /// <exception cref="InputException">There is no such file, or it is corrupt, of another maker, or of a newer version.</exception>
    public static IRecommender Load(string file)
    {
        LibTorch.Demand(); // its models are modules of TorchSharp
        _ = SealedFile.Check(file);
        InferenceSession? session = null;
        try
        {
            using var options = Options();
            session = new InferenceSession(file, options);
            var metadata = RecommenderMetadata.Read(session.ModelMetadata.CustomMetadataMap, file);
            var absent = metadata.Info.PredictsRatings ? metadata.Shape.MaximumValue : 1;
            return new TrainedRecommender(metadata.Info, new OnnxModel(session, metadata.Shape, metadata.Origin.Options, metadata.Breadth, absent), metadata.Snapshot, metadata.Origin);
        }
        catch (Exception error) when (error is OnnxRuntimeException or KeyNotFoundException or FormatException or JsonException or NullReferenceException or InvalidOperationException or InvalidDataException)
        {
            session?.Dispose();
            throw new InputException($"'{file}' is not a model that this library can read: {error.Message} Export the run again.", error);
        }
        catch
        {
            session?.Dispose();
            throw;
        }
    }

    /// <summary>The first digits of a file's checksum, which name its version.</summary>
    /// <exception cref="InputException">As of <see cref="Load"/>.</exception>
    internal static string Version(string file) => SealedFile.Check(file)[..12];

    private static IReadOnlyList<string> Write(TrainedRecommender trained, ScoreGraph graph, string file)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var source = new GraphSource(trained.Model, trained.Origin.Options, trained.Snapshot.Histories);
        source.Graph.Output(OnnxModel.Scores, graph.Scores(source), "The score of every item for every request; the larger the better.", "batch", $"{source.Items}");
        if (trained.Model.ItemVectors is { } vectors)
        {
            source.Graph.Output(OnnxModel.Vectors, source.Constant(vectors), "A vector per item; their cosine says how alike items are.", $"{source.Items}", $"{vectors.shape[1]}");
        }

        var model = GraphFile.Model(source.Graph, $"{trained.Info.Name}: {trained.Info.Summary}");
        RecommenderMetadata.Add(trained, graph.ReadsHistories, source.Breadth, model);
        AtomicFile.Write(file, stream => SealedFile.Write(model, stream));
        return [.. source.Graph.Inputs.Select(input => input.Name)];
    }

    private static (int Requests, double Difference) Compare(TrainedRecommender trained, string file)
    {
        using var exported = (TrainedRecommender)Load(file);
        var requests = ScoreComparison.Sample(trained.Snapshot, exported.Info.Answers);
        return (requests.Count, ScoreComparison.LargestDifference(trained, exported, requests));
    }

    // As many threads as the library's own loops; they sleep between requests rather than spin.
    private static SessionOptions Options()
    {
        var options = new SessionOptions { IntraOpNumThreads = Parallelism.Threads, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return options;
    }
}
