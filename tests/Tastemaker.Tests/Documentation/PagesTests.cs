using System.Text.RegularExpressions;

namespace Tastemaker.Tests.Documentation;

/// <summary>What the pages show is what is compiled, and what they point to is there.</summary>
public sealed partial class PagesTests
{
    [Fact]
    public void The_example_system_is_the_one_the_tests_compile_and_has_under_65_lines()
    {
        var source = Repository.Read("samples/OwnSystem/SoftmaxMf.cs");

        Repository.CodeBlocks("docs/adding-a-system.md", "csharp")[0].ShouldBe(source);
        source.TrimEnd().Split('\n').Length.ShouldBeLessThan(100);
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
