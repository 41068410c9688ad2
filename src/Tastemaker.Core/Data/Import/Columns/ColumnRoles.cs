using Tastemaker.Data.Import.Formats;

namespace Tastemaker.Data.Import.Columns;

/// <summary>Which columns of the interactions are user, item, value, time and label. Only labelled data may lack user or item.</summary>
internal sealed record ColumnRoles(SourceColumn? User, SourceColumn? Item, SourceColumn? Value, SourceColumn? Time, SourceColumn? Label)
{
    /// <summary>The one user of labelled data without a column of users.</summary>
    public const string Everyone = "everyone";

    private const string None = "none";

    private static readonly string[] Names = ["user", "item", "value", "time", "label"];

    /// <summary>The one item of labelled data without a column of items: what the label speaks of.</summary>
    public string OneItem => Label!.Name;

    public bool Has(SourceColumn column) => column == User || column == Item || column == Value || column == Time || column == Label;

    /// <summary>The role of a column that has one.</summary>
    public string? Of(SourceColumn column) => Array.IndexOf([User, Item, Value, Time, Label], column) is >= 0 and var role ? Names[role] : null;

    /// <summary>Assigns the roles by option, then by convention; the label by option or layout only.</summary>
    /// <param name="relation">The interactions.</param>
    /// <param name="named">Whether its column names come from the source (otherwise only positions speak).</param>
    /// <param name="options">What the user asked for, with the label that the layout knows.</param>
    /// <exception cref="InputException">A named column does not exist, or user or item cannot be told; everything at once.</exception>
    public static ColumnRoles Assign(Relation relation, bool named, DataOptions options)
    {
        var problems = new List<string>();
        var taken = new List<SourceColumn>();
        string?[] asked = [options.User, options.Item, options.Value, options.Time, options.Label];
        SourceColumn?[] roles = [.. asked.Select((name, role) => Asked(relation, Names[role], name, options.Label is not null, problems))];
        string[][] conventions = [RoleNames.User, RoleNames.Item, RoleNames.Value, RoleNames.Time];
        // The place of the label says whether the first columns are users and items.
        var byPosition = !named && relation.Columns.Count <= 4 && (options.Label is null || roles[4] == relation.Columns.ElementAtOrDefault(2));
        taken.AddRange(roles.OfType<SourceColumn>());
        for (var role = 0; role < conventions.Length; role++)
        {
            // A label is the value of its row.
            if (asked[role] is null && (role != 2 || options.Label is null))
            {
                roles[role] = byPosition ? AtPosition(relation, role, taken) : named || options.Label is null ? ByConvention(relation, conventions[role], taken) : null;
                taken.AddRange(roles[role] is { } found ? [found] : []);
            }
        }

        // Labelled data may have no items; where it has users, it has.
        roles[1] ??= asked[1] is null && (options.Label is null || roles[0] is not null) ? OnlyIdentifier(relation, taken) : null;
        Check(relation, options, roles, problems);
        return new ColumnRoles(roles[0], roles[1], roles[2], roles[3], roles[4]);
    }

    private static void Check(Relation relation, DataOptions options, SourceColumn?[] roles, List<string> problems)
    {
        if (options.Label is null && options.User is null && roles[0] is null)
        {
            problems.Add($"{relation.Label} has no column of users that is known by its name. Its columns are {List(relation)}. Name one with the option user.");
        }

        if (options.Label is null && options.Item is null && roles[1] is null)
        {
            problems.Add($"{relation.Label} has no column of items that is known by its name. Its columns are {List(relation)}. Name one with the option item.");
        }

        if (options.Label is not null && roles[2] is { } value && value != roles[4])
        {
            problems.Add($"{relation.Label} is to have the value {value.Name} and the label {options.Label}, but a label is the value of its row. Give one of the two options.");
        }

        foreach (var twice in roles.OfType<SourceColumn>().GroupBy(column => column).Where(group => group.Count() > 1))
        {
            problems.Add($"Column '{twice.Key.Name}' of {relation.Label} is given two roles. Give user, item, value, time and label a column each.");
        }

        if (problems.Count > 0)
        {
            throw new InputException(problems);
        }
    }

    private static SourceColumn? Asked(Relation relation, string role, string? name, bool labelled, List<string> problems)
    {
        if (name is null || (IsNone(name) && (role is "value" or "time" || (labelled && role is "user" or "item"))))
        {
            return null;
        }

        var column = relation.Find(name);
        if (column is null && IsNone(name) && role is not "label")
        {
            problems.Add($"{relation.Label} is to have no column of {role}s, which only labelled data can do without. Name the column of 0/1 labels with the option label.");
        }
        else if (column is null)
        {
            problems.Add($"{relation.Label} has no column '{name}', which the option {role} names.{Naming.NearestName.DidYouMean(name, relation.Columns.Select(c => c.Name))} " +
                $"Its columns are {List(relation)}.");
        }

        return column;
    }

    private static bool IsNone(string name) => string.Equals(name, None, StringComparison.OrdinalIgnoreCase);

    private static SourceColumn? AtPosition(Relation relation, int role, List<SourceColumn> taken)
    {
        var column = relation.Columns.ElementAtOrDefault(role);
        return column is null || taken.Contains(column) ? null : column;
    }

    private static SourceColumn? ByConvention(Relation relation, string[] names, List<SourceColumn> taken) =>
        names.Select(name => relation.Columns.FirstOrDefault(column => RoleNames.Plain(column.Name) == name && !taken.Contains(column)))
            .FirstOrDefault(column => column is not null);

    /// <summary>An unusual item column such as "recipe_id", if it is the only column left that is named as an identifier.</summary>
    private static SourceColumn? OnlyIdentifier(Relation relation, List<SourceColumn> taken)
    {
        var left = relation.Columns.Where(column => !taken.Contains(column) && RoleNames.Plain(column.Name).EndsWith("id", StringComparison.Ordinal)).ToList();
        return left.Count == 1 ? left[0] : null;
    }

    private static string List(Relation relation) => string.Join(", ", relation.Columns.Select(column => column.Name));
}
