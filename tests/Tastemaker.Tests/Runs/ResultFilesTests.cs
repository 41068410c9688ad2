using Tastemaker.Evaluation;
using Tastemaker.Evaluation.Clicks;
using Tastemaker.Evaluation.Slices;
using Tastemaker.Runs;

namespace Tastemaker.Tests.Runs;

[Collection(nameof(SerialTorch))]
public sealed class ResultFilesTests
{
    [Fact]
    public void Predictions_of_held_out_values_are_read_back_and_runs_from_before_have_none()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var values = new ValuePredictions([4, 2.5f], [3.5f, 1], [7, 0]);
            var result = new EvaluationResult
            {
                Metrics = new OrderedDictionary<string, double> { ["rmse"] = 1.1 },
                PerRequest = new Dictionary<string, float[]>(),
                Values = values,
                Requests = 2,
                Protocol = "full ranking",
            };
            ResultFiles.Write(result, folder);
            var read = ResultFiles.Read(folder).Values.ShouldNotBeNull();
            read.HasValuesOf(values).ShouldBeTrue();
            read.Predictions.ToArray().ShouldBe([3.5f, 1]);

            ResultFiles.Write(result with { Values = null }, folder);
            ResultFiles.Read(folder).Values.ShouldBeNull();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Predictions_for_labelled_rows_and_slices_are_read_back()
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
                    Slices = [new Slice("device", [new SliceGroup("tv", 2, new Dictionary<string, double> { ["logloss"] = 0.25 })])],
                    Requests = 0,
                    Protocol = "labelled rows",
                },
                folder);

            var read = ResultFiles.Read(folder);

            read.Metrics.Keys.ShouldBe(["auc", "logloss"]);
            read.PerRequest.ShouldBeEmpty();
            read.Clicks!.HasRowsOf(clicks).ShouldBeTrue();
            var group = read.Slices.ShouldHaveSingleItem().Groups.ShouldHaveSingleItem();
            (read.Slices[0].Name, group.Value, group.Count, group.Metrics["logloss"]).ShouldBe(("device", "tv", 2, 0.25));
            read.Clicks.Probabilities.ToArray().ShouldBe(clicks.Probabilities.ToArray());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
