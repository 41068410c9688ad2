using Tastemaker.Data.Features;
using Tastemaker.Data.Import;

namespace Tastemaker.Core.Tests.Data.Import;

public sealed class CountedLinesTests : IDisposable
{
    private const string Lines = "4 193 7 12 14\n1 7\n0\n2 5 193\n2 6 8\n";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("users.dat", Lines)]
    [InlineData("tabs.dat", "4\t193\t7\t12\t14\r\n1\t7 \r\n0\r\n2 5  193\r\n2 6 8\r\n\r\n\r\n")]
    public void Lists_with_their_length_in_front_are_recognized_and_users_numbered_by_line(string name, string text)
    {
        foreach (var path in new[] { folder.Write(name, text), folder.WriteGzip(name + ".gz", text) })
        {
            var (data, report) = DatasetImport.ImportWithReport(DataOptions.From(path));
            report.Format.ShouldBe(DataFormat.CountedLines);
            data.Pairs().ShouldBe(["0 193", "0 7", "0 12", "0 14", "1 7", "3 5", "3 193", "4 6", "4 8"]);
            data.Items.Ids.ShouldBe(["5", "6", "7", "8", "12", "14", "193"]);
            report.Warnings.ShouldContain(warning => warning.Contains("1 users of") && warning.Contains("empty list, such as '2'"));
        }
    }

    [Theory]
    [InlineData("0 10 11 12 13\n1 11 \n2\n3 13 10\n")] // users, of whom some happen to have as many items as they are called
    [InlineData("4 1 2 3 4\n2 7 8\n1 9\n7 1\n")]
    public void One_line_that_does_not_begin_with_its_length_makes_it_a_line_a_user(string text) =>
        DatasetImport.ImportWithReport(DataOptions.From(folder.Write("lines.txt", text))).Report.Format.ShouldBe(DataFormat.UserLines);

    [Fact]
    public void A_table_of_two_columns_is_not_taken_for_lists_of_one() =>
        DatasetImport.ImportWithReport(DataOptions.From(folder.Write("pairs.txt", "1 7\n1 8\n1 9\n"))).Report.Format.ShouldBe(DataFormat.Csv);

    [Theory]
    [InlineData("2 5 6\n3 7 8\n1 9\n0 1\n", "line 2: begins with '3', and 2 more follow", "1 more lines are unlike that")]
    [InlineData("2 5 6\nann 7\n", "line 2: begins with 'ann'", "user-lines")]
    [InlineData("2 5 6\n\n1 9\n", "line 2: begins with ''", "0 where there are none")]
    public void A_wrong_count_is_an_error_that_names_the_line(string text, params string[] said)
    {
        var path = folder.Write("users.dat", text);
        var message = Should.Throw<InputException>(() => DatasetImport.Import(new DataOptions { Paths = [path], Format = DataFormat.CountedLines })).Message;
        foreach (var part in said)
        {
            message.ShouldContain(part);
        }
    }

    [Fact]
    public void Items_have_the_categories_whose_lines_list_them()
    {
        var users = folder.Write("users.dat", Lines);
        var tags = folder.WriteGzip("tags.dat.gz", "2 193 7\n0\n3 7 99 7\n1 12\n");

        var (data, report) = DatasetImport.ImportWithReport(new DataOptions { Paths = [users], ItemLists = new Dictionary<string, string> { ["tags"] = tags } });

        // 5, 6, 7, 8, 12, 14, 193
        Expect.Sets(data.ItemFeatures!, "tags").ShouldBe(["", "", "0|2", "", "3", "", "0"]);
        report.Columns.ShouldContain(new RecognizedColumn(tags, "tags", "multi-categorical"));
        report.Sources.ShouldBe([users, tags]);
        report.Warnings.ShouldContain(warning => warning.Contains("4 of 7 items") && warning.Contains(tags));
    }

    [Fact]
    public void Lists_stand_beside_the_features_of_an_item_file()
    {
        var ratings = folder.Write("ratings.csv", "user,item\n1,5\n2,9\n");
        var items = folder.Write("items.csv", "item,price\n5,2\n9,3\n");
        var (genres, price) = (folder.Write("genres.dat", "1 9\n2 5 9\n"), folder.Write("price.dat", "1 9\n"));
        var options = new DataOptions { Paths = [ratings], ItemFile = items, ItemLists = new Dictionary<string, string> { ["genres"] = genres } };

        var features = DatasetImport.Import(options).ItemFeatures!;

        Expect.Numbers(features, "price").ShouldBe([2, 3]);
        Expect.Sets(features, "genres").ShouldBe(["1", "0|1"]);
        Should.Throw<InputException>(() => DatasetImport.Import(options with { ItemLists = new Dictionary<string, string> { ["Price"] = price } })).Message.ShouldContain("two features 'price'");
        Should.Throw<InputException>(() => DatasetImport.Import(options with { ItemLists = new Dictionary<string, string> { ["a"] = folder.At("none.dat") } })).Message.ShouldContain("does not exist");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Items_have_the_words_of_their_line_with_counts(bool named)
    {
        var users = folder.Write("users.dat", "3 0 1 2\n2 2 3\n1 0\n2 1 0\n5 0 1 2 3 5\n");
        var bags = folder.WriteGzip("mult.dat.gz", "2 2:1 0:3\n0\n3 1:1 3:2.5 1:1\n1 3:1\n1 2:9\n");
        var words = folder.Write("vocabulary.dat", "graph\n time\nis:a\nnon-normal");
        var bag = named ? $"{bags}|{words}" : bags;

        var (data, report) = DatasetImport.ImportWithReport(new DataOptions { Paths = [users], ItemBags = new Dictionary<string, string> { ["words"] = bag } });

        // Items 0, 1, 2, 3, 5: the line of item 4 is nobody's, and item 5 has none.
        var column = (MultiCategoricalColumn)data.ItemFeatures!.Find("words")!;
        Enumerable.Range(0, 5).Select(item => string.Join(' ', column.Values[item].ToArray().Zip(column.Values.RowValues(item).ToArray(), (word, count) => FormattableString.Invariant($"{column.Categories[word]}={count}")).Order()))
            .ShouldBe(named ? ["graph=3 is:a=1", "", "non-normal=2.5 time=2", "non-normal=1", ""] : ["0=3 2=1", "", "1=2 3=2.5", "3=1", ""]);
        report.Warnings.ShouldContain(warning => warning.Contains("1 of 5 items, such as '5'") && warning.Contains(bags));
        DatasetImport.Import(new DataOptions { Paths = [users], ItemBags = new Dictionary<string, string> { ["words"] = bag }, Catalog = CatalogScope.ItemFile }).Items.Ids.ShouldBe(["0", "1", "2", "3", "4", "5"]);
        var kind = new DataOptions { Paths = [users], ItemBags = new Dictionary<string, string> { ["words"] = bag }, Features = new Dictionary<string, string> { ["words"] = "multi-categorical" } };
        ((MultiCategoricalColumn)DatasetImport.Import(kind).ItemFeatures!.Find("words")!).Values.Values.ToArray().ShouldBe(column.Values.Values.ToArray());
    }

    [Theory]
    [InlineData("1 0:1\n2 5 1:2\n1 7\n", "a\nb\n", "line 2: '5' is no word and count", "1 more entries", "itemLists")]
    [InlineData("1 0:1\n2 1:x 1:2\n", "a\nb\n", "'1:x'")]
    [InlineData("1 0:1\n2 1:2\n", "a\nb\n", "line 2: begins with '2', and 1 more follow")]
    [InlineData("1 0:1\n2 1:2 2:1\n", "a\nb\n", "line 2: has the word 2", "from 0 to 1")]
    [InlineData("1 0:1\n2 1:2 2:1\n", "a\nb\na\n", "vocabulary.dat, lines 1 and 3: the word 'a' is there twice")]
    [InlineData("1 0:1\n2 1:2 2:1\n", "a\n\nb\n", "vocabulary.dat, line 2: names no word")]
    public void What_is_wrong_with_a_bag_of_words_is_said_with_its_line(string bags, string words, params string[] said)
    {
        var (users, mult, vocabulary) = (folder.Write("users.dat", Lines), folder.Write("mult.dat", bags), folder.Write("vocabulary.dat", words));
        var options = new DataOptions { Paths = [users], ItemBags = new Dictionary<string, string> { ["words"] = $"{mult} | {vocabulary}" } };
        var message = Should.Throw<InputException>(() => DatasetImport.Import(options)).Message;
        foreach (var part in said)
        {
            message.ShouldContain(part);
        }
    }

    [Fact]
    public void A_bag_cannot_take_the_name_of_another_feature_or_of_the_items()
    {
        var (users, bag, tags) = (folder.Write("users.dat", Lines), folder.Write("mult.dat", "1 0:1\n"), folder.Write("tags.dat", "1 7\n"));
        var options = new DataOptions { Paths = [users], ItemBags = new Dictionary<string, string> { ["Tags"] = bag }, ItemLists = new Dictionary<string, string> { ["tags"] = tags } };
        Should.Throw<InputException>(() => DatasetImport.Import(options)).Message.ShouldContain("itemBags");
        Should.Throw<InputException>(() => DatasetImport.Import(options with { ItemBags = new Dictionary<string, string> { ["item_id"] = bag } })).Message.ShouldContain("cannot be called");
        Should.Throw<InputException>(() => DatasetImport.Import(options with { ItemBags = new Dictionary<string, string> { ["w"] = $"{bag}|{folder.At("none")}" } })).Message.ShouldContain("does not exist");
    }
}
