using Tastemaker.Core.Tests.Data.Import;
using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Data.Filters;
using Tastemaker.Data.Import;
using Tastemaker.Data.Splits;

namespace Tastemaker.Core.Tests.Data.Splits;

public sealed class LabelledSplitTests : IDisposable
{
    private static readonly Dataset Labelled = new LabelByValue(4).Apply(GeneratedData.Ratings(9));

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("random")]
    [InlineData("ratio-by-user")]
    [InlineData("leave-one-out")]
    [InlineData("temporal")]
    [InlineData("cold-items")]
    [InlineData("k-fold(validation=0.1)")]
    [InlineData("hash(mod=5,test=0,validation=1)")]
    public void All_rows_go_to_a_part_and_histories_and_targets_hold_positives_alone(string text)
    {
        var split = SplitterSyntax.Parse(text).Apply(Labelled, 1);

        var (validation, test) = (split.Validation!.Impressions.ShouldNotBeNull(), split.Test.Impressions.ShouldNotBeNull());
        // The feature tells where a row came from, so nothing is lost, doubled or mixed up.
        Dataset[] parts = [split.Train.Data, validation, test];
        parts.SelectMany(Sources).Order().ShouldBe(Enumerable.Range(0, Labelled.Interactions.Count));
        foreach (var part in parts)
        {
            part.IsLabelled.ShouldBeTrue();
            part.Interactions.Values.ToArray().ShouldBe(Sources(part).Select(row => Labelled.Interactions.Values[row]));
        }

        split.Train.Interactions.Values.ToArray().Distinct().Count().ShouldBe(2);
        split.Train.ByUser.EntryCount.ShouldBe(split.Train.Interactions.Values.ToArray().Count(label => label > 0));
        var positives = Positives(split.Train.Data).ToHashSet();
        foreach (var (part, rows) in new[] { (split.Validation, validation), (split.Test, test) })
        {
            split.Listing(part).Where(pair => pair[0] != '?').Except(Positives(rows)).ShouldBeEmpty();
            part.Targets.EntryCount.ShouldBeLessThanOrEqualTo(Positives(rows).Count());
            part.Targets.HasValues.ShouldBeFalse();
            // What was validated is history when testing, where the parts follow each other in time.
            positives.UnionWith(part == split.Test ? Positives(validation) : []);
            for (var request = 0; request < part.Count; request++)
            {
                if (part.Requests.Users[request] is not (>= 0 and var user))
                {
                    continue;
                }

                part.Requests.History(request).ToArray().ShouldAllBe(item => positives.Contains($"{Labelled.Users[user]} {Labelled.Items[item]}"));
            }
        }
    }

    [Fact]
    public void A_part_of_refusals_alone_can_be_measured_though_nothing_can_be_ranked()
    {
        var data = new LabelByValue(4).Apply(GeneratedData.Rows(("ann", "x", 5, 1), ("ann", "y", 1, 2), ("bob", "x", 1, 3), ("bob", "y", 5, 4), ("ann", "z", 1, 5), ("bob", "z", 1, 6)));
        var split = new Temporal { TestFrom = 5 }.Apply(data, 0);
        split.Test.Count.ShouldBe(0);
        split.Test.Impressions!.Interactions.Values.ToArray().ShouldBe([0, 0]);
    }

    [Theory]
    [InlineData("strong-generalization")]
    [InlineData("sessions")]
    [InlineData("cold-users")]
    [InlineData("given(test=t.csv,kind=sessions)")]
    [InlineData("given(test=t.csv,kind=users)")]
    [InlineData("given(test=t.csv,negatives=n.csv)")]
    [InlineData("ncf(folder=f)")]
    public void Splits_that_ask_for_what_was_taken_up_refuse_labels_and_say_what_to_do(string text)
    {
        var message = Should.Throw<InputException>(() => SplitterSyntax.Parse(text).Apply(Labelled, 1)).Message;
        message.ShouldContain("'ratings' holds labelled rows");
        message.ShouldContain("with the filter positives");
    }

    [Fact]
    public void After_positives_every_split_will_do() =>
        new StrongGeneralization(0.3m, 0.2m, 0.3m).Apply(new Positives().Apply(Labelled), 1).ShouldKeepTheContract();

    [Fact]
    public void A_given_file_names_labelled_rows_but_cannot_add_any()
    {
        var split = new GivenFiles(folder.Write("t.csv", "user,item\n" + Labelled.Pairs()[0].Replace(' ', ',') + "\n")).Apply(Labelled, 0);
        Sources(split.Test.Impressions!).ShouldBe([0]);

        var (users, items) = (Labelled.Users, Labelled.Items);
        var missing = users.Ids.SelectMany(user => items.Ids.Select(item => $"{user} {item}")).Except(Labelled.Pairs()).First().Replace(' ', ',');
        Should.Throw<InputException>(() => new GivenFiles(folder.Write("u.csv", $"user,item\n{missing}\n")).Apply(Labelled, 0)).Message.ShouldContain("has no label there");
    }

    [Fact]
    public void The_files_that_rows_come_from_are_the_parts()
    {
        var train = folder.WriteGzip("adult.train.csv.gz", "age,label\n" + string.Concat(Enumerable.Range(0, 40).Select(row => $"{row},{row % 2}\n")));
        var test = folder.WriteGzip("adult.test.csv.gz", "age,label\n100,1\n101,0\n102,0\n");
        var data = DatasetImport.Import(new DataOptions { Paths = [train, test], Label = "label", FileColumn = "file" });
        Expect.Categories(data.InteractionFeatures!, "file").CountBy(name => name!).Select(pair => (pair.Key, pair.Value)).ShouldBe([("adult.train.csv.gz", 40), ("adult.test.csv.gz", 3)]);

        var splitter = SplitterSyntax.Parse("given-column(file,train=adult.train.csv.gz,test=adult.test.csv.gz,validation=ratio:0.25)");
        var split = splitter.Apply(data, 5);

        Expect.Numbers(split.Test.Impressions!.InteractionFeatures!, "age").ShouldBe([100, 101, 102]);
        split.Validation!.Impressions!.Interactions.Count.ShouldBe(10);
        split.Train.Interactions.Count.ShouldBe(30);
        split.Train.Data.InteractionFeatures!.Columns.Select(column => column.Name).ShouldBe(["age"]);
        split.Description.ShouldBe($"{splitter} seed 5");
        splitter.Apply(data, 6).Fingerprint.ShouldNotBe(split.Fingerprint);
        Should.Throw<InputException>(() => SplitterSyntax.Parse("given-column(file,validation=ratio:2)")).Message.ShouldContain("between 0 and 1");
    }

    [Fact]
    public void File_names_go_with_any_table_and_with_errors_of_rows()
    {
        var parquet = folder.WriteParquet("a.parquet", "SELECT 1 AS user, 2 AS item");
        Expect.Categories(DatasetImport.Import(new DataOptions { Paths = [parquet], FileColumn = "part" }).InteractionFeatures!, "part").ShouldBe(["a.parquet"]);
        var json = folder.Write("a.jsonl", "{\"user\":1,\"item\":2}\n");
        Expect.Categories(DatasetImport.Import(new DataOptions { Paths = [json], FileColumn = "part" }).InteractionFeatures!, "part").ShouldBe(["a.jsonl"]);

        var bad = folder.Write("bad.csv", "user,item,rating\n1,2,3\n1,3,x\n");
        Problem(new DataOptions { Paths = [bad], FileColumn = "part" }).ShouldStartWith($"{bad}, line 3: column 'rating' is not a number: 1,3,x.");
        Problem(new DataOptions { Paths = [bad], FileColumn = "Item" }).ShouldContain("has a column 'item' already");
        Problem(new DataOptions { Paths = [folder.Write("u.data", "1\t2\t3\t881250949\n")], FileColumn = "part" }).ShouldContain("file column");
    }

    private static string Problem(DataOptions options) => Should.Throw<InputException>(() => DatasetImport.Import(options with { OnBadRows = BadRowPolicy.Error })).Problems.Single();

    private static IEnumerable<int> Sources(Dataset data) => ((NumericColumn)data.InteractionFeatures!.Find("row")!).Values.Select(row => (int)row);

    private static IEnumerable<string> Positives(Dataset data) => data.Listing().Where(row => row.Value > 0).Select(row => $"{row.User} {row.Item}");
}
