using System.Text;
using Tastemaker.Data.Import.Formats;

namespace Tastemaker.Data.Import.Columns;

/// <summary>
/// Columns that hold objects or lists, as JSON and Parquet have. As text they would make identifiers that are equal only where the whole object is, so they have
/// no role; a query takes out the field that is meant.
/// </summary>
internal static class NestedColumns
{
    private const int MostShown = 12;

    private static readonly string[] Roles = ["user", "item", "value", "time", "label"];

    private static readonly string[][] Fields =
    [
        ["id", "key", "uid", "uuid", .. RoleNames.User], ["id", "key", "uid", "uuid", "sku", .. RoleNames.Item], RoleNames.Value, ["date", "value", .. RoleNames.Time], [.. RoleNames.Value],
    ];

    /// <summary>Refuses nested columns in a role.</summary>
    /// <exception cref="InputException">Each column that is nested, with what it holds and the query that reads it.</exception>
    public static void Check(Relation relation, ColumnRoles roles, DataOptions options)
    {
        var problems = All(roles).Zip(Roles)
            .Where(pair => pair.First is { } column && (column.IsNested || column.IsList))
            .Select(pair => $"Column '{pair.First!.Name}' of {relation.Label} is to be the {pair.Second}, but it holds {Content(pair.First)}. Name another column, or take out what is meant by a query: {Query(relation, roles, options)}")
            .ToList();
        if (problems.Count > 0)
        {
            throw new InputException(problems);
        }
    }

    /// <summary>What to say of a nested column that has no role and is ignored.</summary>
    public static string Note(Relation relation, SourceColumn column, ColumnRoles roles, DataOptions options) =>
        $"Column '{column.Name}' of {relation.Label} holds {Content(column)}; it is ignored. To read its fields, take them out by a query: {Query(relation, roles, options, column)}";

    /// <summary>Refuses a nested key of a file of features.</summary>
    public static void CheckKey(Relation relation, SourceColumn key)
    {
        if (key.IsNested || key.IsList)
        {
            throw new InputException($"Column '{key.Name}' of {relation.Label} is to be the identifier, but it holds {Content(key)}. Give a file with a column of plain identifiers, or a query with the options itemQuery and userQuery.");
        }
    }

    /// <summary>The fields of DuckDB's type STRUCT(name TYPE, ...), in order; none for other types.</summary>
    internal static IReadOnlyList<(string Name, string Type)> FieldsOf(string type)
    {
        if (!type.StartsWith("STRUCT(", StringComparison.Ordinal) || type[^1] != ')')
        {
            return [];
        }

        var fields = new List<(string, string)>();
        foreach (var field in Parts(type["STRUCT(".Length..^1]))
        {
            var end = field[0] == '"' ? Closing(field) + 1 : field.IndexOf(' ', StringComparison.Ordinal);
            fields.Add((field[0] == '"' ? field[1..(end - 1)].Replace("\"\"", "\"", StringComparison.Ordinal) : field[..end], field[(end + 1)..]));
        }

        return fields;
    }

    private static IEnumerable<SourceColumn?> All(ColumnRoles roles) => [roles.User, roles.Item, roles.Value, roles.Time, roles.Label];

    private static string Content(SourceColumn column)
    {
        var fields = FieldsOf(column.Type);
        return column.IsList ? "lists" : fields.Count == 0 ? "objects of different fields" : $"objects with the fields {string.Join(", ", fields.Take(MostShown).Select(field => field.Name))}{(fields.Count > MostShown ? ", ..." : "")}";
    }

    // A command that can be pasted into a shell: plain columns stay as they are, of each nested one in a role the likeliest field is taken.
    private static string Query(Relation relation, ColumnRoles roles, DataOptions options, SourceColumn? asked = null)
    {
        var parts = new List<string>();
        foreach (var column in relation.Columns)
        {
            var role = All(roles).ToList().IndexOf(column);
            if (role < 0 && column == asked)
            {
                parts.AddRange(FieldsOf(column.Type).Where(field => !IsNested(field.Type)).Take(MostShown).Select(field => $"e.{Quoted(column.Name)}.{Quoted(field.Name)}"));
            }
            else if (!(column.IsNested || column.IsList))
            {
                parts.Add($"e.{Quoted(column.Name)}");
            }
            else if (role >= 0)
            {
                parts.Add($"{Taken(column, role)} AS {(role < 2 ? $"{Roles[role]}_id" : Roles[role])}");
            }
        }

        return $"duckdb: --query \"SELECT {string.Join(", ", parts)} FROM {Source(options)} AS e\"";
    }

    private static string Taken(SourceColumn column, int role)
    {
        var fields = FieldsOf(column.Type).Where(field => !IsNested(field.Type)).Select(field => field.Name).ToList();
        var likely = Fields[role].Select(name => fields.FirstOrDefault(field => RoleNames.Plain(field) == name)).FirstOrDefault(field => field is not null) ?? fields.FirstOrDefault();
        return column.IsList ? $"unnest(e.{Quoted(column.Name)})"
            : likely is not null ? $"e.{Quoted(column.Name)}.{Quoted(likely)}"
            : $"e.{Quoted(column.Name)} ->> '$.{(role < 2 ? "id" : role == 3 ? "date" : "value")}'";
    }

    private static bool IsNested(string type) => new SourceColumn("", type) is { IsNested: true } or { IsList: true };

    // In a double-quoted argument of a shell, quotation marks need a backslash.
    private static string Quoted(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_') ? name : $"\\\"{name.Replace("\"", "\\\"\\\"", StringComparison.Ordinal)}\\\"";

    private static string Source(DataOptions options) => options.Query is { } query ? $"({query.Replace("\"", "\\\"", StringComparison.Ordinal)})"
        : options.Paths.Count == 1 ? Literal(options.Paths[0])
        : $"{(Path.GetExtension(options.Paths[0]).StartsWith(".p", StringComparison.OrdinalIgnoreCase) ? "read_parquet" : "read_json")}([{string.Join(", ", options.Paths.Select(Literal))}])";

    private static string Literal(string path) => $"'{path.Replace("'", "''", StringComparison.Ordinal)}'";

    // Splits at commas that stand in no parentheses and no quotation marks.
    private static List<string> Parts(string text)
    {
        var (parts, part, depth, quoted) = (new List<string>(), new StringBuilder(), 0, false);
        foreach (var letter in text)
        {
            quoted ^= letter == '"';
            depth += quoted ? 0 : letter == '(' ? 1 : letter == ')' ? -1 : 0;
            if (letter == ',' && depth == 0 && !quoted)
            {
                parts.Add(part.ToString().Trim());
                part.Clear();
            }
            else
            {
                part.Append(letter);
            }
        }

        parts.Add(part.ToString().Trim());
        return parts;
    }

    // The place of the quotation mark that closes the first; a doubled one does not.
    private static int Closing(string field)
    {
        var at = 1;
        while (field[at] != '"' || (at + 1 < field.Length && field[at + 1] == '"'))
        {
            at += field[at] == '"' ? 2 : 1;
        }

        return at;
    }
}
