using CsCheck;
using Tastemaker.Data;

namespace Tastemaker.Core.Tests.Data;

public class UserTimelinesTests
{
    // Few different times and items, so that ties of every kind occur.
    private static readonly Gen<(int User, int Item, long Time)[]> Rows =
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 3], Gen.Long[-2, 3]).Array[0, 80];

    [Fact]
    public void Rows_of_a_user_go_by_time_then_source_order() => Rows.Sample(rows =>
    {
        var order = new UserTimelines(Of(rows), userCount: 6);
        return Enumerable.Range(0, 6).All(user => order[user].SequenceEqual(
            [.. Enumerable.Range(0, rows.Length).Where(row => rows[row].User == user)
                .OrderBy(row => rows[row].Time).ThenBy(row => row)]));
    });

    [Fact]
    public void Histories_hold_items_and_times_in_that_order() => Rows.Sample(rows =>
    {
        var byUser = Of(rows).ByUser(6, 4);
        return Enumerable.Range(0, 6).All(user =>
        {
            var own = rows.Where(row => row.User == user).OrderBy(row => row.Time).ToArray();
            return byUser[user].SequenceEqual([.. own.Select(row => row.Item)]) && byUser.RowTimes(user).SequenceEqual([.. own.Select(row => row.Time)]);
        });
    });

    private static Interactions Of((int User, int Item, long Time)[] rows) =>
        new([.. rows.Select(row => row.User)], [.. rows.Select(row => row.Item)], values: null, [.. rows.Select(row => row.Time)]);
}
