using System.Text;
using Microsoft.Data.Sqlite;
using Tastemaker.Data;
using Tastemaker.Data.Import;

namespace Tastemaker.Core.Tests.Data.Import;

public sealed class ImportFormatTests : IDisposable
{
    private const string Reference = "user_id,item_id,rating,timestamp\n10,b,4.5,1000000000\n9,\"a,a\",3,1000000060\n10,c,1,1000000120\n9,b,2,1000000000\n";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Columns_values_times_and_vocabularies_are_what_the_file_says()
    {
        var data = DatasetImport.Import(folder.Write("r.csv", Reference));

        data.Name.ShouldBe("r");
        data.Users.Ids.ShouldBe(["9", "10"]); // whole numbers: ascending
        data.Items.Ids.ShouldBe(["b", "a,a", "c"]); // words: as they came
        data.Interactions.Users.ToArray().ShouldBe([1, 0, 1, 0]);
        data.Interactions.Items.ToArray().ShouldBe([0, 1, 2, 0]);
        data.Interactions.Values.ToArray().ShouldBe([4.5f, 3, 1, 2]);
        data.Interactions.Times.ToArray().Select(Timestamps.Seconds).ShouldBe([1000000000, 1000000060, 1000000120, 1000000000]);
        data.InteractionFeatures.ShouldBeNull();
    }

    [Theory]
    [InlineData("tabs.tsv", "user\titem\trating\ttime\n10\tb\t4.5\t1000000000\n9\ta,a\t3\t1000000060\n10\tc\t1\t1000000120\n9\tb\t2\t1000000000\n")]
    [InlineData("no-header.tsv", "10\tb\t4.5\t1000000000\n9\ta,a\t3\t1000000060\n10\tc\t1\t1000000120\n9\tb\t2\t1000000000\n")]
    [InlineData("colons.dat", "10::b::4.5::1000000000\n9::a,a::3::1000000060\n10::c::1::1000000120\n9::b::2::1000000000\n")]
    [InlineData("semicolons.csv", "userId;movieId;rating;date\n10;b;4.5;2001-09-09T01:46:40Z\n9;a,a;3;2001-09-09T01:47:40Z\n10;c;1;2001-09-09T01:48:40Z\n9;b;2;2001-09-09T01:46:40Z\n")]
    [InlineData("pipes.txt", "uid|iid|score|ts\n10|b|4.5|1000000000\n9|a,a|3|1000000060\n10|c|1|1000000120\n9|b|2|1000000000\n")]
    [InlineData("windows.csv", "\uFEFFUserID,ItemID,Rating,Timestamp\r\n10,b,4.5,1000000000\r\n9,\"a,a\",3,1000000060\r\n10,c,1,1000000120\r\n9,b,2,1000000000\r\n")]
    [InlineData("windows-no-header.csv", "\uFEFF10,b,4.5,1000000000\r\n9,\"a,a\",3,1000000060\r\n10,c,1,1000000120\r\n9,b,2,1000000000\r\n")]
    [InlineData("no-last-newline.csv", "user,item,value,time\n10,b,4.5,1000000000\n9,\"a,a\",3,1000000060\n10,c,1,1000000120\n9,b,2,1000000000")]
    [InlineData("all-quoted.csv", "\"user\",\"item\",\"value\",\"time\"\n\"10\",\"b\",\"4.5\",\"1000000000\"\n\"9\",\"a,a\",\"3\",\"1000000060\"\n\"10\",\"c\",\"1\",\"1000000120\"\n\"9\",\"b\",\"2\",\"1000000000\"\n")]
    [InlineData("lines.jsonl", "{\"user_id\":10,\"item_id\":\"b\",\"rating\":4.5,\"time\":1000000000}\n{\"user_id\":9,\"item_id\":\"a,a\",\"rating\":3,\"time\":1000000060}\n{\"user_id\":10,\"item_id\":\"c\",\"rating\":1,\"time\":1000000120}\n{\"user_id\":9,\"item_id\":\"b\",\"rating\":2,\"time\":1000000000}\n")]
    [InlineData("array.json", "[{\"user_id\":10,\"item_id\":\"b\",\"rating\":4.5,\"time\":1000000000},{\"user_id\":9,\"item_id\":\"a,a\",\"rating\":3,\"time\":1000000060},{\"user_id\":10,\"item_id\":\"c\",\"rating\":1,\"time\":1000000120},{\"user_id\":9,\"item_id\":\"b\",\"rating\":2,\"time\":1000000000}]")]
    [InlineData("r.inter", "user_id:token\titem_id:token\trating:float\ttimestamp:float\n10\tb\t4.5\t1000000000\n9\ta,a\t3\t1000000060\n10\tc\t1\t1000000120\n9\tb\t2\t1000000000\n")]
    public void The_same_data_has_one_fingerprint_in_every_layout(string name, string text)
    {
        var expected = DatasetImport.Import(folder.Write("reference.csv", Reference)).Fingerprint;

        DatasetImport.Import(folder.Write(name, text)).Fingerprint.ShouldBe(expected);
        DatasetImport.Import(folder.WriteGzip(name + ".gz", text)).Fingerprint.ShouldBe(expected);
    }

