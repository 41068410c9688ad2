using System.Text.Json;
using Tastemaker.Artifacts;
using Tastemaker.Runs;

namespace Tastemaker.Bench.Studies.Defaults;

/// <summary>What the study of defaults has found so far: written after every system, so that it can be gone on with.</summary>
internal sealed record DefaultsResults
{
    /// <summary>The metric of all figures.</summary>
    public const string Metric = "ndcg@10";

    /// <summary>The command that repeats the study.</summary>
    public required string Command { get; init; }

    /// <summary>The machine and versions.</summary>
    public required string Machine { get; init; }

    /// <summary>Settings tried for each system on each set, the default one among them.</summary>
    public required int Trials { get; init; }

    /// <summary>Time after which no further setting is begun, for each system on each set.</summary>
    public required string Time { get; init; }

    /// <summary>Most interactions of a set.</summary>
    public required int Interactions { get; init; }

    /// <summary>Whether a user's next item is predicted, instead of items that were held out at random.</summary>
    public bool IsNext { get; init; }

    /// <summary>The sets.</summary>
    public IReadOnlyList<SetFacts> Sets { get; init; } = [];

    /// <summary>The figures.</summary>
    public IReadOnlyList<Entry> Entries { get; init; } = [];

    /// <summary>Sizes of a set as measured.</summary>
    internal sealed record SetFacts(
        string Name, bool Development, string Filter, string Split, int Interactions, int Users, int Items, int WholeInteractions, int WholeUsers, int WholeItems, double PopularityMean);

    /// <summary>The mean of the metric over test users with its 95 % interval, the epoch that was kept (from 1) and the seconds of training.</summary>
    internal sealed record Figure(double Mean, double Lower, double Upper, int? Epoch, double Seconds);

    /// <summary>One system on one set.</summary>
    internal sealed record Entry
    {
        /// <summary>Name of the set.</summary>
        public required string Set { get; init; }

        /// <summary>Id of the system.</summary>
        public required string System { get; init; }

        /// <summary>Fingerprints of the default configuration and the split: what has changed is measured anew.</summary>
        public required string Identity { get; init; }

        /// <summary>The default setting; null where it failed.</summary>
        public Figure? Default { get; init; }

        /// <summary>The setting chosen on the validation part; null where the search failed.</summary>
        public Figure? Tuned { get; init; }

        /// <summary>What the chosen setting changes: "name=value"; none where the default was chosen.</summary>
        public IReadOnlyList<string> Changed { get; init; } = [];

        /// <summary>Settings that were tried.</summary>
        public int Trials { get; init; }

        /// <summary>Mean difference of the default to popularity over the same users, with half the width of its 95 % interval.</summary>
        public double? OverPopularity { get; init; }

        /// <summary>That half width.</summary>
        public double? Margin { get; init; }

        /// <summary>The same difference of the tuned setting.</summary>
        public double? TunedOverPopularity { get; init; }

        /// <summary>Its half width.</summary>
        public double? TunedMargin { get; init; }

        /// <summary>What the runs had to say.</summary>
        public IReadOnlyList<string> Notes { get; init; } = [];

        /// <summary>Why there are no figures; null where there are.</summary>
        public string? Failure { get; init; }

        /// <summary>What the default reaches of the tuned setting.</summary>
        public double? Share => Default is null || Tuned is not { Mean: > 0 } ? null : Default.Mean / Tuned.Mean;
    }

    /// <summary>Reads results; null where there are none.</summary>
    public static DefaultsResults? Read(string file) =>
        File.Exists(file) ? JsonSerializer.Deserialize<DefaultsResults>(File.ReadAllText(file), RunJson.Indented) : null;

    /// <summary>Writes the file whole.</summary>
    public void Write(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        AtomicFile.WriteText(file, JsonSerializer.Serialize(this, RunJson.Indented) + "\n");
    }

    /// <summary>The results with an entry, in the place of an earlier one.</summary>
    public DefaultsResults With(Entry entry) =>
        this with { Entries = [.. Entries.Where(known => (known.Set, known.System) != (entry.Set, entry.System)), entry] };

    /// <summary>The results with the facts of a set, in the place of earlier ones.</summary>
    public DefaultsResults With(SetFacts facts) => this with { Sets = [.. Sets.Where(known => known.Name != facts.Name), facts] };
}
