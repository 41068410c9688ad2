using Tastemaker.Artifacts;
using Tastemaker.Catalog;
using Tastemaker.Recommending;
using Tastemaker.Tests.Conformance;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Artifacts;

/// <summary>
/// Models written by released versions, one folder a version beneath Artifacts/old, must load for ever and give the scores stored beside them.
/// When the format changes, write a new folder (never change an old one), by naming it in TASTEMAKER_WRITE_ARTIFACTS when these tests run.
/// </summary>
public sealed class OldArtifactsTests
{
    private const string WriteTo = "TASTEMAKER_WRITE_ARTIFACTS";
    private const string ScoresFile = "expected-scores.safetensors";

    private static readonly string[] Systems = ["popularity", "item-knn", "ease", "biased-mf", "bpr-mf", "neumf", "multi-vae", "gru4rec"];

    private static string Root
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "Tastemaker.slnx")))
            {
                folder = Path.GetDirectoryName(folder)!;
            }

            return Path.Combine(folder, "tests", "Tastemaker.Tests", "Artifacts", "old");
        }
    }

    [Fact]
    public void Every_old_model_loads_and_gives_its_old_scores()
    {
        var folders = Directory.GetFiles(Root, ScoresFile, SearchOption.AllDirectories).Select(file => Path.GetDirectoryName(file)!).ToList();
        folders.Count.ShouldBeGreaterThanOrEqualTo(Systems.Length);
        foreach (var folder in folders)
        {
            using var scope = NewDisposeScope();
            using var recommender = Recommender.Load(folder);
            var expected = SafetensorsFile.Read(Path.Combine(folder, ScoresFile), out _)["scores"].data<float>().ToArray();
            var scores = ConformanceData.Scores(recommender, ConformanceData.MixedRequests());
            scores.Length.ShouldBe(expected.Length);
            for (var index = 0; index < scores.Length; index++)
            {
                if (IsFoldedInByNow((TrainedRecommender)recommender, expected, index / recommender.Items.Count))
                {
                    continue;
                }

                // Another processor may round sums otherwise.
                scores[index].ShouldBe(expected[index], 1e-4f * Math.Max(1, Math.Abs(expected[index])), folder);
            }
        }
    }

    // Some systems answered strangers with what is popular when their model was saved, and have learned since to fold them in.
    private static bool IsFoldedInByNow(TrainedRecommender recommender, float[] expected, int request) =>
        recommender.Scoring.Plan(ConformanceData.MixedRequests()).Strategies[request] == AnswerSource.FoldIn
        && expected.AsSpan(request * recommender.Items.Count, recommender.Items.Count).SequenceEqual(Array.ConvertAll(recommender.Snapshot.Popularity, count => (float)count));

    [Fact]
    public void What_is_written_now_loads_and_gives_its_scores()
    {
        var asked = Environment.GetEnvironmentVariable(WriteTo);
        var root = asked ?? Directory.CreateTempSubdirectory("artifacts-").FullName;
        foreach (var system in Systems)
        {
            using var scope = NewDisposeScope();
            var folder = Path.Combine(root, system);
            using var recommender = SystemCases.Train(system, ConformanceData.Split(SystemCatalog.Find(system).Needs));
            Recommender.Save(recommender, folder);
            var scores = ConformanceData.Scores(recommender, ConformanceData.MixedRequests());
            SafetensorsFile.Write(Path.Combine(folder, ScoresFile), new Dictionary<string, Tensor> { ["scores"] = tensor(scores) });
            using var loaded = Recommender.Load(folder);
            ConformanceData.Scores(loaded, ConformanceData.MixedRequests()).ShouldBe(scores);
        }

        if (asked is null)
        {
            Directory.Delete(root, recursive: true);
        }
    }
}
