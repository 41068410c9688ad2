using CsCheck;
using Tastemaker.Features;

namespace Tastemaker.Tests.Features;

public sealed class NumericScaleTests
{
    [Fact]
    public void Quantile_shares_rise_from_0_and_stay_below_1() =>
        Gen.Float[-1000, 1000].Array[1, 300].Select(Gen.Float[-2000, 2000], Gen.Float[-2000, 2000]).Sample((values, one, other) =>
        {
            var scale = NumericScale.Fit(NumericTransform.Quantile, values, 0);
            var (low, high) = (scale.Apply(Math.Min(one, other)), scale.Apply(Math.Max(one, other)));
            low.ShouldBeGreaterThanOrEqualTo(0);
            high.ShouldBeGreaterThanOrEqualTo(low);
            high.ShouldBeLessThan(1);
        });

    [Fact]
    public void The_share_of_a_training_value_is_the_share_of_rows_below_it()
    {
        float[] values = [.. Enumerable.Range(0, 100).Select(value => (float)value)];
        var scale = NumericScale.Fit(NumericTransform.Quantile, values, 0);

        scale.Apply(0).ShouldBe(0);
        scale.Apply(50).ShouldBe(0.5f, 0.02f);
        scale.Apply(75).ShouldBe(0.75f, 0.02f);
        scale.Apply(float.NaN).ShouldBe(0);
    }

    [Fact]
    public void The_share_below_a_value_is_exact_where_values_repeat()
    {
        float[] values = [.. Enumerable.Repeat(0f, 70), .. Enumerable.Repeat(1f, 10), .. Enumerable.Repeat(5f, 20)];
        var quantile = NumericScale.Fit(NumericTransform.Quantile, values, 0);
        var rank = NumericScale.Fit(NumericTransform.Rank, values, 0);

        new float[] { -1, 0, 0.5f, 1, 3, 5 }.Select(quantile.Apply).ShouldBe([0, 0, 0.35f, 0.7f, 0.75f, 0.8f], 1e-6);
        new float[] { -1, 0, 0.5f, 1, 3 }.Select(rank.Apply).ShouldBe([0, 0, 0.25f, 0.5f, 0.75f], 1e-6);
        quantile.Apply(6).ShouldBe(0.99999994f);
        rank.Apply(5).ShouldBe(0.99999994f);
    }

    [Fact]
    public void The_quantile_of_up_to_a_thousand_values_is_their_distribution_function() =>
        Gen.Int[0, 20].Array[2, 300].Where(values => values.Distinct().Count() > 1).Sample(drawn =>
        {
            float[] values = [.. drawn.Select(value => (float)value)];
            var scale = NumericScale.Fit(NumericTransform.Quantile, values, 0);
            values.ShouldAllBe(value => Math.Abs(scale.Apply(value) - (values.Count(other => other < value) / (float)values.Length)) < 1e-6f);
        });

    [Fact]
    public void A_model_saved_before_there_were_shares_keeps_its_rank()
    {
        float[] values = [.. Enumerable.Repeat(0f, 70), 1, 2, 3, 4];
        var rank = NumericScale.Fit(NumericTransform.Rank, values, 0);
        var old = rank with { Transform = NumericTransform.Quantile };

        values.Select(old.Apply).ShouldBe(values.Select(rank.Apply));
    }

    [Fact]
    public void Buckets_hold_equally_many_rows_and_the_missing_have_their_own()
    {
        float[] values = [.. Enumerable.Range(0, 90).Select(value => (float)value), float.NaN];
        var scale = NumericScale.Fit(NumericTransform.Buckets, values, 3);

        scale.BucketCount.ShouldBe(4);
        values.Take(90).GroupBy(scale.Bucket).Select(group => (group.Key, group.Count())).Order().ShouldBe([(1, 30), (2, 30), (3, 30)]);
        scale.Bucket(float.NaN).ShouldBe(0);
        scale.Bucket(1e9f).ShouldBe(3);
    }

    [Fact]
    public void A_value_that_most_rows_have_takes_one_bucket()
    {
        float[] values = [.. Enumerable.Repeat(0f, 90), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
        var scale = NumericScale.Fit(NumericTransform.Buckets, values, 10);

        values.Select(scale.Bucket).Distinct().Count().ShouldBe(scale.BucketCount - 1);
    }

    [Fact]
    public void Constant_columns_are_0()
    {
        NumericScale.Fit(NumericTransform.Standardize, [3, 3, 3], 0).Apply(3).ShouldBe(0);
        NumericScale.Fit(NumericTransform.MinMax, [3, 3, 3], 0).Apply(3).ShouldBe(0);
        NumericScale.Fit(NumericTransform.MinMax, [2, 4], 0).Apply(5).ShouldBe(1);
    }
}
