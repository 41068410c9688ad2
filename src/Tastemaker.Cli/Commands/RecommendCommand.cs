using System.CommandLine;
using Spectre.Console;
using Tastemaker.Cli.Output;
using Tastemaker.Recommending;
using Tastemaker.Runs;

namespace Tastemaker.Cli.Commands;

/// <summary><c>taste recommend RUN</c>: lists for a user, for a history, or for a file of requests.</summary>
internal static class RecommendCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("run") { Description = "A run folder, a folder of a saved model, or an .onnx file of 'taste export'." };
        var user = new Option<string?>("--user") { Description = "A user of the training data." };
        var history = new Option<string?>("--history") { Description = "Items by id or title, oldest first, separated by commas." };
        var features = new Option<string[]>("--feature") { Description = "What is known of the asker or the occasion, as name=value; for systems that read features; may be repeated.", DefaultValueFactory = _ => [] };
        var requests = new Option<string?>("--requests") { Description = "A CSV or Parquet file with a column 'user' or 'history' (items separated by |), a request a row." };
        var output = new Option<string?>("--out") { Description = "Where the lists for --requests go: a .csv or .parquet file." };
        var count = new Option<int>("--count", "-n") { Description = "Length of a list.", DefaultValueFactory = _ => 10 };
        var exclude = new Option<string[]>("--exclude") { Description = "An item, by id or title, never to recommend; may be repeated.", DefaultValueFactory = _ => [] };
        var only = new Option<string[]>("--candidate") { Description = "An item, by id or title; if given, only such items are ranked; may be repeated.", DefaultValueFactory = _ => [] };
        var seen = new Option<bool?>("--include-seen") { Description = "Whether items of the history may be recommended again. Default: false, but true for session systems." };
        var exact = new Option<bool>("--exact") { Description = "Rank the whole catalog even where 'taste index' has left an index." };
        return new TasteCommand(
            "recommend",
            "Recommend items for a user, for a history, or for a file of requests.",
            ("taste recommend runs/ease --user 42", "Ten items for user 42."),
            ("taste recommend runs/ease --history \"The Matrix, Alien\" -n 5", "Five items for someone who liked these two films."),
            ("taste recommend runs/deepfm --feature age=25 --feature genres=\"Drama|War\"", "Ten items for a stranger, by a system that reads features; several categories are separated by |."),
            ("taste recommend runs/ease --requests users.csv --out lists.parquet", "A list for every row of a file."))
        {
            model, user, history, features, requests, output, count, exclude, only, seen, exact,
        }.Does((parsed, terminal, cancellation) =>
        {
            var folder = RunLocator.ModelFolder(parsed.GetRequiredValue(model));
            using var recommender = RunLocator.Load(folder);
            var number = parsed.GetValue(count);
            if (number < 1)
            {
                throw new InputException($"--count {number}: a list has at least one item.");
            }

            var filter = new CandidateFilter
            {
                IncludeSeen = parsed.GetValue(seen),
                Exclude = recommender.FindItems(parsed.GetValue(exclude)!),
                Candidates = parsed.GetValue(only) is { Length: > 0 } candidates ? recommender.FindItems(candidates) : null,
            };
            IRecommender Answering() => parsed.GetValue(exact) ? recommender : IndexLocator.WithIndex(recommender, folder, terminal);
            if (parsed.GetValue(requests) is { } file)
            {
                return Task.FromResult(RequestFile.Answer(Answering(), file, parsed.GetValue(output), number, filter, terminal, cancellation));
            }

            var request = new Request
            {
                User = parsed.GetValue(user),
                History = parsed.GetValue(history) is { } list ? recommender.FindItemList(list) : null,
                Features = Features(parsed.GetValue(features)!),
            };
            if (request is { User: null, History: null, Features: null })
            {
                throw new InputException("Say for whom: --user ID, --history \"item, item\", --feature NAME=VALUE, or --requests FILE.");
            }

            var answer = Answering().Recommend(request, number, filter);
            return Task.FromResult(terminal.Result(new { system = recommender.System, request, answer.Strategy, answer.Notes, answer.Items }, console => Draw(console, answer)));
        });
    }

    private static Dictionary<string, string>? Features(string[] given)
    {
        var features = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var feature in given)
        {
            var at = feature.IndexOf('=', StringComparison.Ordinal);
            if (at < 1 || !features.TryAdd(feature[..at].Trim(), feature[(at + 1)..].Trim()))
            {
                throw new InputException($"--feature {feature}: write name=value, each name once; several categories are separated by |.");
            }
        }

        return features.Count == 0 ? null : features;
    }

    /// <summary>Draws a list.</summary>
    public static void Draw(IAnsiConsole console, RecommendationList answer)
    {
        var titled = answer.Items.Any(item => item.Title is not null);
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("#").RightAligned()).AddColumn("item");
        if (titled)
        {
            table.AddColumn("title");
        }

        table.AddColumn(new TableColumn("score").RightAligned());
        for (var rank = 0; rank < answer.Items.Count; rank++)
        {
            var item = answer.Items[rank];
            string[] cells = titled
                ? [$"{rank + 1}", Markup.Escape(item.Item), Markup.Escape(item.Title ?? ""), $"{item.Score:0.####}"]
                : [$"{rank + 1}", Markup.Escape(item.Item), $"{item.Score:0.####}"];
            table.AddRow(cells);
        }

        console.Write(table);
        console.WriteLine(answer.Strategy switch
        {
            Strategy.Model => "Answered by the trained system.",
            Strategy.FoldIn => "Answered by the trained system from the history alone.",
            Strategy.Content => "Answered by the trained system from content.",
            _ => "Answered with the most popular items: the system had nothing to go by.",
        });
        foreach (var note in answer.Notes)
        {
            console.WriteLine($"Note: {note}");
        }
    }
}
