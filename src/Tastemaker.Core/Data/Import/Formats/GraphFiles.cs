using System.Globalization;
using Tastemaker.Data.Import.Columns;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import.Formats;

/// <summary>A graph of users or items: for each of them, the set of nodes that its edges lead to.</summary>
/// <param name="Name">The name of the graph, without "user." or "item." in front.</param>
/// <param name="Side">"user" or "item" where the name begins so, else null.</param>
/// <param name="Edges">A row per node that has edges, with a set of nodes, or one set per relation.</param>
internal sealed record GraphSource(string Name, string? Side, EntitySource Edges)
{
    /// <summary>Remarks on the files for the user, such as the number of lines left out.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>"user" or "item": the side that the name states, else the side whose identifiers the edges start from. Reads the edges once.</summary>
    /// <exception cref="InputException">The edges start from identifiers of the other side only, of both sides, or of neither.</exception>
    public string Kind(DuckDbSession session, Vocabulary users, Vocabulary items, DataOptions options)
    {
        var reader = new EntityReader(session, Edges, options);
        var (ofUsers, ofItems) = reader.CountKnown(users, items);
        if (Side is not null && (Side == "user" ? ofUsers : ofItems) > 0)
        {
            return Side;
        }

        return (ofUsers, ofItems) switch
        {
            _ when Side is not null => throw new InputException($"{Edges.Relation.Label}: none of the identifiers at the start of its edges, such as '{reader.FirstKey()}', is {(Side == "user" ? "a user" : "an item")} of the data."
                + $"{((Side == "user" ? ofItems : ofUsers) > 0 ? $" They are {(Side == "user" ? "items" : "users")}: call the graph {(Side == "user" ? "item" : "user")}.{Name}." : " Check that the file and the data write identifiers alike. If heads are entities of a knowledge base, name the file that links items to entities too: GRAPH|LINKS.")}"),
            ( > 0, 0) => "user",
            (0, > 0) => "item",
            (0, 0) => throw new InputException($"{Edges.Relation.Label}: none of the identifiers at the start of its edges, such as '{reader.FirstKey()}', is a user or an item of the data. Check that the file and the data write identifiers alike."),
            _ => throw new InputException($"{Edges.Relation.Label}: its edges start from identifiers of users ({ofUsers:N0}) and of items ({ofItems:N0}). Say whose graph it is: call it user.{Name} or item.{Name} in the option graph."),
        };
    }
}

/// <summary>Files of edges: two columns (from, to), or three (head, relation, tail), where each relation becomes a feature of its own.</summary>
internal static class GraphFiles
{
    private const int MostRelations = 1000;

    private static readonly string[] Sides = ["user", "item"];
    private static readonly string[] Weights = ["weight", "score", "value", "strength", "count", "rating", "similarity"];

    /// <summary>The graphs that the options name.</summary>
    /// <exception cref="InputException">A file is not a list of edges.</exception>
    public static IReadOnlyList<GraphSource> Open(DuckDbSession session, DataOptions options) =>
        [.. options.Graph.Select((pair, index) => Open(session, pair.Key, FilePair.Parse(pair.Value), options, $"graph_{index}"))];

    private static GraphSource Open(DuckDbSession session, string name, FilePair files, DataOptions options, string table)
    {
        var side = Array.Find(Sides, side => name.StartsWith(side + ".", StringComparison.OrdinalIgnoreCase));
        name = (side is null ? name : name[(side.Length + 1)..]).Trim();
        if (name.Length == 0 || string.Equals(name, ItemLists.Key, StringComparison.OrdinalIgnoreCase))
        {
            throw new InputException($"A graph cannot be called '{name}'; give it another name in the option graph, such as user.social or item.related.");
        }

        var edges = Read(session, files.First, options, 3);
        var isKnowledge = edges.Columns.Count == 3;
        if (isKnowledge && Weights.Contains(edges.Columns[2].Name.Split(':')[0].ToLowerInvariant()))
        {
            throw new InputException($"{files.First}: its third column is called {edges.Columns[2].Name}, but edges have no weights. Leave the column out: three columns are read as head, relation and tail.");
        }

        if (files.Second is not null && !isKnowledge)
        {
            throw new InputException($"{files.First} has two columns, so its edges start from identifiers of the data and the file of links {files.Second} is not used. Leave {files.Second} out, or name a knowledge graph with the columns head, relation and tail.");
        }

        string Id(DelimitedRelation of, int column) => $"nullif({InteractionReader.IdSql(of.Columns[column], options.Trim)}, '')";
        List<string> notes = [];
        var relation = isKnowledge ? Id(edges, 1) : "''";
        Load(session, edges, $"{table}_edges", $"{Id(edges, 0)} AS head, {relation} AS kind, {Id(edges, isKnowledge ? 2 : 1)} AS target", options, notes);
        var (key, source) = ("head", $"{table}_edges");
        if (files.Second is not null)
        {
            var links = Read(session, files.Second, options, 2);
            Load(session, links, $"{table}_links", $"{Id(links, 0)} AS item, {Id(links, 1)} AS entity", options, notes);
            (key, source) = ("item", $"{table}_edges JOIN {table}_links ON entity = head");
        }

        var incomplete = long.Parse(session.Rows($"SELECT count(*) FROM {table}_edges WHERE head IS NULL OR kind IS NULL OR target IS NULL")[0][0]!, CultureInfo.InvariantCulture);
        if (incomplete > 0)
        {
            notes.Add($"{incomplete:N0} {(incomplete == 1 ? "line" : "lines")} of {files.First} with a blank {(isKnowledge ? "head, relation or tail" : "end")} {(incomplete == 1 ? "was" : "were")} left out.");
            if (options.OnBadRows == BadRowPolicy.Error)
            {
                throw new InputException(notes[^1] + " Fill them in, or set on-bad-rows to drop.");
            }
        }

        session.Execute($"CREATE OR REPLACE TEMP TABLE {table} AS SELECT DISTINCT {key} AS {ItemLists.Key}, kind, target FROM {source} WHERE {key} IS NOT NULL AND kind IS NOT NULL AND target IS NOT NULL AND head <> target");
        return new GraphSource(name, side, Sets(session, name, files, isKnowledge, table, edges.Columns[0].Name)) { Notes = notes };
    }

