namespace Tastemaker;

/// <summary>
/// What the user gave cannot be used: a file, a row, an option, or a combination of them. Every problem found is listed at once, each a
/// short paragraph that names the culprit and the remedy. Programs print <see cref="Problems"/> and exit with code 2; no stack trace is due.
/// </summary>
public class InputException : Exception
{
    /// <summary>One or more problems, each a complete sentence or two.</summary>
    public InputException(params IReadOnlyList<string> problems)
        : base(string.Join(Environment.NewLine, problems))
    {
        ArgumentOutOfRangeException.ThrowIfZero(problems.Count);
        Problems = problems;
    }

    /// <summary>A problem with the exception that revealed it.</summary>
    public InputException(string problem, Exception cause)
        : base(problem, cause) => Problems = [problem];

    /// <summary>The problems, in the order they were found; at least one.</summary>
    public IReadOnlyList<string> Problems { get; }
}
