using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Tastemaker.Cli.Arguments;
using Tastemaker.Cli.Output;
using Tastemaker.Cli.Requests;
using Tastemaker.Recommending;
using Tastemaker.Serving.Answering;

namespace Tastemaker.Cli.Commands;

/// <summary><c>taste recommend RUN</c>: lists for a user, for a history, or for a file of requests.</summary>
internal static class RecommendCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("run") { Description = "A run folder, a folder of a saved model, or an .onnx file of 'taste export'." };
        var user = new Option<string?>("--user") { Description = "A user of the training data." };
        var history = new Option<string?>("--history") { Description = "Items by id or title, oldest first, separated by commas." };
        var features = new Option<string[]>("--feature") { Description = "What is known of the user or the context, as name=value; for systems that read features; may be repeated.", DefaultValueFactory = _ => [] };
        var content = new Option<string?>("--content") { Description = "A text that asks: a post, a question, the words around a citation; for systems that read texts of requests (taste models)." };
        var contentFile = new Option<string?>("--content-file") { Description = "A file that holds this text." };
        var requests = new Option<string?>("--requests") { Description = "A delimited text or Parquet file with a column of users, a column 'history' (items separated by |) or a column 'content' (a text), a request per row. Each line of the answer names its request by number, from 1 in the order of the rows, and its user." };
        var userColumn = new Option<string?>("--user-column") { Description = "The column of users in that file. Default: the one that is known by its name, such as user or customer_id." };
        var everyone = new Option<bool>("--all-users") { Description = "A list for every user of the training data." };
        var output = new Option<string?>("--out") { Description = "Where the lists for --requests or --all-users go: a .csv or .parquet file with the columns request, user, rank, item, title, score and strategy, and for systems that predict times also expected: when the user is expected at the item (UTC)." };
        var count = new Option<int>("--count", "-n") { Description = "Length of a list.", DefaultValueFactory = _ => 10 };
        var candidates = new CandidateArguments();
        var outputs = new Outputs();
        var diversity = new Option<double>("--diversity") { Description = "From 0 (none) to 1: items unlike those above them move up, by maximal marginal relevance. For systems that give items vectors." };
        var exact = new Option<bool>("--exact") { Description = "Rank the whole catalog even where 'taste index' has left an index." };
        var command = new TasteCommand(
            "recommend",
            "Recommend items for a user, for a history, or for many at once.",
            ("taste recommend runs/ease --user 42", "Ten items for user 42."),
            ("taste recommend runs/ease --history \"The Matrix, Alien\" -n 5", "Five items for someone who liked these two films."),
            ("taste recommend runs/ease --user 42 --where genres=Comedy --diversity 0.3", "Comedies, and not all of a kind."),
            ("taste recommend runs/deepfm --feature age=25 --feature genres=\"Drama|War\"", "Ten items for a cold-start user, by a system that reads features."),
            ("taste recommend runs/hashtag-cnn --content \"Rain again on the last day of the tour\"", "Ten hashtags for a new post, by a system that reads texts."),
            ("taste recommend runs/ease --all-users --out lists.parquet", "A list for every user."),
            ("taste recommend runs/ease --requests users.csv --out lists.csv", "A list for every row of a file."))
        {
            model, user, history, features, content, contentFile, requests, userColumn, everyone, output, count, diversity, exact,
        };
        candidates.AddTo(command);
        outputs.AddTo(command);
        return command.Does((parsed, terminal, cancellation) =>
        {
            if (parsed.GetValue(requests) is not null || parsed.GetValue(everyone))
            {
                RequestFile.CheckOutput(parsed.GetValue(output));
                outputs.CheckFile(parsed, "--out", parsed.GetValue(output)!, new[] { parsed.GetRequiredValue(model), parsed.GetValue(requests) }.OfType<string>(), RequestFile.IsOne);
            }

            var folder = RunLocator.ModelFolder(parsed.GetRequiredValue(model));
            using var recommender = RunLocator.Load(folder);
            var (number, diverse) = (parsed.GetValue(count), parsed.GetValue(diversity));
            if (number < 1)
            {
                throw new InputException($"--count {number}: a list has at least one item.");
            }

            if (diverse is not (>= 0 and <= 1))
            {
                throw new InputException(string.Create(CultureInfo.InvariantCulture, $"--diversity {diverse}: it goes from 0 (none) to 1."));
            }

            var filter = candidates.Filter(parsed, recommender);
            var answering = parsed.GetValue(exact) ? recommender : IndexLocator.WithIndex(recommender, folder, terminal);
            IReadOnlyList<RecommendationList> Lists(IReadOnlyList<Request> wanted) => diverse == 0
                ? answering.RecommendAll(wanted, number, filter)
                : [.. answering.RecommendAll(wanted, Diversity.Fetched(number), filter).Select(list => Diverse(list, answering, diverse, number))];
            var file = new RequestFile(Lists, id => recommender.Users.IndexOf(id) >= 0, id => recommender.Items.IndexOf(id) >= 0, recommender.As<IEventPredictor>() is not null);
            if (parsed.GetValue(requests) is { } path)
            {
                using var source = new RequestSource(path, parsed.GetValue(userColumn), cancellation);
                return Task.FromResult(file.Answer(source.Read(), parsed.GetValue(output), terminal, cancellation));
            }

            if (parsed.GetValue(everyone))
            {
                return Task.FromResult(file.Answer(recommender.Users.Ids.Select(Request.ForUser), parsed.GetValue(output), terminal, cancellation));
            }

            var request = new Request
            {
                User = parsed.GetValue(user),
                History = parsed.GetValue(history) is { } list ? recommender.FindItemList(list) : null,
                Features = Features(parsed.GetValue(features)!),
                Content = Content(parsed.GetValue(content), parsed.GetValue(contentFile)),
            };
            if (request is { User: null, History: null, Features: null, Content: null })
            {
                throw new InputException("Say for whom: --user ID, --history \"item, item\", --feature NAME=VALUE, --content TEXT, --requests FILE, or --all-users.");
            }

            var answer = Lists([request])[0];
            return Task.FromResult(terminal.Result(new { system = recommender.System, request, answer.Strategy, answer.Notes, answer.Items }, console => Draw(console, answer)));
        });
    }

    private static RecommendationList Diverse(RecommendationList list, IRecommender recommender, double diversity, int count)
    {
        var notes = list.Notes.ToList();
        var items = Diversity.Reorder(list.Items, recommender, diversity, count, notes);
        return list with { Items = [.. items.Take(count)], Notes = notes };
    }

    private static string? Content(string? text, string? file) => (text, file) switch
    {
        (not null, not null) => throw new InputException("--content and --content-file both give the text: leave one out."),
        (null, not null) when !File.Exists(file) => throw new InputException($"--content-file {file}: there is no such file."),
        (null, not null) => File.ReadAllText(file),
        _ => text,
    };

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
        var expected = answer.Items.Any(item => item.Expected is not null);
        if (expected)
        {
            table.AddColumn("expected (UTC)");
        }

        for (var rank = 0; rank < answer.Items.Count; rank++)
        {
            var item = answer.Items[rank];
            table.AddRow([
                $"{rank + 1}", Markup.Escape(item.Item), .. titled ? [Markup.Escape(item.Title ?? "")] : Array.Empty<string>(), $"{item.Score:0.####}",
                .. expected ? [item.Expected?.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? ""] : Array.Empty<string>(),
            ]);
        }

        console.Write(table);
        console.WriteLine(answer.Strategy switch
        {
            AnswerSource.Model => "Answered by the trained system.",
            AnswerSource.FoldIn => "Answered by the trained system from the history alone.",
            AnswerSource.Content => "Answered by the trained system from content.",
            _ => "Answered with the most popular items: the system had nothing to go by.",
        });
        foreach (var note in answer.Notes)
        {
            console.WriteLine($"Note: {note}");
        }
    }
}
