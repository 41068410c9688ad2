using System.Text.RegularExpressions;

namespace Tastemaker.Tests.Documentation;

/// <summary>Code, messages and pages speak the field's words in American spelling: words that were replaced do not come back.</summary>
public partial class WordTests
{
    // Pages that are written from runs repeat the labels of recipes, by which kept results are found.
    private static readonly string[] Generated = ["results.md", "tuning-results.md"];

    [Fact]
    public void Sources_and_pages_are_spelled_as_Americans_do() =>
        Found(SourceFiles().Concat(Pages()), British()).ShouldBeEmpty();

    [Fact]
    public void Comments_and_pages_use_the_terms_of_the_field() =>
        Found(SourceFiles().Select(file => (file.Name, string.Join('\n', file.Text.Split('\n').Select(Comment)))).Concat(Pages()), Replaced()).ShouldBeEmpty();

    [Theory]
    [InlineData("matrix factorisation", true)]
    [InlineData("matrix factorization of neighbors", false)]
    [InlineData("the colour of", true)]
    public void British_spelling_is_seen(string text, bool expected) => British().IsMatch(text).ShouldBe(expected);

    [Theory]
    [InlineData("var strangers = Count(); // of new users", false)]
    [InlineData("/// <summary>Strangers are folded in.</summary>", true)]
    [InlineData("// Features of the asker and the occasion.", true)]
    [InlineData("var url = \"http://stranger\";", false)]
    public void Comments_are_read_and_code_is_not(string line, bool expected) => Replaced().IsMatch(Comment(line)).ShouldBe(expected);

    private static IEnumerable<string> Found(IEnumerable<(string Name, string Text)> files, Regex words) =>
        from file in files
        from match in words.Matches(file.Text)
        select $"{file.Name}, line {file.Text.AsSpan(0, match.Index).Count('\n') + 1}: {match.Value}";

    private static string Comment(string line) => CommentStart().Match(line) is { Success: true } start ? line[start.Index..] : "";

    private static IEnumerable<(string Name, string Text)> SourceFiles() =>
        from path in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
        where !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal) && !path.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
        select (Path.GetRelativePath(Repository.Root, path), File.ReadAllText(path));

    // What stands between backticks or is indented is code.
    private static IEnumerable<(string Name, string Text)> Pages() =>
        from path in Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md").Append(Path.Combine(Repository.Root, "README.md"))
        where !Generated.Contains(Path.GetFileName(path))
        select (Path.GetRelativePath(Repository.Root, path), Code().Replace(File.ReadAllText(path), match => new string('\n', match.Value.Count(letter => letter == '\n'))));

    [GeneratedRegex(@"factoris|(minim|maxim|recogn|summar)is[ei]|(regular|normal|initial|general|standard|personal|token|serial|parallel|marginal|quant)is(e|i|at)|optimis(e|i|at)(?!m)|neighbour|behaviour|favourite|colour", RegexOptions.IgnoreCase)]
    private static partial Regex British();

    [GeneratedRegex(@"\bstrangers?\b|\bstep sizes?\b|\btaken up\b|\btook up\b|\baskers?\b|\basking side\b|\boccasions?\b|items at rest|\bnumbers an? (user|item)", RegexOptions.IgnoreCase)]
    private static partial Regex Replaced();

    [GeneratedRegex(@"(?<=^\s*)//|(?<=\s)// ")]
    private static partial Regex CommentStart();

    [GeneratedRegex(@"```.*?```|`[^`\n]*`|^    [^\n]*", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Code();
}
