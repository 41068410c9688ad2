using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation.Significance;

namespace Tastemaker.Evaluation.Reports;

/// <summary>What an HTML report shows.</summary>
public sealed record ReportContent
{
    /// <summary>The headline, such as the name of the data.</summary>
    public required string Title { get; init; }

    /// <summary>What was learned from: gives item popularity and titles.</summary>
    public required TrainingSet Train { get; init; }

    /// <summary>What was measured on: gives the activity of those who asked.</summary>
    public required HoldOut HoldOut { get; init; }

    /// <summary>The systems, in any order, all measured on <see cref="HoldOut"/>.</summary>
    public required IReadOnlyList<SystemReport> Systems { get; init; }

    /// <summary>How systems are compared.</summary>
    public ComparisonOptions Comparison { get; init; } = new();

    /// <summary>Data, split, seed, fingerprints, versions: whatever a reader needs to repeat it.</summary>
    public IReadOnlyList<ReportFact> Facts { get; init; } = [];

    /// <summary>Systems that were to be compared and failed.</summary>
    public IReadOnlyList<FailedSystem> Failed { get; init; } = [];

    /// <summary>What the comparison comes to, in sentences.</summary>
    public IReadOnlyList<string> Verdict { get; init; } = [];

    /// <summary>Things to know when reading the figures, beside the notes of the results.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>One line of the report's facts.</summary>
/// <param name="Name">Such as "Split".</param>
/// <param name="Value">Such as "leave-one-out(by=time) seed 42".</param>
public sealed record ReportFact(string Name, string Value);
