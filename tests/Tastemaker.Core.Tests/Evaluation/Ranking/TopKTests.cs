using CsCheck;
using Tastemaker.Evaluation.Ranking;

namespace Tastemaker.Core.Tests.Evaluation.Ranking;

public class TopKTests
{
    /// <summary>Scores with many ties and many that are no candidates, long enough for the vector paths.</summary>
    private static readonly Gen<float[]> Scores = Gen.Int[1, 60].SelectMany(levels =>
        Gen.Int[-levels, levels].Select(level => level < -levels / 2 ? float.NegativeInfinity : level / 3f).Array[0, 300]);

    [Fact]
    public void Selection_equals_a_full_sort() =>
        Gen.Select(Scores, Gen.Int[0, 120]).Sample((scores, k) =>
        {
            var items = new int[k];
            var values = new float[k];
            var count = TopK.Select(scores, items, values);

            var sorted = Enumerable.Range(0, scores.Length).Where(item => scores[item] > float.NegativeInfinity)
                .OrderByDescending(item => scores[item]).ThenBy(item => item).Take(k).ToArray();
            items.Take(count).ShouldBe(sorted);
            values.Take(count).ShouldBe(sorted.Select(item => scores[item]));
        });

    [Fact]
    public void Ascending_scores_the_worst_case_are_selected_right()
    {
        var scores = Enumerable.Range(0, 10_000).Select(item => (float)item).ToArray();
        var items = new int[3];

        TopK.Select(scores, items, new float[3]).ShouldBe(3);

        items.ShouldBe([9999, 9998, 9997]);
    }

    [Fact]
    public void Counting_equals_counting_one_by_one() =>
        Gen.Select(Scores, Gen.Int[-60, 60]).Sample((scores, level) =>
            ScoreScan.Count(scores, level / 3f).ShouldBe((scores.Count(score => score > level / 3f), scores.Count(score => score == level / 3f))));

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(16)]
    [InlineData(18)]
    public void The_first_score_that_is_not_finite_is_found(int place)
    {
        var scores = Enumerable.Range(0, 19).Select(item => item - 9f).ToArray();
        ScoreScan.FirstNotFinite(scores).ShouldBe(-1);

        scores[place] = float.NegativeInfinity;

        ScoreScan.FirstNotFinite(scores).ShouldBe(place);
    }
}
