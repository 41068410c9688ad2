using Tastemaker.Naming;
using YamlDotNet.RepresentationModel;

namespace Tastemaker.Configuration;

/// <summary>A record of options with the origin of each value that is not a default.</summary>
/// <param name="Record">The options.</param>
/// <param name="Origins">Option name to "file:line" or "--set ...".</param>
internal sealed record BoundOptions(object Record, IReadOnlyDictionary<string, string> Origins);

/// <summary>Makes records of options from assignments; later ones win. Collects every problem instead of stopping at the first.</summary>
/// <param name="problems">Receives the problems found.</param>
internal sealed class OptionBinder(ICollection<string> problems)
{
    /// <summary>Binds assignments to a record; where a value is unusable the default stands and the problem is noted.</summary>
    /// <param name="type">A record with a parameterless constructor.</param>
    /// <param name="assignments">In order of precedence, the strongest last.</param>
    /// <param name="of">What the options are of, for messages: "Multi-VAE", "training".</param>
    public BoundOptions Bind(Type type, IEnumerable<OptionAssignment> assignments, string of)
    {
        var schema = OptionSchema.Of(type);
        var record = Activator.CreateInstance(type)!;
        var origins = new Dictionary<string, string>();
        foreach (var assignment in assignments)
        {
            if (schema.Find(assignment.Key) is not { } option)
            {
                problems.Add(Unknown(assignment, schema, of));
            }
            else if (Convert(option, assignment) is var (value, usable) && usable)
            {
                option.Property.SetValue(record, value);
                origins[option.Name] = assignment.Origin;
            }
        }

        foreach (var option in schema.Options.Where(option => option.IsRequired && !origins.ContainsKey(option.Name)))
        {
            problems.Add($"{of}: '{option.Name}' must be given: {option.Description}");
        }

        return new BoundOptions(record, origins);
    }

    /// <summary>Binds and fails with all problems.</summary>
    /// <exception cref="InputException">An assignment is unusable.</exception>
    public static T Bind<T>(IEnumerable<OptionAssignment> assignments, string of)
        where T : notnull
    {
        var problems = new List<string>();
        var bound = new OptionBinder(problems).Bind(typeof(T), assignments, of);
        return problems.Count == 0 ? (T)bound.Record : throw new InputException(problems);
    }

    private static string Unknown(OptionAssignment assignment, OptionSchema schema, string of)
    {
        var names = schema.Options.Select(option => option.Name).ToList();
        var hint = NearestName.DidYouMean(assignment.Key, names);
        var known = hint.Length > 0 ? hint : names.Count == 0 ? " It has none." : $" It has {string.Join(", ", names)}.";
        return $"{assignment.Origin}: {of} has no option '{assignment.Key}'.{known}";
    }

    private (object? Value, bool Usable) Convert(OptionInfo option, OptionAssignment assignment)
    {
        if (option.IsMap)
        {
            return Map(option, assignment);
        }

        if (!option.IsList)
        {
            return Scalar(option, assignment.Value, assignment);
        }

        // A single value stands for a list of one, so that "--set layers=64" works; so does "64,32" for one of two, alone or among others.
        var nodes = (assignment.Value is YamlSequenceNode sequence ? sequence.Children : [assignment.Value]).SelectMany(node => Parts(option, node)).ToList();
        var list = Array.CreateInstance(option.ElementType, nodes.Count);
        var usable = true;
        for (var index = 0; index < nodes.Count; index++)
        {
            var (value, good) = Scalar(option, nodes[index], assignment);
            usable &= good && value is not null;
            list.SetValue(good ? value : null, index);
        }

        return (list, usable);
    }

    private static IEnumerable<YamlNode> Parts(OptionInfo option, YamlNode node) =>
        option.SplitsAtCommas && node is YamlScalarNode { Value: { } text } && text.Contains(',', StringComparison.Ordinal) ? ListText.Split(text).Select(part => new YamlScalarNode(part)) : [node];

    private (object? Value, bool Usable) Map(OptionInfo option, OptionAssignment assignment)
    {
        var map = new Dictionary<string, string>();
        if (assignment.Value is not YamlMappingNode given)
        {
            problems.Add($"{assignment.Origin}: {option.Name} takes a {option.TypeText}.");
            return (null, false);
        }

        var usable = true;
        foreach (var (key, value) in given.Children)
        {
            var (text, good) = Scalar(option, value, assignment);
            usable &= good;
            map[((YamlScalarNode)key).Value ?? ""] = text as string ?? "";
        }

        return (map, usable);
    }

    private (object? Value, bool Usable) Scalar(OptionInfo option, YamlNode node, OptionAssignment assignment)
    {
        var (value, problem) = node is YamlScalarNode scalar
            ? ScalarText.Read(scalar, option)
            : (null, $"{option.Name} takes {option.TypeText}, not a {(node is YamlSequenceNode ? "list" : "map")}.");
        if (problem is not null)
        {
            problems.Add($"{assignment.Origin}: {problem}");
        }

        return (value, problem is null);
    }
}
