using System.Globalization;
using Tastemaker.Data.Import.Columns;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import.Formats;

/// <summary>A graph of users or items: for each the set of those that its edges lead to.</summary>
/// <param name="Name">Its name, without the side.</param>
/// <param name="Side">"user" or "item"; null where the name does not say.</param>
/// <param name="Edges">A row an entity with a set or more.</param>
internal sealed record GraphSource(string Name, string? Side, EntitySource Edges)
{
    /// <summary>What reading its files found that the user should know.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>"user" or "item": what the name says, else the side that knows the identifiers which edges come from.</summary>
    /// <exception cref="InputException">Both sides know some, or neither does.</exception>
    public string Kind(DuckDbSession session, Vocabulary users, Vocabulary items, DataOptions options)
    {
        var reader = new EntityReader(session, Edges, options);
        var (ofUsers, ofItems) = (reader.CountKnown(users), reader.CountKnown(items));
        if (Side is not null && (Side == "user" ? ofUsers : ofItems) > 0)
        {
            return Side;
        }

        return (ofUsers, ofItems) switch
        {
            _ when Side is not null => throw new InputException($"{Edges.Relation.Label}: none of the identifiers that its edges come from, such as '{reader.FirstKey()}', is of {(Side == "user" ? "a user" : "an item")} of the data."
                + $"{((Side == "user" ? ofItems : ofUsers) > 0 ? $" They are of {(Side == "user" ? "items" : "users")}: call it {(Side == "user" ? "item" : "user")}.{Name}." : " Check that file and data write them alike; where heads are entities of a knowledge base, name the file of links behind a bar.")}"),
            ( > 0, 0) => "user",
            (0, > 0) => "item",
            (0, 0) => throw new InputException($"{Edges.Relation.Label}: none of the identifiers that its edges come from, such as '{reader.FirstKey()}', is of a user or an item of the data. Check that file and data write them alike."),
            _ => throw new InputException($"{Edges.Relation.Label}: its edges come from identifiers of users ({ofUsers:N0}) and of items ({ofItems:N0}). Say whose graph it is: graph user.{Name} or item.{Name}."),
        };
    }
}

/// <summary>Files of edges: two columns (from, to), or three (head, relation, tail), of which each relation becomes a set of its own.</summary>
internal static class GraphFiles
{
    private const int MostRelations = 1000;

    private static readonly string[] Sides = ["user", "item"];
    private static readonly string[] Weights = ["weight", "score", "value", "strength", "count", "rating", "similarity"];

    /// <summary>The graphs that the options name.</summary>
    /// <exception cref="InputException">A file is no list of edges.</exception>
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
            throw new InputException($"{files.First}: its third column is called {edges.Columns[2].Name}, and edges have no weights. Leave the column out; three columns are read as head, relation and tail.");
        }

        if (files.Second is not null && !isKnowledge)
        {
            throw new InputException($"{files.First} has two columns, so its edges are between identifiers of the data, and {files.Second} has nothing to say of it. Leave it out, or name a knowledge graph: head, relation, tail.");
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

    // Between words alone, only what they are tells a line of names from an edge.
    private static bool IsOfNames(string line) => line.Trim().Split('\t', ',', ';', ' ').All(cell => cell.Trim('"').ToLowerInvariant() is
        "from" or "to" or "source" or "target" or "src" or "dst" or "head" or "relation" or "tail" or "user" or "friend" or "item" or "entity" or "weight"
        or "user_id" or "friend_id" or "item_id" or "entity_id" or "head_id" or "relation_id" or "tail_id" or "source_id" or "target_id");

    // The rows that can be read, as a table; the others are counted and shown, or an error.
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
                : $"{files.First} has {kinds.Count:N0} relations in its second column; up to {MostRelations:N0} can be told apart. If its third column is a weight, leave it out: edges have none.");
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

    // RecBole's files have a line of names, which tell their types.
    private static DelimitedRelation Read(DuckDbSession session, string path, DataOptions options, int most)
    {
        var files = SourceFile.Expand([path]);
        var first = SourceFile.Decode(SourceFile.Peek(files[0])).Split('\n', 2)[0];
        var header = first.Contains(":token", StringComparison.Ordinal) || IsOfNames(first) ? HeaderLine.Present : HeaderLine.Auto;
        var relation = TabularFormat.Delimited(files, new DataOptions { Encoding = options.Encoding, Header = header, Delimiter = first.Contains('\t', StringComparison.Ordinal) ? "\t" : null });
        return relation.Columns.Count >= 2 && relation.Columns.Count <= most ? relation : throw new InputException(
            $"{path} has {relation.Columns.Count} columns ({relation.Dialect}), but a line of {(most == 2 ? "links is an item and its entity" : "a graph is an edge: from and to, or head, relation and tail")}.");
    }
}
