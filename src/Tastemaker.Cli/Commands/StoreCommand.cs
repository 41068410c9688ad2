using System.CommandLine;
using Spectre.Console;
using Tastemaker.Cli.Arguments;
using Tastemaker.Cli.Output;
using Tastemaker.Data.Import;
using Tastemaker.Serving.Events;

namespace Tastemaker.Cli.Commands;

/// <summary><c>taste store ...</c>: what is to be done with the events that a service keeps.</summary>
internal static class StoreCommand
{
    public static Command Create() => new Command("store", "Look after the events that 'taste serve' keeps.") { Import(), Export(), Forget() };

    private static TasteCommand Import()
    {
        var paths = new Argument<string[]>("data") { Description = "Files of interactions, a folder, or the name of a public set." };
        var store = new Option<string>("--store") { Description = "The store: a SQLite file, which is made where there is none, or a connection string of PostgreSQL.", Required = true };
        return new TasteCommand(
            "import",
            "Bring data into a store, so that what a service begins with and what happens there are one. Interrupted, or when the data has grown, it goes on when called again: what is in the store already is not stored twice.",
            ("taste store import ratings.csv --store events.db", "Interactions in the order of their times, and features of items and users."),
            ("taste train --from-store events.db --system ease --out runs/ease", "Then."))
        {
            paths, store,
        }.Does(async (parsed, terminal, cancellation) =>
        {
            var name = parsed.GetRequiredValue(store);
            CheckName(name);
            CheckFile(name, parsed.GetRequiredValue(paths));
            var data = Loading.Data(new DataOptions { Paths = parsed.GetRequiredValue(paths) }, terminal, cancellation);
            var opened = EventStores.Open(name);
            await using (opened.ConfigureAwait(false))
            {
                var progress = new Progress<long>(count => terminal.Note($"{count:N0} interactions written"));
                var done = await EventStores.ImportAsync(opened, data, progress, cancellation).ConfigureAwait(false);
                return terminal.Result(
                    new { store = name, interactions = done.Count, added = done.Added },
                    console => console.MarkupLineInterpolated($"{done.Added:N0} interactions were added; {done.Count - done.Added:N0} were there already. All {done.Count:N0} of the data are in [bold]{name}[/]. Next: taste train --from-store {name} --system ease"));
            }
        });
    }

    private static TasteCommand Export()
    {
        var store = Store();
        var output = new Option<string>("--out", "-o") { Description = "The Parquet file.", Required = true };
        var outputs = new Outputs();
        var after = new Option<long>("--after") { Description = "Only interactions with higher numbers.", DefaultValueFactory = _ => 0 };
        var command = new TasteCommand(
            "export",
            "Write a store's interactions to a Parquet file: user, item, value (where there are any), time.",
            ("taste store export events.db --out events.parquet", "While the service runs, if it does."),
            ("taste store export \"Host=localhost;Database=shop\" --out new.parquet --after 120000", "What came after an earlier export."))
        {
            store, output, after,
        }.Does(async (parsed, terminal, cancellation) =>
        {
            var (name, path) = (parsed.GetRequiredValue(store), parsed.GetRequiredValue(output));
            if (Path.GetExtension(path).ToLowerInvariant() is not ".parquet" and var other)
            {
                throw new InputException($"--out {path}: the extension '{other}' is not supported; interactions are exported as .parquet.");
            }

            outputs.CheckFile(parsed, "--out", path, EventStores.IsServer(name) ? [] : [name], EventStores.IsExport);
            var opened = Open(name);
            await using (opened.ConfigureAwait(false))
            {
                var progress = new Progress<long>(count => terminal.Note($"{count:N0} interactions read"));
                var done = await EventStores.ExportAsync(opened, path, parsed.GetValue(after), progress, cancellation).ConfigureAwait(false);
                return terminal.Result(
                    new { store = name, file = path, interactions = done.Count, last = done.Last },
                    console => console.MarkupLineInterpolated($"{done.Count:N0} interactions written to [bold]{path}[/]; the last has number {done.Last}. Next: taste train {path} --system ease"));
            }
        });
        outputs.AddTo(command);
        return command;
    }

