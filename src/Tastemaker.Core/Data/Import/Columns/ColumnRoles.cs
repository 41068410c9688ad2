using Tastemaker.Data.Import.Formats;

namespace Tastemaker.Data.Import.Columns;

/// <summary>Which columns of the interactions are user, item, value and time.</summary>
internal sealed record ColumnRoles(SourceColumn User, SourceColumn Item, SourceColumn? Value, SourceColumn? Time)
{
    private const string None = "none";

    public bool Has(SourceColumn column) => column == User || column == Item || column == Value || column == Time;

    /// <summary>Assigns the roles by option, then by convention.</summary>
    /// <param name="relation">The interactions.</param>
    /// <param name="named">Whether its column names come from the source (otherwise only positions speak).</param>
    /// <param name="options">What the user asked for.</param>
    /// <exception cref="InputException">A named column does not exist, or user or item cannot be told; everything at once.</exception>
    public static ColumnRoles Assign(Relation relation, bool named, DataOptions options)
    {
        var problems = new List<string>();
        var taken = new List<SourceColumn>();
        var byPosition = !named && relation.Columns.Count <= 4;
        SourceColumn?[] roles =
        [
            Asked(relation, "user", options.User, problems),
            Asked(relation, "item", options.Item, problems),
            Asked(relation, "value", options.Value, problems),
            Asked(relation, "time", options.Time, problems),
        ];
        string?[] asked = [options.User, options.Item, options.Value, options.Time];
        string[][] conventions = [RoleNames.User, RoleNames.Item, RoleNames.Value, RoleNames.Time];
        taken.AddRange(roles.OfType<SourceColumn>());
        for (var role = 0; role < roles.Length; role++)
        {
            if (asked[role] is null)
            {
                roles[role] = byPosition ? AtPosition(relation, role, taken) : ByConvention(relation, conventions[role], taken);
                taken.AddRange(roles[role] is { } found ? [found] : []);
            }
        }

        roles[1] ??= asked[1] is null ? OnlyIdentifier(relation, taken) : null;
        Check(relation, options, roles, problems);
        return new ColumnRoles(roles[0]!, roles[1]!, roles[2], roles[3]);
    }

    private static void Check(Relation relation, DataOptions options, SourceColumn?[] roles, List<string> problems)
    {
        if (options.User is null && roles[0] is null)
        {
            problems.Add($"{relation.Label} has no column of users that is known by its name. Its columns are {List(relation)}. Name one with the option user.");
        }

        if (options.Item is null && roles[1] is null)
        {
            problems.Add($"{relation.Label} has no column of items that is known by its name. Its columns are {List(relation)}. Name one with the option item.");
        }

        foreach (var twice in roles.OfType<SourceColumn>().GroupBy(column => column).Where(group => group.Count() > 1))
        {
            problems.Add($"Column '{twice.Key.Name}' of {relation.Label} is given two roles. Give user, item, value and time a column each.");
        }

        if (problems.Count > 0)
        {
            throw new InputException(problems);
        }
    }

    private static SourceColumn? Asked(Relation relation, string role, string? name, List<string> problems)
    {
        if (name is null || (role is "value" or "time" && string.Equals(name, None, StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        var column = relation.Find(name);
        if (column is null)
        {
            problems.Add($"{relation.Label} has no column '{name}', which the option {role} names.{Naming.NearestName.DidYouMean(name, relation.Columns.Select(c => c.Name))} " +
                $"Its columns are {List(relation)}.");
        }

        return column;
    }

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
