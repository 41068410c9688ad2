using Tastemaker.Catalog;
using Tastemaker.Configuration;
using Tastemaker.Models.Baselines;
using Tastemaker.Options;
using Tastemaker.Systems;
using Tastemaker.Tests.Conformance;
using Tastemaker.Tuning;
using Tastemaker.Tuning.Space;

namespace Tastemaker.Tests.Tuning;

public sealed class SettingSearchTests : IDisposable
{
    private readonly string root = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}");

    public void Dispose() => Directory.Delete(root, recursive: true);

    public SettingSearchTests() => Directory.CreateDirectory(root);

    [Theory]
    [InlineData(Similarity.Cosine, "shrink=7")]
    [InlineData(Similarity.AsymmetricCosine, "shrink=7 alpha=0.2")]
    [InlineData(Similarity.Tversky, "shrink=7 alpha=0.2 beta=1.5")]
    public void Options_without_effect_in_the_chosen_setting_are_not_listed(Similarity similarity, string expected)
    {
        TrialPoint Point(string shrink, string alpha, string beta) => new([new("shrink", shrink), new("alpha", alpha), new("beta", beta)]);

        string.Join(" ", SettingSearch.Differences(new ItemKnnOptions { Similarity = similarity }, Point("20", "0.5", "0.5"), Point("7", "0.2", "1.5"))).ShouldBe(expected);
    }

    [Fact]
    public void The_metric_that_chose_is_named()
    {
        var info = SystemCatalog.Find("ease");
        var configuration = new RunConfiguration { System = info, Options = info.DefaultOptions, Training = new TrainingOptions { Threads = 1 } };

        var chosen = SettingSearch.Run(
            configuration, new TuningOptions { Trials = 2, Startup = 1 }, ConformanceData.Split([], validate: true), new TuningFolder(root), cancellation: TestContext.Current.CancellationToken);

        chosen.Text.ShouldContain("(ndcg@10 ");
    }
}
