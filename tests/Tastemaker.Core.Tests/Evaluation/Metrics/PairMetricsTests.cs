using Tastemaker.Evaluation.Clicks;
using Tastemaker.Evaluation.Metrics;

namespace Tastemaker.Core.Tests.Evaluation.Metrics;

public class PairMetricsTests
{
    private static readonly bool[] Labels = [true, false, true, false, false];
    private static readonly float[] Scores = [0.9f, 0.8f, 0.8f, 0.1f, 0.3f];

    [Fact]
    public void Auc_counts_pairs_in_order_and_half_of_the_ties() =>
        PairMetrics.Auc(Labels, Scores).ShouldBe((3 + 2.5) / 6, 1e-12);

    [Fact]
    public void A_constant_score_has_auc_one_half_however_many_rows_there_are() =>
        PairMetrics.Auc([.. Enumerable.Range(0, 200_000).Select(row => row % 2 == 0)], new float[200_000]).ShouldBe(0.5, 1e-12);

    [Fact]
    public void Auc_of_one_class_is_undefined() => PairMetrics.Auc([true, true], [1, 2]).ShouldBe(double.NaN);

    [Theory]
    [InlineData(GroupWeight.Impressions, (3 * 1.0 + 4 * 0.5) / 7)]
    [InlineData(GroupWeight.Positives, (1 * 1.0 + 2 * 0.5) / 3)]
    internal void Group_auc_weighs_groups_that_have_both_classes(GroupWeight weight, double expected)
    {
        int[] groups = [7, 7, 7, 3, 3, 3, 3, 5];
        bool[] labels = [true, false, false, true, true, false, false, true];
        float[] scores = [3, 2, 1, 4, 1, 2, 3, 9];

        PairMetrics.GroupAuc(new RowGroups(groups), labels, scores, weight).ShouldBe(expected, 1e-12);
    }

    [Fact]
    public void Log_loss_has_the_value_worked_by_hand() =>
        PairMetrics.LogLoss([true, false], [0.8f, 0.4f]).ShouldBe(-(Math.Log(0.8) + Math.Log(0.6)) / 2, 1e-7);

    [Fact]
    public void Log_loss_of_certain_errors_is_bounded() =>
        PairMetrics.LogLoss([true, false], [0, 1]).ShouldBe(-Math.Log(1e-7), 1e-6);

    [Fact]
    public void The_base_rate_has_normalized_entropy_and_calibration_1()
    {
        var rate = Enumerable.Repeat(0.4f, 5).ToArray();

        PairMetrics.NormalizedEntropy(Labels, rate).ShouldBe(1, 1e-6);
        PairMetrics.Calibration(Labels, rate).ShouldBe(1, 1e-6);
    }

    [Fact]
    public void A_score_that_is_nan_is_refused() =>
        Should.Throw<InvalidOperationException>(() => PairMetrics.Auc([true, false], [1, float.NaN])).Message.ShouldContain("pair 1");
}
