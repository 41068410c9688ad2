using System.Text.RegularExpressions;
using Tastemaker.Data.Import;
using Tastemaker.Data.Import.Formats;
using Tastemaker.Data.Locations;

namespace Tastemaker.Cli.Arguments;

/// <summary>The files and folders that options of data name, for outputs to keep away from.</summary>
internal static partial class DataInputs
{
    /// <summary>All of them, as far as they are on this machine.</summary>
    public static IReadOnlyList<string> Of(DataOptions options)
    {
        options = PublicData.Locate(options);
        var named = options.Paths.Select(path => Prefix().Replace(path, ""))
            .Concat(options.FilesBeside.Select(file => file.Path))
            .Concat(Words(Quoted(), options.Query, options.ItemQuery, options.UserQuery))
            .Concat(Words(Argument(), options.Split));
        return [.. named.OfType<string>().Where(path => path.Length > 0).SelectMany(Files)];
    }

    private static IEnumerable<string> Files(string path)
    {
        path = DataPath.Resolve(path);
        try
        {
            return Path.Exists(path) ? [path] : path.AsSpan().ContainsAny('*', '?') ? SourceFile.Expand([path]) : [];
        }
        catch (InputException)
        {
            return []; // which the import will say
        }
    }

    private static IEnumerable<string> Words(Regex pattern, params IEnumerable<string?> texts) =>
        texts.OfType<string>().SelectMany(text => pattern.Matches(text)).Select(found => found.Groups[1].Value.Trim());

    [GeneratedRegex("^(sqlite|duckdb):", RegexOptions.IgnoreCase)]
    private static partial Regex Prefix();

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Quoted();

    [GeneratedRegex("""[(,=|]\s*"?([^(),="|]+)""")]
    private static partial Regex Argument();
}
