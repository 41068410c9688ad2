using Tastemaker.Recommending;
using TorchSharp;
using static Tastemaker.Testing.ConformanceException;

namespace Tastemaker.Testing;

/// <summary>What training must do.</summary>
internal static class LearningChecks
{
    private const double LeastShare = 0.9; // of a list that a user likes; half by chance

    public static void Learns(SystemConformance suite)
    {
        var (recommender, curve) = suite.Trained;
        Demand(curve.Losses.TrueForAll(double.IsFinite), $"Every epoch must have a finite loss; they were {string.Join(", ", curve.Losses)}.");
        Demand(curve.Losses.Count < 2 || curve.Losses[^1] < curve.Losses[0], $"The loss must fall; it went from {curve.Losses.FirstOrDefault()} to {curve.Losses.LastOrDefault()}.");
        var liked = 0;
        for (var user = 0; user < ConformanceData.Side; user++)
        {
            var list = recommender.Recommend(Request.ForUser($"u{user}"), ConformanceData.Side / 2, new CandidateFilter { IncludeSeen = true });
            liked += list.Items.Count(item => ConformanceData.Likes(user, int.Parse(item.Item[1..], global::System.Globalization.CultureInfo.InvariantCulture)));
        }

        var share = liked / (ConformanceData.Side / 2.0 * ConformanceData.Side);
        Demand(!suite.IsPersonalized || share > LeastShare, $"Of the 25 best items of each user, {LeastShare:P0} must be of those that the user likes; {share:P0} are (half are by chance). Perhaps the options train too little.");
        Demand(suite.IsPersonalized || Math.Abs(share - 0.5) < 0.1, $"A system that does not personalize can find half of what users like, and found {share:P0}.");
    }

    public static void IsRepeatable(SystemConformance suite)
    {
        torch.rand(3).Dispose(); // the generator's state before must not matter
        using var again = suite.Train(ConformanceData.Split(suite.System.Needs, testSeed: 2));
        DemandSame(again, suite, "with the same seed and other test items");
    }

    public static void Resumes(SystemConformance suite)
    {
        var split = ConformanceData.Split(suite.System.Needs);
        using var folder = new ScratchFolder();
        using var source = new CancellationTokenSource();
        suite.Train(split, new StopAfter(2, source), folder.FullPath, source.Token).Dispose();
        using var resumed = suite.Train(split, checkpoints: folder.FullPath);
        DemandSame(resumed, suite, "stopped after its third epoch and resumed");
    }

    public static void KeepsNoTensors(SystemConformance suite)
    {
        // The second that counts, because optimizers make their moments and the best weights are kept from the first on; stages bring their own.
        var (recommender, curve) = suite.Trained;
        var live = curve.LiveTensors;
        Demand(live.Count > 0, $"Training must complete an epoch.");
        var second = live[Math.Min(((TrainedRecommender)recommender).Model.Plan.FirstMeasured + 1, live.Count - 1)];
        Demand(live[^1] <= second, $"Training held {live[^1]} tensors at its end and {second} after its second epoch: a step leaves tensors behind.");
    }

    public static void LearnsOneItem(SystemConformance suite)
    {
        using var recommender = suite.Train(ConformanceData.OneItem(suite.System.Needs));
        var with = recommender.Recommend(Request.ForUser("u0"), 3, new CandidateFilter { IncludeSeen = true }).Items.Count;
        var without = recommender.Recommend(Request.ForUser("u0"), 3, new CandidateFilter { IncludeSeen = false }).Items.Count;
        Demand((with, without) == (1, 0), $"A catalog of one item must give a list of 1, and of 0 without what the user has; it gave {with} and {without}.");
    }

    private static void DemandSame(IRecommender other, SystemConformance suite, string how)
    {
        var (expected, found) = (ConformanceData.Scores(suite.Trained.Recommender, ConformanceData.MixedRequests()), ConformanceData.Scores(other, ConformanceData.MixedRequests()));
        var odd = expected.AsSpan().CommonPrefixLength(found);
        Demand(odd == expected.Length, $"Trained {how}, the scores must be the same to the bit; score {odd} is {found.ElementAtOrDefault(odd)} instead of {expected.ElementAtOrDefault(odd)}.");
    }
}

/// <summary>A folder that is deleted with what is in it.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public string FullPath { get; } = Directory.CreateTempSubdirectory("tastemaker-conformance-").FullName;

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
