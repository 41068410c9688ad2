using System.Globalization;
using Tastemaker.Naming;

namespace Tastemaker.Data.Syntax;

/// <summary>
/// Hands the arguments of a <see cref="SyntaxCall"/> to whoever builds a value from them, by name or, where a position is given, by place.
/// Problems are collected, not thrown, so that all are reported at once; what nobody asked for is unknown.
/// </summary>
internal sealed class CallArguments(SyntaxCall call)
{
    private readonly List<string> asked = [];
    private readonly HashSet<int> used = [];

    /// <summary>What was wrong so far.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>Whether an argument of that name was written.</summary>
    public bool Has(string name) => call.Arguments.Any(argument => argument.Name == name);

    /// <summary>A text, or the fallback where it is absent.</summary>
    public string? Text(string name, string? fallback = null, int position = -1) => Find(name, position) ?? fallback;

    /// <summary>A whole number.</summary>
    public int Integer(string name, int fallback, int position = -1) => OptionalInteger(name, position) ?? fallback;

    /// <summary>A whole number, or null where it is absent.</summary>
    public int? OptionalInteger(string name, int position = -1) => Convert<int>(
        name, position, text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null, "a whole number");

    /// <summary>A seed: a whole number from 0.</summary>
    public ulong Seed(string name, ulong fallback) => Convert<ulong>(
        name, -1, text => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null, "a whole number from 0") ?? fallback;

    /// <summary>A decimal number such as a share.</summary>
    public decimal Decimal(string name, decimal fallback, int position = -1) => OptionalDecimal(name, position) ?? fallback;

    /// <summary>A decimal number, or null where it is absent.</summary>
    public decimal? OptionalDecimal(string name, int position = -1) => Convert<decimal>(
        name, position, text => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null, "a number such as 0.2");

    /// <summary>A number that must be written.</summary>
    public float Number(string name, int position = -1)
    {
        var number = Convert<float>(
            name, position, text => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null, "a number");
        if (number is null && Problems.Count == 0)
        {
            Problems.Add($"{name} is missing.");
        }

        return number ?? 0;
    }

    /// <summary>A moment in Unix seconds, or null where it is absent.</summary>
    public long? Moment(string name) => Convert<long>(name, -1, text => Timestamps.Parse(text) is { } time ? Timestamps.Seconds(time) : null, "a date such as 2020-01-31, a time such as 2020-01-31T12:00:00Z, or Unix seconds");

    /// <summary>One of the names of an enumeration.</summary>
    public TChoice Choice<TChoice>(string name, TChoice fallback, int position = -1, (string Name, TChoice Choice)? formerly = null)
        where TChoice : struct, Enum
    {
        var names = Enum.GetNames<TChoice>().Select(choice => choice.ToLowerInvariant()).ToArray();
        if (Find(name, position) is not { } text)
        {
            return fallback;
        }

        if (formerly is { } earlier && earlier.Name.Equals(text, StringComparison.OrdinalIgnoreCase))
        {
            return earlier.Choice;
        }

        var index = Array.IndexOf(names, text.ToLowerInvariant());
        if (index < 0)
        {
            Problems.Add($"{name} must be {string.Join(" or ", names)}, not '{text}'.{NearestName.DidYouMean(text, names)}");
        }

        return index < 0 ? fallback : Enum.GetValues<TChoice>()[index];
    }

    /// <summary>Reports arguments that were written but that nobody asked for, and those written twice.</summary>
    public void ReportUnknown()
    {
        for (var index = 0; index < call.Arguments.Count; index++)
        {
            var (name, value) = call.Arguments[index];
            if (used.Contains(index))
            {
                continue;
            }

            var known = asked.Count == 0 ? "it takes no arguments" : $"it takes {string.Join(", ", asked)}";
            Problems.Add(name switch
            {
                null => $"the argument '{value}' has no name; {known}.",
                _ when asked.Contains(name) => $"{name} is given twice.",
                _ => $"there is no argument '{name}'; {known}.{NearestName.DidYouMean(name, asked)}",
            });
        }
    }

    private T? Convert<T>(string name, int position, Func<string, T?> parse, string what)
        where T : struct
    {
        if (Find(name, position) is not { } text)
        {
            return null;
        }

        var value = parse(text);
        if (value is null)
        {
            Problems.Add($"{name} must be {what}, not '{text}'.");
        }

        return value;
    }

    private string? Find(string name, int position)
    {
        asked.Add(name);
        for (var index = 0; index < call.Arguments.Count; index++)
        {
            var argument = call.Arguments[index];
            if (argument.Name == name || (argument.Name is null && index == position))
            {
                used.Add(index);
                return argument.Value;
            }
        }

        return null;
    }
}