    // A line of words may be a header or an edge: it is a header if all of its words are known names of columns.
    private static bool IsOfNames(string line) => line.Trim().Split('\t', ',', ';', ' ').All(cell => cell.Trim('"').ToLowerInvariant() is
        "from" or "to" or "source" or "target" or "src" or "dst" or "head" or "relation" or "tail" or "user" or "friend" or "item" or "entity" or "weight"
        or "user_id" or "friend_id" or "item_id" or "entity_id" or "head_id" or "relation_id" or "tail_id" or "source_id" or "target_id");

    // Loads the readable rows into a table. Others are counted and noted, or an error, by the policy of the options.
    private static void Load(DuckDbSession session, DelimitedRelation relation, string table, string columns, DataOptions options, List<string> notes)
    {
        var bad = new BadRowList(relation.Label);
        try
        {
            session.Execute($"CREATE OR REPLACE TEMP TABLE {table} AS SELECT {columns} FROM {relation.Noting(Relation.Untyped)}");
        }
        catch (QueryFailedException failure)
        {
            throw relation.Explain(failure, session, Relation.Untyped);
        }

        relation.AddNoted(session, bad, Relation.Untyped);
        bad.Apply((int)long.Parse(session.Rows($"SELECT count(*) FROM {table}")[0][0]!, CultureInfo.InvariantCulture) + bad.Count, options.OnBadRows, notes);
    }

    private static EntitySource Sets(DuckDbSession session, string name, FilePair files, bool isKnowledge, string table, string key)
    {
        var kinds = session.Rows($"SELECT DISTINCT kind FROM {table} ORDER BY kind").Select(row => row[0]!).ToList();
        if (kinds.Count is 0 or > MostRelations)
        {
            throw new InputException(kinds.Count == 0
                ? $"{files.First} holds no edge{(files.Second is null ? "" : $" from an entity that {files.Second} names")}. A line is an edge: from and to, or head, relation and tail."
                : $"{files.First} has {kinds.Count:N0} different relations in its second column, but at most {MostRelations:N0} are allowed. If the third column is a weight, leave it out: edges have no weights.");
        }

        var columns = kinds.Select(kind => (Name: isKnowledge ? $"{name}.{kind}" : name, Kind: kind)).ToList();
        var sets = columns.Select(column => $"list(target ORDER BY target) FILTER (kind = {DuckDbSession.Literal(column.Kind)}) AS {DuckDbSession.Name(column.Name)}");
        key = columns.Exists(column => string.Equals(column.Name, key, StringComparison.OrdinalIgnoreCase)) ? ItemLists.Key : key; // as the file calls it
        var relation = QueryRelation.Describe(session, files.First, $"(SELECT {ItemLists.Key} AS {DuckDbSession.Name(key)}, {string.Join(", ", sets)} FROM {table} GROUP BY {ItemLists.Key})");
        return new EntitySource(
            relation,
            relation.Columns[0],
            relation.Columns.Skip(1).ToDictionary(column => column.Name, column => new FeaturePlan(column, FeatureKind.MultiCategorical, FeaturePlan.ListSeparator)));
    }

    // In RecBole's files the header names a type of each column, such as head_id:token.
    private static DelimitedRelation Read(DuckDbSession session, string path, DataOptions options, int most)
    {
        var files = SourceFile.Expand([path]);
        var first = SourceFile.Decode(SourceFile.Peek(files[0])).Split('\n', 2)[0];
        var header = first.Contains(":token", StringComparison.Ordinal) || IsOfNames(first) ? HeaderLine.Present : HeaderLine.Auto;
        var relation = TabularFormat.Delimited(files, new DataOptions { Encoding = options.Encoding, Header = header, Delimiter = first.Contains('\t', StringComparison.Ordinal) ? "\t" : null });
        return relation.Columns.Count >= 2 && relation.Columns.Count <= most ? relation : throw new InputException(
            $"{path} has {relation.Columns.Count} columns ({relation.Dialect}), but {(most == 2 ? "a line of a file of links is an item and its entity" : "a line of a graph is an edge: from and to, or head, relation and tail")}.");
    }
}
