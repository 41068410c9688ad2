using System.CommandLine;
using Tastemaker.Bench.Reports;
using Tastemaker.Bench.Studies;

namespace Tastemaker.Bench.Commands;

/// <summary>Studies of what systems are meant to do, a command each: on generated data whose structure is known, and on pairs of articles.</summary>
internal static class PlantedCommands
{
    public static IEnumerable<Command> Create() =>
    [
        Of("planted-reviews", "Study what reviews give a rating predictor.", 2000, "Users of a world.", (seeds, size, machine) => new ReviewStudy(seeds, size, Console.Error).Measure(machine, ThisCommand.Text())),
        Of("planted-shop", "Study what a session and what a user bought before tell of a purchase.", 20_000, "Sessions of a world.", (seeds, size, machine) => new ShopStudy(seeds, size, Console.Error).Measure(machine, ThisCommand.Text())),
        Of("planted-weeks", "Study ratings whose users and items change over time.", 2000, "Users of a world.", (seeds, size, machine) => new WeeksStudy(seeds, size, Console.Error).Measure(machine, ThisCommand.Text())),
        Of("planted-events", "Study who comes back to what, and when.", 20_000, "Events of a world.", (seeds, size, machine) => new EventStudy(seeds, size, Console.Error).Measure(machine, ThisCommand.Text())),
        Of("planted-boards", "Study related items on boards, some of which are junk.", 5000, "Items of a world.", (seeds, size, machine) => new BoardStudy(seeds, size, Console.Error).Measure(machine, ThisCommand.Text())),
        Of("planted-triggers", "Study posts whose tags are told by neighborhoods and by order.", 4000, "Posts to learn from.", (seeds, size, machine) => new TriggerStudy(seeds, size, Console.Error).Measure(machine, ThisCommand.Text())),
        Of("planted-topics", "Study posts whose topic decides which word tells the tag.", 3000, "Posts with tags to learn from.", (seeds, size, machine) => new TopicStudy(seeds, size, Console.Error).Measure(machine, ThisCommand.Text())),
        Of("planted-dialogues", "Study dialogues whose first and last turn tell what is quoted.", 20_000, "Dialogues to learn from.", (seeds, size, machine) => new QuoteStudy(seeds, size, Console.Error).Measure(machine, ThisCommand.Text())),
        Of("planted-articles", "Study articles whose words are the same and whose order tells what they are about.", 1000, "Warm articles.", (seeds, size, machine) => new ArticleStudy(seeds, size, Console.Error).Measure(machine, ThisCommand.Text())),
        Of("planted-orders", "Study items of which the order of words tells two aspects.", 1200, "Items of a world.", (seeds, size, machine) => new OrderStudy(seeds, size, Console.Error).Measure(machine, ThisCommand.Text())),
        Of("planted-factors", "Study sparse factors and texts that name them.", 1500, "Users and items of a world.", (seeds, size, machine) => new FactorStudy(seeds, size, Console.Error).Measure(machine, ThisCommand.Text())),
        Of("planted-citations", "Study contexts that cite works whose titles have other words.", 20_000, "Contexts to learn from.", (seeds, size, machine) => new CitationStudy(seeds, size, Console.Error).Measure(machine, ThisCommand.Text())),
        Of("planted-news", "Study readers of news with bursts of something else among what they browse.", 2000, "Readers to learn from.", (seeds, size, machine) => new NewsStudy(seeds, size, Console.Error).Measure(machine, ThisCommand.Text())),
        RelatedItems(),
    ];

    private static Command RelatedItems()
    {
        var folder = new Argument<string>("folder") { Description = "The folder of citeulike-a, with users.dat.gz and item-tag.dat.gz." };
        var seeds = new Option<int>("--seeds") { Description = "Divisions and trainings.", DefaultValueFactory = _ => 3 };
        var table = new TableOptions();
        var command = table.AddTo(new Command("related-items", "Study which articles lie in the same libraries.") { folder, seeds });
        command.SetAction(parsed => table.Run(parsed, machine => new RelatedItemsStudy(parsed.GetValue(folder)!, parsed.GetValue(seeds), Console.Error).Measure(machine, ThisCommand.Text())));
        return command;
    }

    private static Command Of(string name, string description, int size, string what, Func<int, int, MachineFacts, PerformanceTable> study)
    {
        var seeds = new Option<int>("--seeds") { Description = "Worlds and trainings.", DefaultValueFactory = _ => 3 };
        var many = new Option<int>("--size") { Description = what, DefaultValueFactory = _ => size };
        var table = new TableOptions();
        var command = table.AddTo(new Command(name, description) { seeds, many });
        command.SetAction(parsed => table.Run(parsed, machine => study(parsed.GetValue(seeds), parsed.GetValue(many), machine)));
        return command;
    }
}
