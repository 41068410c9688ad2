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

    /// <summary>Long enough that the bound from group maxima is used, with runs of equal scores across the parts.</summary>
    [Fact]
    public void A_selection_part_by_part_equals_a_full_sort() =>
        Gen.Select(Gen.Int[1, 400], Gen.Int[1, 90], Gen.Int[0, 1500], Gen.Int[1, 900], Gen.ULong).Sample((levels, k, length, part, seed) =>
        {
            var random = new Tastemaker.Data.SeededRandom(seed);
            var scores = new float[length];
            for (var item = 0; item < length; item++)
            {
                scores[item] = random.Next(5) == 0 ? float.NegativeInfinity : random.Next(levels) - (levels / 2f);
            }

            var (items, values) = (new int[Selection.Room(k)], new float[Selection.Room(k)]);
            var selection = new Selection(k, items, values);
            for (var first = 0; first < length; first += part)
            {
                selection.Add(scores.AsSpan(first, Math.Min(part, length - first)), first);
            }

            var count = selection.Finish();

            var sorted = Enumerable.Range(0, length).Where(item => scores[item] > float.NegativeInfinity)
                .OrderByDescending(item => scores[item]).ThenBy(item => item).Take(k).ToArray();
            items.Take(count).ShouldBe(sorted);
            values.Take(count).ShouldBe(sorted.Select(item => scores[item]));
        }, iter: 400);

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
