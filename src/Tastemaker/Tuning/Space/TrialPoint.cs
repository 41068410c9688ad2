namespace Tastemaker.Tuning.Space;

/// <summary>One value for every searched option: a point of the space.</summary>
/// <param name="values">By option, in the order of the space.</param>
internal sealed class TrialPoint(IEnumerable<KeyValuePair<string, string>> values)
{
    private readonly OrderedDictionary<string, string> byOption = new(values);

    /// <summary>By option.</summary>
    public IReadOnlyDictionary<string, string> Values => byOption;

    /// <summary>"learning-rate=0.01 dimension=64": equal for equal points of a space.</summary>
    public string Text => string.Join(" ", byOption.Select(pair => $"{pair.Key}={pair.Value}"));

    /// <summary>The value of an option.</summary>
    public string this[string option] => byOption[option];
}
