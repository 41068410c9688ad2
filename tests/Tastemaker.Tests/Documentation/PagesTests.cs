using System.Text.RegularExpressions;

namespace Tastemaker.Tests.Documentation;

/// <summary>What the pages show is what is compiled, and what they point to is there.</summary>
public sealed partial class PagesTests
{
    [Theory]
    [InlineData("docs/adding-a-system.md", "samples/OwnSystem/SoftmaxMf.cs")]
    [InlineData("docs/adding-a-solver.md", "samples/OwnSystem/PureSvd.cs")]
    public void The_example_systems_are_those_the_tests_compile_and_have_under_120_lines(string page, string path)
    {
        var source = Repository.Read(path);

        Repository.CodeBlocks(page, "csharp")[0].ShouldBe(source);
        source.TrimEnd().Split('\n').Length.ShouldBeLessThan(120);
    }

    [Fact]
    public void The_game_that_the_page_reads_is_that_of_the_sources()
    {
        var sources = Repository.Read("src/Tastemaker/Models/Adversarial/Irgan.cs") + Repository.Read("src/Tastemaker/Models/Adversarial/IrganDiscriminator.cs");

        var blocks = Repository.CodeBlocks("docs/adding-a-game.md", "csharp");
        blocks.Count.ShouldBe(4);
        blocks.ShouldAllBe(block => sources.Contains(block));
    }

    [Fact]
    public void The_quick_start_shows_the_sample_that_is_built() =>
        Repository.CodeBlocks("docs/quick-start.md", "csharp")[0].ShouldBe(Repository.Read("samples/QuickStart/Program.cs"));

    [Fact]
    public void The_lines_of_the_readme_are_compiled()
    {
        var source = Repository.Read("tests/Tastemaker.Tests/Documentation/ReadmeExample.cs");
        string[] compiled = [.. source.Split('\n').Select(line => line.Trim())];

        string[] shown = [.. Repository.CodeBlocks("README.md", "csharp")[0].Split('\n').Where(line => line.Length > 0)];
        shown.ShouldNotBeEmpty();
        var first = Array.IndexOf(compiled, shown[0]);
        compiled[first..(first + shown.Length)].ShouldBe(shown);
    }

    [Fact]
    public void Every_relative_link_leads_somewhere()
    {
        string[] pages = [.. Directory.GetFiles(Repository.Root, "*.md"), .. Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)];
        var broken = from page in pages
                     from Match link in Link().Matches(File.ReadAllText(page))
                     let target = link.Groups[1].Value.Split('#')[0]
                     where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)
                     where !Path.Exists(Path.Combine(Path.GetDirectoryName(page)!, target))
                     select $"{Path.GetRelativePath(Repository.Root, page)}: {target}";

        pages.Length.ShouldBeGreaterThan(3);
        broken.ShouldBeEmpty();
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
