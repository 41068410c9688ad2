using Tastemaker.Evaluation.Reports;

namespace Tastemaker.Runs;

/// <summary>Parts what is to be known of all systems of a comparison, such as how many targets never occur in training, from what concerns one.</summary>
internal static class SharedNotes
{
    /// <summary>The systems, each with its own notes in <see cref="SystemReport.Notes"/> and the shared ones in its result.</summary>
    /// <param name="systems">As measured, with all notes in the result.</param>
    /// <param name="shared">Notes that all systems have; of a single system, none.</param>
    public static IReadOnlyList<SystemReport> Part(IReadOnlyList<SystemReport> systems, out IReadOnlyList<string> shared)
    {
        string[] common = systems.Count < 2 ? [] : [.. systems[0].Result.Notes.Where(note => systems.All(system => system.Result.Notes.Contains(note)))];
        shared = common;
        return [.. systems.Select(system => system with
        {
            Result = system.Result with { Notes = common },
            Notes = [.. system.Notes, .. system.Result.Notes.Except(common)],
        })];
    }
}
