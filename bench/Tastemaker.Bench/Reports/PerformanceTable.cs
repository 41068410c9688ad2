namespace Tastemaker.Bench.Reports;

/// <summary>One table of docs/performance.md: what one command measured.</summary>
internal sealed record PerformanceTable
{
    /// <summary>Heading of the section, such as "Optimizers".</summary>
    public required string Title { get; init; }

    /// <summary>What was measured and how: shapes, how often, what is compared with what.</summary>
    public required string Text { get; init; }

    /// <summary>Heads of the columns.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>Cells as they are printed, see <see cref="Figure"/>; each row as long as <see cref="Columns"/>.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> Rows { get; init; }

    /// <summary>What bounds the figures, and what follows from them: sentences that the command composes from what it measured.</summary>
    public IReadOnlyList<string> Findings { get; init; } = [];

    /// <summary>The command that was run.</summary>
    public required string Command { get; init; }

    public required MachineFacts Machine { get; init; }
}
