using Tastemaker.Models.Recurrent;

namespace Tastemaker.Tests.Models.Recurrent;

public class KeptStatesTests
{
    [Fact]
    public void Histories_that_differ_have_identities_that_differ()
    {
        const int Items = 24;
        var seen = new HashSet<UInt128>();
        for (var first = 0; first < Items; first++)
        {
            seen.Add(HistoryIdentity.Beginnings([first])[0]);
            for (var second = 0; second < Items; second++)
            {
                seen.Add(HistoryIdentity.Beginnings([first, second])[1]);
                for (var third = 0; third < Items; third++)
                {
                    seen.Add(HistoryIdentity.Beginnings([first, second, third])[2]);
                }
            }
        }

        seen.Count.ShouldBe(Items + (Items * Items) + (Items * Items * Items));
    }

    [Fact]
    public void The_longest_known_beginning_is_found_and_goes_when_it_is_continued()
    {
        var kept = new KeptStates<string>();
        var history = HistoryIdentity.Beginnings([3, 1, 4, 1]);
        kept.Longest(history).ShouldBe((-1, null));
        kept.Keep(history[0], "3", null);
        kept.Keep(history[2], "3 1 4", null);
        kept.Longest(history).ShouldBe((2, "3 1 4"));
        kept.Keep(history[3], "3 1 4 1", history[2]);
        kept.Longest(history.AsSpan(0, 3)).ShouldBe((0, "3"));
        kept.Longest(history).ShouldBe((3, "3 1 4 1"));
    }

    [Fact]
    public void Of_more_states_than_there_is_room_for_those_asked_for_last_stay()
    {
        var kept = new KeptStates<string>(most: 10);
        for (var item = 0; item < 100; item++)
        {
            kept.Keep(HistoryIdentity.Beginnings([item])[0], $"{item}", null);
            kept.Longest(HistoryIdentity.Beginnings([0])).State.ShouldBe("0");
        }

        Enumerable.Range(0, 100).Count(item => kept.Longest(HistoryIdentity.Beginnings([item])).State is not null).ShouldBeLessThanOrEqualTo(10);
    }
}
