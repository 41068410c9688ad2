using Tastemaker.Data.Import.Columns;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import.Formats;

/// <summary>Bags of words of items, a line an item, as the articles of CiteULike have: a set of categories with counts as weights.</summary>
internal static class ItemBags
{
    private const string Entry = @"[0-9]+:([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?";

    /// <summary>The bags that the options name.</summary>
    public static IEnumerable<EntitySource> Open(DuckDbSession session, DataOptions options) =>
        options.ItemBags.Select((pair, index) => Open(session, pair.Key, FilePair.Parse(pair.Value), $"item_bag_{index}"));

    private static EntitySource Open(DuckDbSession session, string name, FilePair files, string table)
    {
        if (string.Equals(name, ItemLists.Key, StringComparison.OrdinalIgnoreCase))
        {
            throw new InputException($"A bag of words cannot be called {ItemLists.Key}; give it another name in the option itemBags.");
        }

        var path = One(name, files.First);
        CountedLinesFormat.Load(session, path, table);
        CheckEntries(session, path, table);
        // A word that a line has twice is there as often as both say.
        session.Execute(
            $"CREATE OR REPLACE TEMP TABLE {table}_words AS SELECT n, word, sum(times) AS times FROM (SELECT n, CAST(split_part(entry, ':', 1) AS BIGINT) AS word, "
            + $"CAST(split_part(entry, ':', 2) AS DOUBLE) AS times FROM (SELECT n, unnest(cells[2:]) AS entry FROM {table})) GROUP BY n, word");
        var (label, join) = files.Second is null ? ("word", "") : ("name", $" JOIN {Names(session, path, One(name, files.Second), table)} USING (word)");
        var relation = QueryRelation.Describe(
            session,
            path,
            $"(SELECT CAST(n - 1 AS VARCHAR) AS {ItemLists.Key}, words AS {DuckDbSession.Name(name)} FROM {table} LEFT JOIN "
            + $"(SELECT n, list({label} || ':' || times ORDER BY word) AS words FROM {table}_words{join} GROUP BY n) USING (n))");
        var plan = new FeaturePlan(relation.Columns[1], FeatureKind.MultiCategorical, FeaturePlan.ListSeparator, Weighted: true);
        return new EntitySource(relation, relation.Columns[0], new Dictionary<string, FeaturePlan> { [plan.Column.Name] = plan }) { IsCatalog = true };
    }

    private static string One(string name, string path)
    {
        var files = SourceFile.Expand([path]);
        return files.Count == 1 ? files[0] : throw new InputException($"The words of '{name}' are read from one file, but {path} are {files.Count}.");
    }

    private static void CheckEntries(DuckDbSession session, string path, string table)
    {
        var odd = session.Rows(
            $"SELECT n, entry FROM (SELECT n, unnest(cells[2:]) AS entry FROM {table}) WHERE NOT regexp_full_match(entry, {DuckDbSession.Literal(Entry)}) ORDER BY n");
        if (odd.Count > 0)
        {
            throw new InputException(
                $"{path}, line {odd[0][0]}: '{odd[0][1]}' is no word and count. In a bag of words a line is the number of its words and then each as word:count, such as '2 17:1 4:3'"
                + $"{(odd.Count > 1 ? $"; {odd.Count - 1:N0} more entries are unlike that" : "")}. If the file lists items by category, name it under itemLists.");
        }
    }

    // A table of words by number from 0 and their names.
    private static string Names(DuckDbSession session, string path, string file, string table)
    {
        var names = $"{table}_names";
        try
        {
            session.Execute($"CREATE OR REPLACE TEMP TABLE {names} AS SELECT n - 1 AS word, array_to_string(coalesce(cells, ['']), ' ') AS name FROM ({NumberLines.Sql(file)})");
        }
        catch (QueryFailedException failure)
        {
            throw new InputException($"{file} cannot be read: {failure.Summary}", failure);
        }

        var twice = session.Rows($"SELECT name, min(word) + 1, max(word) + 1 FROM {names} WHERE word IN (SELECT word FROM {table}_words) GROUP BY name HAVING count(*) > 1 OR name = '' ORDER BY 2");
        if (twice.Count > 0)
        {
            throw new InputException(twice[0][0] is "" ? $"{file}, line {twice[0][1]}: names no word, but {path} has one there."
                : $"{file}, lines {twice[0][1]} and {twice[0][2]}: the word '{twice[0][0]}' is there twice. Words must be distinct.");
        }

        var unnamed = session.Rows($"SELECT n, word FROM {table}_words WHERE word NOT IN (SELECT word FROM {names}) ORDER BY n, word");
        return unnamed.Count == 0 ? names : throw new InputException(
            $"{path}, line {unnamed[0][0]}: has the word {unnamed[0][1]}, but {file} names the words from 0 to {session.Rows($"SELECT max(word) FROM {names}")[0][0]}. The two do not belong together.");
    }
}
