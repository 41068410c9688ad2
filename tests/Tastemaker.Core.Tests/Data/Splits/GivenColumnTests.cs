using Tastemaker.Core.Tests.Data.Import;
using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Data.Import;
using Tastemaker.Data.Splits;

namespace Tastemaker.Core.Tests.Data.Splits;

public sealed class GivenColumnTests
{
    private static readonly string[] Rows = ["1,10,train", "1,20,Train", "1,30,TEST", "2,10,training", "2,20,valid", "2,30,test", "3,10,train"];

    [Fact]
    public void The_words_of_a_column_of_the_file_are_the_parts()
    {
        var split = new GivenColumn().Apply(Import("user,item,split,device", [.. Rows.Select(row => row + ",phone")]), 0);

        split.ShouldKeepTheContract();
        split.Train.Data.Pairs().ShouldBe(["1 10", "1 20", "2 10", "3 10"]);
        split.Listing(split.Validation).ShouldBe(["2 20"]);
        split.Listing(split.Test).ShouldBe(["1 30", "2 30"]);
        split.WithValidationInTraining().Train.Interactions.Count.ShouldBe(5);
        split.Description.ShouldBe("given-column(column=split)");
        // Nothing a system could read tells the parts apart any more.
        split.Train.Data.InteractionFeatures!.Columns.Select(column => column.Name).ShouldBe(["device"]);
    }

    [Fact]
    public void The_seed_changes_nothing_and_the_column_does()
    {
        var data = Import("user,item,split", Rows);
        var print = new GivenColumn().Apply(data, 1).Fingerprint;
        new GivenColumn().Apply(data, 2).Fingerprint.ShouldBe(print);
        string[] other = [.. Rows.Select(row => row.Replace("2,20,valid", "2,20,train", StringComparison.Ordinal))];
        var without = new GivenColumn().Apply(Import("user,item,split", other), 1);
        without.Validation.ShouldBeNull();
        without.Fingerprint.ShouldNotBe(print);
    }

    [Fact]
    public void Any_words_will_do_numbers_too()
    {
        var data = Import("user,item,fold", "1,10,0", "1,20,2", "2,20,0", "2,10,1");
        var split = SplitterSyntax.Parse("given-column(fold,train=0,validation=1,test=2)").Apply(data, 0);
        split.Listing(split.Test).ShouldBe(["1 20"]);
        split.Listing(split.Validation).ShouldBe(["2 10"]);
        data.InteractionFeatures!.Columns[0].ShouldBeOfType<NumericColumn>();
    }

    [Fact]
    public void Words_that_mean_no_part_are_listed_with_how_often_they_occur()
    {
        var message = Should.Throw<InputException>(() => new GivenColumn { Test = "probe" }.Apply(Import("user,item,split", [.. Rows, "3,20,", "3,30,later"]), 0)).Message;
        message.ShouldContain("'TEST' in 1 rows");
        message.ShouldContain("nothing in 1 rows");
        message.ShouldContain("'later' in 1 rows");
        message.ShouldContain("It knows probe, train, training, validation, valid, val, dev");
    }

    [Fact]
    public void A_missing_column_is_named_with_the_nearest()
    {
        var message = Should.Throw<InputException>(() => new GivenColumn("spilt").Apply(Import("user,item,split,device", [.. Rows.Select(row => row + ",phone")]), 0)).Message;
        message.ShouldContain("has split, device. Did you mean 'split'?");
        Should.Throw<InputException>(() => new GivenColumn().Apply(GeneratedData.Rows(("1", "a", 1, 1)), 0)).Message.ShouldContain("has none beside user, item");
    }

    [Fact]
    public void A_column_without_a_test_row_is_refused() =>
        Should.Throw<InputException>(() => new GivenColumn().Apply(Import("user,item,split", "1,10,train", "1,20,val"), 0)).Message.ShouldContain("empty test part");

    private static Dataset Import(string header, params string[] rows)
    {
        using var folder = new TemporaryFolder();
        return DatasetImport.Import(folder.Write("rows.csv", $"{header}\n{string.Join('\n', rows)}\n"));
    }
}
