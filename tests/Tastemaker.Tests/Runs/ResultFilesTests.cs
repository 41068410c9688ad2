using Tastemaker.Evaluation;
using Tastemaker.Evaluation.Clicks;
using Tastemaker.Runs;

namespace Tastemaker.Tests.Runs;

[Collection(nameof(SerialTorch))]
public sealed class ResultFilesTests
{
    [Fact]
    public void Predictions_for_labelled_rows_are_read_back()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var clicks = new ClickPredictions([true, false, true], [0.25f, 0.5f, 1], [4, 0, 4]);
            ResultFiles.Write(
                new EvaluationResult
                {
                    Metrics = new OrderedDictionary<string, double> { ["auc"] = 0.5, ["logloss"] = 0.75 },
                    PerRequest = new Dictionary<string, float[]>(),
                    Clicks = clicks,
                    Requests = 0,
                    Protocol = "labelled rows",
                },
                folder);

            var read = ResultFiles.Read(folder);

            read.Metrics.Keys.ShouldBe(["auc", "logloss"]);
            read.PerRequest.ShouldBeEmpty();
            read.Clicks!.HasRowsOf(clicks).ShouldBeTrue();
            read.Clicks.Probabilities.ToArray().ShouldBe(clicks.Probabilities.ToArray());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
