using Tastemaker.Data.Import;

namespace Tastemaker.Core.Tests.Data.Import;

public sealed class GraphTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Users_have_the_set_of_those_their_edges_lead_to()
    {
        var ratings = folder.Write("ratings.csv", "user,item\nann,x\nbob,y\ncat,x\n");
        var friends = folder.WriteGzip("friends.tsv.gz", "ann\tbob\nann\tcat\nbob\tann\nann\tbob\nbob\tbob\ndan\tann\n");

        var (data, report) = DatasetImport.ImportWithReport(Options(ratings, "social", friends));

        Expect.Sets(data.UserFeatures!, "social").ShouldBe(["bob|cat", "ann", ""]); // an edge to oneself is none
        data.ItemFeatures.ShouldBeNull();
        report.Sources.ShouldContain(friends);
        report.Warnings.ShouldContain(warning => warning.Contains("1 of 3 users") && warning.Contains(friends));
    }

    [Fact]
    public void Whose_graph_it_is_must_be_said_where_users_and_items_are_called_alike()
    {
        var ratings = folder.Write("ratings.csv", "user,item\n1,2\n2,1\n");
        var edges = folder.Write("edges.csv", "from,to\n1,2\n");

        Should.Throw<InputException>(() => DatasetImport.Import(Options(ratings, "related", edges))).Message.ShouldContain("call it user.related or item.related");
        Expect.Sets(DatasetImport.Import(Options(ratings, "item.related", edges)).ItemFeatures!, "related").ShouldBe(["2", ""]);
        Should.Throw<InputException>(() => DatasetImport.Import(Options(ratings, "user.", edges))).Message.ShouldContain("such as user.social");
        Should.Throw<InputException>(() => DatasetImport.Import(Options(ratings, "social", folder.Write("odd.csv", "from,to\nnobody,2\n")))).Message.ShouldContain("such as 'nobody', is a user or an item");
    }

    [Fact]
    public void Each_relation_of_a_knowledge_graph_is_a_set_of_its_own()
    {
        var ratings = folder.Write("ratings.csv", "user,item\nann,x\nbob,y\n");
        var graph = folder.Write("music.kg", "head_id:token\trelation_id:token\ttail_id:token\ne1\tartist\te7\ne1\tgenre\te8\ne2\tgenre\te8\ne2\tgenre\te9\ne5\tgenre\te9\n");
        var links = folder.Write("music.link", "item_id:token\tentity_id:token\nx\te1\ny\te2\n");

        var features = DatasetImport.Import(Options(ratings, "kg", $"{graph}|{links}")).ItemFeatures!;

        features.Columns.Select(column => column.Name).ShouldBe(["kg.artist", "kg.genre"]);
        Expect.Sets(features, "kg.artist").ShouldBe(["e7", ""]);
        Expect.Sets(features, "kg.genre").ShouldBe(["e8", "e8|e9"]);
    }

    [Fact]
    public void What_is_no_graph_is_refused_with_what_one_looks_like()
    {
        var ratings = folder.Write("ratings.csv", "user,item\nann,x\nbob,y\n");
        var (one, four) = (folder.Write("one.csv", "user\nann\n"), folder.Write("four.csv", "a,b,c,d\n1,2,3,4\n"));
        var links = folder.Write("music.link", "item_id:token\tentity_id:token\nx\te1\n");

        Should.Throw<InputException>(() => DatasetImport.Import(Options(ratings, "social", one))).Message.ShouldContain("single column");
        Should.Throw<InputException>(() => DatasetImport.Import(Options(ratings, "social", four))).Message.ShouldContain("has 4 columns");
        Should.Throw<InputException>(() => DatasetImport.Import(Options(ratings, "social", $"{folder.Write("two.csv", "from,to\nann,bob\n")}|{links}"))).Message.ShouldContain("name a knowledge graph");
        Should.Throw<InputException>(() => DatasetImport.Import(Options(ratings, "social", folder.At("none.csv")))).Message.ShouldContain("none.csv");
    }

    [Fact]
    public void Lines_that_are_no_edges_are_counted_or_an_error()
    {
        var ratings = folder.Write("ratings.csv", "user,item\nann,x\nbob,y\ncat,y\n");
        var edges = folder.Write("edges.csv", "from,to\nann,bob\nbob,\nann,cat,bob\n,cat\n");

        var (data, report) = DatasetImport.ImportWithReport(Options(ratings, "user.social", edges));

        Expect.Sets(data.UserFeatures!, "social").ShouldBe(["bob", "", ""]);
        report.Warnings.ShouldContain(warning => warning.Contains("2 lines of") && warning.Contains("blank end"));
        report.Warnings.ShouldContain(warning => warning.Contains("1 of 4 rows") && warning.Contains(edges));
        Should.Throw<InputException>(() => DatasetImport.Import(Options(ratings, "user.social", edges) with { OnBadRows = BadRowPolicy.Error })).Message.ShouldContain(edges);
    }

    [Fact]
    public void Blanks_around_identifiers_are_trimmed_before_edges_come_together()
    {
        var ratings = folder.Write("ratings.csv", "user,item\nann,x\nbob,y\ncat,y\n");
        var edges = folder.Write("edges.csv", "from,to\nann,bob\n ann,cat \n");

        Expect.Sets(DatasetImport.Import(Options(ratings, "user.social", edges) with { Trim = true }).UserFeatures!, "social").ShouldBe(["bob|cat", "", ""]);
    }

    [Fact]
    public void Weights_and_graphs_of_the_other_side_or_of_nobody_are_refused()
    {
        var ratings = folder.Write("ratings.csv", "user,item\nann,x\nbob,y\n");

        Should.Throw<InputException>(() => DatasetImport.Import(Options(ratings, "user.social", folder.Write("w.csv", "from,to,weight\nann,bob,0.5\n")))).Message.ShouldContain("edges have no weights");
        Should.Throw<InputException>(() => DatasetImport.Import(Options(ratings, "user.social", folder.Write("i.csv", "from,to\nx,y\n")))).Message.ShouldContain("call the graph item.social");
        Should.Throw<InputException>(() => DatasetImport.Import(Options(ratings, "item.kg", folder.Write("k.csv", "head,relation,tail\ne1,genre,g1\n")))).Message.ShouldContain("name the file that links items to entities too: GRAPH|LINKS");
    }

    [Fact]
    public void A_prepared_folder_refuses_files_that_it_would_not_read()
    {
        var ratings = folder.Write("ratings.csv", "user,item\nann,x\nbob,y\n");
        var edges = folder.Write("edges.csv", "from,to\nann,bob\n");
        PreparedData.Write(DatasetImport.Import(DataOptions.From(ratings)), folder.At("prepared"));

        Should.Throw<InputException>(() => DatasetImport.Import(Options(folder.At("prepared"), "user.social", edges))).Message.ShouldContain("import the sources again");
    }

    private static DataOptions Options(string ratings, string name, string path) => new() { Paths = [ratings], Graph = new Dictionary<string, string> { [name] = path } };
}