    [Fact]
    public void Parquet_with_typed_columns_gives_the_same_data()
    {
        var expected = DatasetImport.Import(folder.Write("reference.csv", Reference)).Fingerprint;
        var rows = "(VALUES (10::BIGINT, 'b', 4.5::DECIMAL(3,1), TIMESTAMP '2001-09-09 01:46:40'), (9, 'a,a', 3, TIMESTAMP '2001-09-09 01:47:40'), " +
            "(10, 'c', 1, TIMESTAMP '2001-09-09 01:48:40'), (9, 'b', 2, TIMESTAMP '2001-09-09 01:46:40')) t";
        var path = folder.WriteParquet("r.parquet", $"SELECT * FROM {rows}(user_id, item_id, rating, time)");
        var floating = folder.WriteParquet("f.parquet", $"SELECT user_id::DOUBLE AS user_id, item_id, rating::FLOAT AS rating, epoch(time)::BIGINT AS time FROM {rows}(user_id, item_id, rating, time)");

        DatasetImport.Import(path).Fingerprint.ShouldBe(expected);
        DatasetImport.Import(floating).Fingerprint.ShouldBe(expected);
    }

    [Fact]
    public void A_query_against_sqlite_gives_the_same_data()
    {
        var expected = DatasetImport.Import(folder.Write("reference.csv", Reference)).Fingerprint;
        using (var connection = new SqliteConnection($"Data Source={folder.At("shop.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE r(u INTEGER, i TEXT, v REAL, t INTEGER); " +
                "INSERT INTO r VALUES (10,'b',4.5,1000000000),(9,'a,a',3,1000000060),(10,'c',1,1000000120),(9,'b',2,1000000000)";
            command.ExecuteNonQuery();
        }

        var options = new DataOptions { Paths = [$"sqlite:{folder.At("shop.db")}"], Query = "SELECT u AS user_id, i AS item_id, v AS rating, t AS time FROM r ORDER BY rowid;" };
        var (data, report) = DatasetImport.ImportWithReport(options);

        data.Fingerprint.ShouldBe(expected);
        data.Name.ShouldBe("shop");
        report.Format.ShouldBe(DataFormat.Sqlite);
    }

    [Fact]
    public void A_query_against_postgres_gives_the_same_data()
    {
        // Not part of the default run: it needs a server.
        var connection = Environment.GetEnvironmentVariable("TASTEMAKER_TEST_POSTGRES");
        Assert.SkipWhen(string.IsNullOrEmpty(connection), "TASTEMAKER_TEST_POSTGRES names no PostgreSQL server.");
        var expected = DatasetImport.Import(folder.Write("reference.csv", Reference)).Fingerprint;

        var options = new DataOptions
        {
            Paths = [$"postgres:{connection}"],
            Query = "SELECT * FROM (VALUES (10,'b',4.5,TIMESTAMPTZ '2001-09-09 01:46:40Z'),(9,'a,a',3,'2001-09-09 01:47:40Z'),(10,'c',1,'2001-09-09 01:48:40Z')," +
                "(9,'b',2,'2001-09-09 01:46:40Z')) v(user_id, item_id, rating, time)",
        };
        DatasetImport.Import(options).Fingerprint.ShouldBe(expected);
    }

    [Fact]
    public void Several_files_are_read_in_order_and_wildcards_are_expanded()
    {
        folder.Write("part-1.csv", "user,item\nx,1\ny,2\n");
        folder.Write("part-2.csv", "user,item\nz,1\n");

        var data = DatasetImport.Import(folder.At("part-*.csv"));

        data.Users.Ids.ShouldBe(["x", "y", "z"]);
        data.Interactions.Count.ShouldBe(3);
    }

    [Fact]
    public void Latin1_text_is_read_with_a_warning_and_asked_for_without()
    {
        var path = folder.Write("latin.csv", "user,item\n1,caf\u00e9\n2,th\u00e9\n", Encoding.Latin1);

        var (data, report) = DatasetImport.ImportWithReport(DataOptions.From(path));
        data.Items.Ids.ShouldBe(["caf\u00e9", "th\u00e9"]);
        report.Warnings.ShouldContain(warning => warning.Contains("windows-1252"));

        var asked = DatasetImport.ImportWithReport(new DataOptions { Paths = [path], Encoding = TextEncoding.Latin1 });
        asked.Dataset.Fingerprint.ShouldBe(data.Fingerprint);
        asked.Report.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Columns_are_chosen_by_name_position_and_none()
    {
        var path = folder.Write("log.csv", "a,b,c,d\n5,2001-09-09 01:46:40,x,7\n6,2001-09-09 01:46:41,y,8\n");

        var data = DatasetImport.Import(new DataOptions { Paths = [path], User = "1", Item = "c", Time = "B", Value = "none", Features = Ignore("d") });

        data.Users.Ids.ShouldBe(["5", "6"]);
        data.Items.Ids.ShouldBe(["x", "y"]);
        data.Interactions.HasValues.ShouldBeFalse();
        data.Interactions.Times.ToArray().Select(Timestamps.Seconds).ShouldBe([1000000000, 1000000001]);
        data.InteractionFeatures.ShouldBeNull();
    }

    [Fact]
    public void Sessions_are_users()
    {
        var data = DatasetImport.Import(folder.Write("clicks.tsv", "SessionId\tItemId\tTime\n11\t214\t1396437466.277\n11\t215\t1396437467.5\n12\t214\t1396437468.1\n"));

        data.Users.Ids.ShouldBe(["11", "12"]);
        data.Interactions.HasValues.ShouldBeFalse();
        data.Interactions.Times.ToArray().Select(Timestamps.Seconds).ShouldBe([1396437466, 1396437467, 1396437468]);
    }

    [Fact]
    public void MovieLens_100K_has_titles_genres_and_users()
    {
        folder.Write("u.data", "196\t2\t3\t881250949\n186\t1\t3\t891717742\n");
        folder.Write("u.item", "1|Toy Story (1995)|01-Jan-1995||http://x|0|0|0|1|1|1|0|0|0|0|0|0|0|0|0|0|0|0|0\n" +
            "2|Caf\u00e9 \"Noir\" (1995)|01-Jan-1995||http://y|0|1|1|0|0|0|0|0|0|0|0|0|0|0|0|0|1|0|0\n", Encoding.Latin1);
        folder.Write("u.user", "186|24|M|technician|00501\n196|49|F|writer|T8H1N\n");

        var (data, report) = DatasetImport.ImportWithReport(DataOptions.From(folder.Path));

        report.Format.ShouldBe(DataFormat.MovieLens);
        data.Items.Ids.ShouldBe(["1", "2"]);
        data.ItemTitles!.Values.ShouldBe(["Toy Story (1995)", "Caf\u00e9 \"Noir\" (1995)"]);
        Expect.Sets(data.ItemFeatures!, "genres").ShouldBe(["Animation|Children's|Comedy", "Action|Adventure|Thriller"]);
        Expect.Categories(data.UserFeatures!, "zip_code").ShouldBe(["00501", "T8H1N"]);
        Expect.Numbers(data.UserFeatures!, "age").ShouldBe([24, 49]);
        DatasetImport.Import(folder.At("u.data")).Fingerprint.ShouldBe(data.Fingerprint);
    }

    [Fact]
    public void MovieLens_1M_has_titles_genres_and_users()
    {
        folder.Write("ratings.dat", "1::1193::5::978300760\n1::661::3::978302109\n2::661::4::978302110\n");
        folder.Write("movies.dat", "661::James and the \"Giant\" Peach (1996)::Animation|Children's\n1193::Mis\u00e9rables::Drama\n", Encoding.Latin1);
        folder.Write("users.dat", "1::F::1::10::48067\n2::M::56::16::70072\n");

        var data = DatasetImport.Import(folder.Path);

        data.Items.Ids.ShouldBe(["661", "1193"]);
        data.ItemTitles!.Values.ShouldBe(["James and the \"Giant\" Peach (1996)", "Mis\u00e9rables"]);
        Expect.Sets(data.ItemFeatures!, "genres").ShouldBe(["Animation|Children's", "Drama"]);
        Expect.Categories(data.UserFeatures!, "occupation").ShouldBe(["10", "16"]);
    }

    [Fact]
    public void MovieLens_folders_of_csv_files_have_genres_and_tags()
    {
        folder.Write("ratings.csv", "userId,movieId,rating,timestamp\n1,31,2.5,1260759144\n1,1029,3.0,1260759179\n");
        folder.Write("movies.csv", "movieId,title,genres\n31,\"American President, The (1995)\",Comedy|Drama\n1029,Dumbo (1941),(no genres listed)\n");
        folder.Write("tags.csv", "userId,movieId,tag,timestamp\n15,31,politics,1\n16,31,love,2\n17,31,politics,3\n");

        var data = DatasetImport.Import(folder.Path);

        data.ItemTitles!.Values[0].ShouldBe("American President, The (1995)");
        Expect.Sets(data.ItemFeatures!, "genres").ShouldBe(["Comedy|Drama", ""]);
        Expect.Sets(data.ItemFeatures!, "tags").ShouldBe(["love|politics", ""]);
    }

    [Fact]
    public void RecBole_types_rule_the_features()
    {
        folder.Write("set.inter", "user_id:token\titem_id:token\thour:token\n1\t7\t03\n2\t8\t11\n");
        folder.Write("set.item", "item_id:token\tmovie_title:token_seq\tclass:token_seq\tyear:token\tvector:float_seq\n7\tToy Story\tAnimation Comedy\t1995\t0.5 1\n8\tHeat\tAction\t1996\t2 3.5\n");
        folder.Write("set.user", "user_id:token\tage:float\n1\t24\n2\t53\n");

        var data = DatasetImport.Import(folder.Path);

        data.ItemTitles!.Values.ShouldBe(["Toy Story", "Heat"]);
        Expect.Sets(data.ItemFeatures!, "class").ShouldBe(["Animation|Comedy", "Action"]);
        Expect.Categories(data.ItemFeatures!, "year").ShouldBe(["1995", "1996"]);
        Expect.Numbers(data.ItemFeatures!, "vector_1").ShouldBe([0.5f, 2]);
        Expect.Numbers(data.ItemFeatures!, "vector_2").ShouldBe([1, 3.5f]);
        Expect.Numbers(data.UserFeatures!, "age").ShouldBe([24, 53]);
        Expect.Categories(data.InteractionFeatures!, "hour").ShouldBe(["03", "11"]);
    }

    [Fact]
    public void Dst_lines_are_taken_apart()
    {
        var path = folder.Write("web.data", "I,4,\"www.microsoft.com\",\"created by getlog.pl\"\nT,1,\"VRoot\",0,0,\"VRoot\",\"VRoot\"\nN,0,\"0\"\n" +
            "A,1287,1,\"International AutoRoute\",\"/autoroute\"\nA,1000,1,\"Regwiz\",\"/regwiz\"\nC,\"10002\",10002\nV,1287,1\nV,1000,1\nC,\"10001\",10001\nV,1000,1\n");

        var data = DatasetImport.Import(path);

        data.Users.Ids.ShouldBe(["10001", "10002"]);
        data.Items.Ids.ShouldBe(["1000", "1287"]);
        data.Interactions.Users.ToArray().ShouldBe([1, 1, 0]);
        data.Interactions.Items.ToArray().ShouldBe([1, 0, 0]);
        data.ItemTitles!.Values.ShouldBe(["Regwiz", "International AutoRoute"]);
    }

    [Fact]
    public void The_shipped_sample_is_read_with_all_that_belongs_to_it()
    {
        var data = DatasetImport.Import(Expect.RepositoryFile("data/ml-latest-small"));

        (data.Interactions.Count, data.Users.Count, data.Items.Count).ShouldBe((100_004, 671, 9_066));
        data.ItemTitles!.Values[data.Items.IndexOf("1")].ShouldBe("Toy Story (1995)");
    }

    private static Dictionary<string, string> Ignore(string column) => new() { [column] = "ignore" };
}
