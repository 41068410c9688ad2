using Tastemaker.Naming;

namespace Tastemaker.Data.Syntax;

/// <summary>The set of named things of one kind that a text may call, such as all filters.</summary>
/// <param name="kind">What they are called in messages: "filter".</param>
/// <param name="check">Lists what is out of range in a value, or impossible in combination.</param>
/// <param name="makers">How each is built from its arguments.</param>
internal sealed class Grammar<T>(string kind, Func<T, IEnumerable<string>> check, params (SyntaxForm Form, Func<CallArguments, T> Make)[] makers)
{
    /// <summary>All forms, for help.</summary>
    public IReadOnlyList<SyntaxForm> Forms { get; } = [.. makers.Select(maker => maker.Form)];

    /// <summary>The value for a text.</summary>
    /// <exception cref="InputException">All that is wrong with the text.</exception>
    public T Parse(string text)
    {
        var call = SyntaxCall.Parse(text);
        var found = Array.FindIndex(makers, maker => maker.Form.Name == call.Name);
        if (found < 0)
        {
            var names = Forms.Select(form => form.Name).ToArray();
            throw new InputException($"There is no {kind} '{call.Name}'.{NearestName.DidYouMean(call.Name, names)} Known are: {string.Join(", ", names)}.");
        }

        var (form, make) = makers[found];
        var arguments = new CallArguments(call);
        var value = make(arguments);
        arguments.ReportUnknown();
        var problems = arguments.Problems.Count > 0 ? arguments.Problems : [.. check(value)];
        return problems.Count == 0
            ? value
            : throw new InputException([.. problems.Select(problem => $"The {kind} '{text.Trim()}': {problem} Usage: {form.Usage}.")]);
    }

    /// <summary>The values for several texts.</summary>
    /// <exception cref="InputException">All that is wrong with any of them.</exception>
    public IReadOnlyList<T> ParseAll(IEnumerable<string> texts)
    {
        var values = new List<T>();
        var problems = new List<string>();
        foreach (var text in texts)
        {
            try
            {
                values.Add(Parse(text));
            }
            catch (InputException wrong)
            {
                problems.AddRange(wrong.Problems);
            }
        }

        return problems.Count == 0 ? values : throw new InputException(problems);
    }
}
