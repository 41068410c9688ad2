using CsCheck;
using Tastemaker.Data;
using Tastemaker.Models.Recurrent;
using Tastemaker.Recommending;

namespace Tastemaker.Tests.Models.Recurrent;

public class PrefixWalkTests
{
    private static readonly Gen<int[][]> Histories = Gen.Int[0, 2].Array[0, 6].Array[0, 12];

    private static RequestBatch Batch(int[][] histories) => new([.. histories.Select(_ => -1)], SparseRows.FromRows(histories, 3));

    [Fact]
    public void Walking_the_levels_spells_every_history() => Histories.Sample(histories =>
    {
        var ends = new string[histories.Length];
        Array.Fill(ends, "");
        string[] before = [""];
        foreach (var level in PrefixWalk.Of(Batch(histories)).Levels)
        {
            before = [.. level.Items.Zip(level.Parents, (item, parent) => $"{before[parent]}{item}")];
            foreach (var (request, place) in level.Requests.Zip(level.Places))
            {
                ends[request] = before[place];
            }
        }

        ends.ShouldBe(histories.Select(history => string.Concat(history)));
    });

    [Fact]
    public void Each_distinct_prefix_is_walked_once() => Histories.Sample(histories =>
    {
        var distinct = histories.SelectMany(history => Enumerable.Range(1, history.Length).Select(length => string.Concat(history.Take(length)))).Distinct().Count();
        PrefixWalk.Of(Batch(histories)).Levels.Sum(level => level.Items.Length).ShouldBe(distinct);
    });

    [Fact]
    public void A_session_of_n_events_takes_n_steps()
    {
        int[][] prefixes = [.. Enumerable.Range(1, 9).Select(length => Enumerable.Range(0, length).Select(item => item % 3).ToArray())];
        PrefixWalk.Of(Batch(prefixes)).Levels.Sum(level => level.Items.Length).ShouldBe(9);
    }
}
