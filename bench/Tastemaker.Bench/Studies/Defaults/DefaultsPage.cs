using System.Globalization;
using System.Text;
using Tastemaker.Catalog;

namespace Tastemaker.Bench.Studies.Defaults;

/// <summary>docs/defaults.md: what defaults are worth, from the results of the study.</summary>
internal static class DefaultsPage
{
    /// <summary>What a default must reach of its own tuned setting.</summary>
    public const double Floor = 0.85;

    /// <summary>The page.</summary>
    public static string Of(DefaultsResults results)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"""
            # What the defaults are worth{(results.IsNext ? ": the next item" : "")}

            Every system that {(results.IsNext ? "predicts a user's next item from the order of the items before it" : "ranks items by the positives of users")} is trained at its defaults and at the setting that a search chose, on sets of unlike density. A
            default holds where it reaches {Floor:0.##} of the NDCG@10 of the tuned setting, and lies above popularity by more than chance. Written by the
            harness in `bench/` from a JSON file of results; do not edit.

            - Settings and epochs are chosen on the validation part alone; all figures are of the test part, full ranking without the items of training and
              validation, mean over users with test items.
            - Every system has a budget of {results.Trials} settings on every set, the default first, of the ranges that the system declares, by TPE with successive
              halving where a system trains for many epochs; no setting is begun after {results.Time} at
              the latest, and the column of settings says how many were tried.
            - The rules that derive defaults from data were chosen on the development sets, by their validation parts. The other sets only confirm or refuse them.
            - {(results.IsNext ? "Item neighborhoods and popularity do not read the order; they show what it is worth." : "Systems that need columns, ratings, times or sessions have recipes of their own.")}

            `{results.Command}`

            {results.Machine}

            ## Data
            """);
        Table(text, ["set", "used as", "users", "items", "interactions", "density", "of", "popularity, NDCG@10"], results.Sets.Select(set => new[]
        {
            set.Name,
            set.Development ? "development" : "confirmation",
            Number(set.Users),
            Number(set.Items),
            Number(set.Interactions),
            $"{100.0 * set.Interactions / set.Users / set.Items:0.000} %",
            set.Interactions == set.WholeInteractions ? "the whole set" : $"{Number(set.WholeInteractions)}: `{set.Filter}`",
            Text(set.PopularityMean),
        }));
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Split: {string.Join(", ", results.Sets.Select(set => set.Split).Distinct().Select(split => $"`{split}`"))}.");
        Summary(text, results);
        foreach (var set in results.Sets)
        {
            Set(text, set, [.. results.Entries.Where(entry => entry.Set == set.Name).OrderByDescending(entry => entry.Default?.Mean ?? -1)]);
        }

        return text.ToString().Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    /// <summary>What is to be said of an entry.</summary>
    public static string Verdict(DefaultsResults.Entry entry) => entry switch
    {
        { Failure: { } failure } => $"failed: {failure.ReplaceLineEndings(" ")}",
        { System: "popularity" } => "the floor",
        { OverPopularity: var over, Margin: var margin } when over <= margin => entry.TunedOverPopularity <= entry.TunedMargin
            ? "**level with popularity or below, and so is the tuned setting**"
            : "**level with popularity or below**",
        { Share: < Floor } => "**below the floor**",
        _ => "holds",
    };

    private static void Summary(StringBuilder text, DefaultsResults results)
    {
        text.AppendLine().AppendLine("## Share of the tuned setting that the default reaches").AppendLine();
        string[] sets = [.. results.Sets.Select(set => set.Name)];
        var systems = SystemCatalog.Systems.Select(system => system.Id).Where(id => results.Entries.Any(entry => entry.System == id)).ToList();
        Table(text, ["system", .. sets, "least"], systems.Select(system =>
        {
            var entries = sets.Select(set => results.Entries.FirstOrDefault(entry => (entry.Set, entry.System) == (set, system))).ToList();
            var least = entries.Select(entry => entry?.Share).Min();
            return (string[])[system, .. entries.Select(Share), least is null ? "" : $"{least:0.00}"];
        }));
        var learned = results.Entries.Where(entry => entry is { Failure: null } && entry.System != "popularity").ToList();
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture,
            $"* marks defaults that are not above popularity by more than chance. Of {learned.Count} pairs of a learned system and a set, {learned.Count(entry => Verdict(entry) == "holds")} hold.");
    }

    private static string Share(DefaultsResults.Entry? entry) => entry is null ? "" : entry.Failure is not null ? "failed"
        : $"{entry.Share:0.00}{(entry.System != "popularity" && entry.OverPopularity <= entry.Margin ? " *" : "")}";

    private static void Set(StringBuilder text, DefaultsResults.SetFacts set, IReadOnlyList<DefaultsResults.Entry> entries)
    {
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"## {set.Name}").AppendLine();
        Table(text, ["system", "default, NDCG@10 [95 %]", "tuned", "share", "above popularity", "settings", "verdict", "tuned setting"], entries.Select(entry => new[]
        {
            entry.System,
            entry.Default is { } first ? $"{Text(first.Mean)} [{Text(first.Lower)}, {Text(first.Upper)}]" : "",
            entry.Tuned is { } tuned ? Text(tuned.Mean) : "",
            $"{entry.Share:0.00}",
            entry.System == "popularity" || entry.OverPopularity is null ? "" : $"{entry.OverPopularity:+0.0000;-0.0000} ± {entry.Margin:0.0000}",
            entry.Trials == 0 ? "" : $"{entry.Trials}",
            Verdict(entry),
            entry.Changed.Count > 0 ? $"`{string.Join(" ", entry.Changed)}`" : entry.Tuned is null ? "" : "the default",
        }));
        string[] notes = [.. entries.SelectMany(entry => entry.Notes.Select(note => $"- {entry.System}: {note}"))];
        if (notes.Length > 0)
        {
            text.AppendLine().AppendLine("What the runs at the defaults had to say:").AppendLine().AppendLine(string.Join("\n", notes));
        }
    }

    private static void Table(StringBuilder text, string[] head, IEnumerable<string[]> rows)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"| {string.Join(" | ", head)} |").AppendLine(CultureInfo.InvariantCulture, $"|{string.Concat(head.Select(_ => "---|"))}");
        foreach (var row in rows)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {string.Join(" | ", row.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |");
        }
    }

    private static string Number(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Text(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