    // A store that is imported into itself, or made where its data is.
    private static void CheckFile(string store, string[] data)
    {
        if (!EventStores.IsServer(store))
        {
            Outputs.CheckFile("--store", store, DataInputs.Of(new DataOptions { Paths = data }));
        }
    }

    private static TasteCommand Forget()
    {
        var store = Store();
        var days = new Option<double?>("--older-than") { Description = "Only interactions that happened longer ago than so many days.", HelpName = "days" };
        var user = new Option<string?>("--user") { Description = "Only interactions of this user." };
        var item = new Option<string?>("--item") { Description = "Only interactions with this item." };
        var confirmation = new Confirmation();
        var command = new TasteCommand(
            "forget",
            "Remove interactions: those that meet all of the conditions given. There is no way back, so it asks first.",
            ("taste store forget events.db --older-than 365 --dry-run", "How many interactions are older than a year."),
            ("taste store forget events.db --older-than 365 --yes", "Removes them without asking."),
            ("taste store forget events.db --user ann", "All that one user did."))
        {
            store, days, user, item,
        }.Does(async (parsed, terminal, cancellation) =>
        {
            var name = parsed.GetRequiredValue(store);
            var filter = new InteractionFilter { Before = Before(parsed.GetValue(days)), User = parsed.GetValue(user), Item = parsed.GetValue(item) };
            if (filter == new InteractionFilter())
            {
                throw new InputException("Which interactions are to be removed? Give --older-than DAYS, --user ID, --item ID, or several of them.");
            }

            var opened = Open(name);
            await using (opened.ConfigureAwait(false))
            {
                var count = await opened.CountAsync(filter, cancellation).ConfigureAwait(false);
                if (confirmation.IsDryRun(parsed))
                {
                    return terminal.Result(new { store = name, wouldForget = count, filter.Before }, console => console.MarkupLineInterpolated($"{count:N0} interactions of {name} would be removed."));
                }

                if (count > 0 && !confirmation.IsGiven(parsed, $"Remove {count:N0} interactions of {name} for ever?", terminal))
                {
                    terminal.Note("Nothing was removed.");
                    return ExitCodes.Done;
                }

                count = await opened.ForgetAsync(filter, cancellation).ConfigureAwait(false);
                return terminal.Result(
                    new { store = name, forgotten = count, filter.Before },
                    console => console.MarkupLineInterpolated($"{count:N0} interactions of {name} are removed. A service that is running forgets them at its next start, and models at their next training."));
            }
        });
        confirmation.AddTo(command);
        return command;
    }

    private static DateTimeOffset? Before(double? days) => days is null ? null
        : days is >= 0 and < 100_000 ? DateTimeOffset.UtcNow - TimeSpan.FromDays(days.Value)
        : throw new InputException($"--older-than is {days}; 0 to 100,000 days are possible.");

    /// <summary>An empty name, such as that of a variable that is not set, would mean a store in memory, which is lost with the process.</summary>
    /// <exception cref="InputException">The name is empty.</exception>
    public static void CheckName(string name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            throw new InputException("The name of the event store is empty. Name a file, such as events.db, or a PostgreSQL server, such as postgres://recommender@localhost/shop.");
        }
    }

    private static Argument<string> Store() => new("store") { Description = "A store's file, or a connection string of PostgreSQL." };

    // Opening makes a file where there is none, which is for services, not for commands with a mistyped name.
    private static IEventStore Open(string store) => store.Length > 0 && (EventStores.IsServer(store) || File.Exists(store))
        ? EventStores.Open(store)
        : throw new InputException($"There is no event store '{store}'. Give the file, or the connection string, that the service keeps its events in.");
}
