using Tastemaker.Catalog;
using Tastemaker.Onnx.Files;
using Tastemaker.Systems;
using Tastemaker.Tests.Documentation;

namespace Tastemaker.Onnx.Tests;

public sealed class DocumentationTests
{
    [Fact]
    public void The_page_lists_the_systems_by_what_their_graphs_answer()
    {
        var rows = Repository.Read("docs/export.md").Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('|')).ToList();
        Row("anyone").ShouldBe(Named(reads: true));
        Row("known users").ShouldBe(Named(reads: false));
        Row("nobody").ShouldBe(SystemCatalog.Systems.Select(system => system.Id).Except(OnnxRecommender.Systems));

        string[] Row(string answers) => [.. rows.Single(row => row[2].Trim() == answers)[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => name.Trim('`'))];
    }

    [Fact]
    public void The_list_follows_the_catalog() =>
        OnnxRecommender.Systems.ShouldBe(SystemCatalog.Systems.Select(system => system.Id).Where(id => OnnxRecommender.Systems.Contains(id)));

    [Fact]
    public void A_graph_answers_no_more_than_its_system()
    {
        RecommenderMetadata.Answered(SystemCatalog.Find("ials"), readsHistories: false).ShouldBe(Capabilities.KnownUsers);
        RecommenderMetadata.Answered(SystemCatalog.Find("gru4rec"), readsHistories: true).ShouldBe(Capabilities.Histories);
        RecommenderMetadata.Answered(SystemCatalog.Find("two-tower"), readsHistories: false).ShouldBe(Capabilities.KnownUsers);
    }

    private static IEnumerable<string> Named(bool reads) => SystemCatalog.Systems.Where(system => system.Graph?.ReadsHistories == reads).Select(system => system.Id);
}
