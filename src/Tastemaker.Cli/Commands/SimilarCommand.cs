using System.CommandLine;
using Tastemaker.Cli.Arguments;
using Tastemaker.Cli.Output;
using Tastemaker.Runs;

namespace Tastemaker.Cli.Commands;

/// <summary><c>taste similar RUN ITEM</c>: the items a system finds most alike.</summary>
internal static class SimilarCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("run") { Description = "A run folder, a folder of a saved model, or an .onnx file of 'taste export'." };
        var item = new Argument<string>("item") { Description = "An item, by id or title." };
        var count = new Option<int>("--count", "-n") { Description = "How many.", DefaultValueFactory = _ => 10 };
        return new TasteCommand(
            "similar",
            "Show the items most like an item, in the system's own terms.",
            ("taste similar runs/ease \"Toy Story\"", "The ten items most like Toy Story."))
        {
            model, item, count,
        }.Does((parsed, terminal) =>
        {
            using var recommender = RunLocator.Load(parsed.GetRequiredValue(model));
            var id = recommender.FindItems(parsed.GetRequiredValue(item))[0];
            var answer = recommender.Similar(id, parsed.GetValue(count));
            return terminal.Result(new { system = recommender.System, item = id, answer.Strategy, answer.Notes, answer.Items }, console => RecommendCommand.Draw(console, answer));
        });
    }
}
