using System.Globalization;
using Tastemaker.Configuration;
using Tastemaker.Naming;
using YamlDotNet.RepresentationModel;

namespace Tastemaker.Tuning.Space;

/// <summary>Makes search spaces: what a system declares, and "name=low..high", "name=low..high:log", "name=a,b,c" or "name" on top of it.</summary>
/// <param name="system">The system's name, for messages.</param>
/// <param name="options">The record of its options.</param>
/// <param name="problems">Receives the problems found.</param>
internal sealed class SearchSyntax(string system, Type options, ICollection<string> problems)
{
    private readonly OptionSchema schema = OptionSchema.Of(options);

    /// <summary>The space; null where there is none, or where something is wrong with it.</summary>
    /// <param name="search">Searches on top of the declared ones.</param>
    /// <param name="isFixed">Options that have been given a value, which the search leaves alone unless <paramref name="search"/> names them.</param>
    /// <param name="only">Whether declared ranges do not count.</param>
    public SearchSpace? Space(IReadOnlyList<string> search, Func<string, bool> isFixed, bool only)
    {
        var before = problems.Count;
        var asked = new Dictionary<string, SearchDimension?>();
        foreach (var text in search)
        {
            if (Find(text) is { } option && !asked.TryAdd(option.Name, Read(option, text)))
            {
                problems.Add($"--search {text}: '{option.Name}' is searched twice; say it once.");
            }
        }

        var dimensions = schema.Options
            .Select(option => asked.TryGetValue(option.Name, out var own) ? own : only || isFixed(option.Name) ? null : Declared(option))
            .OfType<SearchDimension>().ToList();
        if (dimensions.Count == 0 && problems.Count == before)
        {
            problems.Add(
                $"There is nothing to search: {system} declares no range for an option that is left open. Name some: --search {(schema.Options.Count > 0 ? schema.Options[0].Name : "option")}=low..high.");
        }

        return problems.Count == before ? new SearchSpace(dimensions) : null;
    }

    private OptionInfo? Find(string text)
    {
        var name = text.Split('=')[0].Trim();
        if (schema.Find(name) is { } option)
        {
            return option;
        }

        var names = schema.Options.Select(known => known.Name).ToList();
        var hint = NearestName.DidYouMean(name, names);
        problems.Add($"--search {text}: {system} has no option '{name}'.{(hint.Length > 0 ? hint : $" It has {string.Join(", ", names)}.")}");
        return null;
    }

    private SearchDimension? Declared(OptionInfo option) =>
        option.Search is { } range ? new RangeDimension(option, range.Low, range.High, range.Log)
        : option.SearchChoices is { } choices ? Choices(option, [.. choices.Select(choice => ConfigurationSource.Parse(option.Name, choice)!)], $"{system}, {option.Name}")
        : null;

    private SearchDimension? Read(OptionInfo option, string text)
    {
        var origin = $"--search {text}";
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            return Declared(option) ?? Every(option, origin);
        }

        var values = text[(equals + 1)..].Trim();
        if (values.Contains("..", StringComparison.Ordinal))
        {
            return Range(option, values, origin);
        }

        try
        {
            return ConfigurationSource.Parse(origin, $"[{values}]") is YamlSequenceNode list ? Choices(option, [.. list.Children], origin) : null;
        }
        catch (InputException bad)
        {
            return Problem(bad.Problems[0]);
        }
    }

    private SearchDimension? Every(OptionInfo option, string origin) => option.Kind switch
    {
        OptionKind.Choice => new ChoiceDimension(option, option.Choices),
        OptionKind.Switch => new ChoiceDimension(option, ["false", "true"]),
        _ => Problem($"{origin}: {system} declares no range for '{option.Name}'; write one, as in --search {option.Name}=low..high or --search {option.Name}=a,b."),
    };

    private SearchDimension? Range(OptionInfo option, string values, string origin)
    {
        var scale = values.LastIndexOf(':');
        var ends = (scale < 0 ? values : values[..scale]).Split("..");
        var word = scale < 0 ? "linear" : values[(scale + 1)..].Trim().ToLowerInvariant();
        if (option.Kind is not (OptionKind.Integer or OptionKind.Number) || option.IsList)
        {
            return Problem($"{origin}: {option.Name} takes {option.TypeText}, which has no range; give values: --search {option.Name}=a,b.");
        }

        if (word is not ("log" or "linear"))
        {
            return Problem($"{origin}: there is no scale '{word}'.{NearestName.DidYouMean(word, ["log", "linear"])} A range is low..high or low..high:log.");
        }

        if (ends.Length != 2 || !Number(ends[0], out var low) || !Number(ends[1], out var high) || low >= high)
        {
            return Problem($"{origin}: a range is two numbers, the smaller first, as in --search {option.Name}=1..100 or --search {option.Name}=1..100:log.");
        }

        if (word == "log" && low <= 0)
        {
            return Problem($"{origin}: a logarithmic range begins above 0.");
        }

        if (option.Kind == OptionKind.Integer && (low != Math.Floor(low) || high != Math.Floor(high)))
        {
            return Problem($"{origin}: {option.Name} takes whole numbers.");
        }

        return (OptionSchema.RangeProblem(option, low) ?? OptionSchema.RangeProblem(option, high)) is { } outside
            ? Problem($"{origin}: {outside}")
            : new RangeDimension(option, low, high, word == "log");
    }

    private ChoiceDimension? Choices(OptionInfo option, IReadOnlyList<YamlNode> nodes, string origin)
    {
        var found = new List<string>();
        var usable = true;
        foreach (var node in nodes)
        {
            var wrong = new List<string>();
            var bound = new OptionBinder(wrong).Bind(options, [new OptionAssignment(option.Name, node, origin)], system);
            usable &= wrong.Count == 0;
            wrong.ForEach(problems.Add);
            found.Add(OptionText.Of(option.Property.GetValue(bound.Record)));
        }

        var distinct = found.Distinct().ToList();
        if (usable && distinct.Count < 2)
        {
            problems.Add($"{origin}: there is nothing to choose between {distinct.Count} value; give two or more, or fix it with --fix.");
        }

        return usable && distinct.Count >= 2 ? new ChoiceDimension(option, distinct) : null;
    }

    private SearchDimension? Problem(string text)
    {
        problems.Add(text);
        return null;
    }

    private static bool Number(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
}
