using System.CommandLine;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spectre.Console;
using Tastemaker.Cli.Arguments;
using Tastemaker.Cli.Output;
using Tastemaker.Server;
using Tastemaker.Serving;
using Tastemaker.Serving.Answering;

namespace Tastemaker.Cli.Commands;

/// <summary><c>taste serve RUN</c>: a trained model behind an HTTP API.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("run") { Description = "A run folder, a folder of a saved model, or an .onnx file of 'taste export'." };
        var store = new Option<string?>("--store") { Description = "Where interactions are kept: a SQLite file, or a connection string postgres://... Without it they are lost with the process." };
        var compare = new Option<string[]>("--compare") { Description = "Another model to ask by name, beside the first on the page; may be repeated.", DefaultValueFactory = _ => [] };
        var port = new Option<int>("--port") { Description = "Port on this machine's own address, 127.0.0.1; 0 for a free one.", DefaultValueFactory = _ => 8080 };
        var urls = new Option<string[]>("--urls") { Description = "Addresses to listen on, in place of 127.0.0.1; may be repeated.", DefaultValueFactory = _ => [] };
        var keys = new Option<string?>("--api-key-file") { Description = "A file of API keys: on each line a key's SHA-256 and a name. Without it no key is asked for." };
        var rate = new Option<int>("--rate-limit") { Description = "Most requests a second of each key, or of each address where there are no keys; 0 for no limit." };
        var cors = new Option<string[]>("--cors") { Description = "An origin whose web pages may call the API; may be repeated. Default: none.", DefaultValueFactory = _ => [] };
        var hosts = new Option<string[]>("--allow-host")
        {
            Description = "A name by which callers may address a server without keys, besides localhost and IP addresses; may be repeated; * for any.", DefaultValueFactory = _ => [],
        };
        var memory = new Option<int>("--users-in-memory") { Description = "Most users whose events are kept in memory; those of others are read from the store when they ask.", DefaultValueFactory = _ => 100_000 };
        var logs = new Option<bool>("--log-json") { Description = "Write log lines as JSON." };
        var otlp = new Option<string?>("--otlp") { Description = "Where to send traces, such as http://127.0.0.1:4317. Default: $OTEL_EXPORTER_OTLP_ENDPOINT, or nowhere." };
        var batch = new Option<int>("--batch-size") { Description = "Most concurrent requests that are answered together; 1 answers each alone.", DefaultValueFactory = _ => 64 };
        var wait = new Option<double>("--batch-wait") { Description = "Milliseconds that a batch waits for more requests. With 0 it takes what came while the one before was computed." };
        var retrain = new Option<string?>("--retrain") { Description = "When to train again from the store: a cron expression such as \"30 3 * * *\". The new model takes over if it is not worse on the newest interactions.", HelpName = "cron" };
        var slice = new Option<double>("--retrain-slice") { Description = "The share of the interactions, the newest, that old and new model are measured on.", DefaultValueFactory = _ => 0.1 };
        return new TasteCommand(
            "serve",
            "Serve a trained model over HTTP: recommendations, live events, metrics.",
            ("taste serve runs/ease", "On http://127.0.0.1:8080; the API's reference is at /reference."),
            ("taste serve runs/ease --store events.db --port 9000", "Interactions are kept in a SQLite file and known again after a restart."),
            ("taste serve model.onnx", "From a file of 'taste export', which is all it needs."),
            ("taste serve runs/ease --compare runs/bpr-mf", "The page shows the lists of both side by side; requests name the second by \"model\"."),
            ("taste serve runs/ease --store events.db --retrain \"30 3 * * *\"", "Trains again each night at half past three, and keeps the better model."),
            ("taste serve runs/ease --urls http://0.0.0.0:8080 --api-key-file keys.txt --rate-limit 100", "For other machines: with keys, each for 100 requests a second."))
        {
            model, store, compare, retrain, slice, port, urls, keys, rate, hosts, cors, memory, logs, otlp, batch, wait,
        }.Does((parsed, terminal, cancellation) =>
        {
            var run = parsed.GetRequiredValue(model);
            _ = RunLocator.ModelFolder(run); // names the runs that are there if this is none
            var others = parsed.GetValue(compare)!;
            foreach (var other in others)
            {
                _ = RunLocator.ModelFolder(other);
            }

            if (parsed.GetValue(store) is { } named)
            {
                StoreCommand.CheckName(named);
            }

            var options = new ServerOptions
            {
                Model = run,
                CompareWith = others,
                Store = parsed.GetValue(store) ?? "",
                Urls = Addresses(parsed.GetValue(urls)!, InRange("--port", parsed.GetValue(port), 65_535)),
                ApiKeyFile = parsed.GetValue(keys),
                RateLimit = InRange("--rate-limit", parsed.GetValue(rate), 1_000_000),
                CorsOrigins = parsed.GetValue(cors)!,
                AllowedHosts = parsed.GetValue(hosts)!,
                JsonLogs = parsed.GetValue(logs),
                OtlpEndpoint = parsed.GetValue(otlp) ?? Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT"),
                Serving = serving =>
                {
                    serving.Retrain = parsed.GetValue(retrain) ?? "";
                    serving.RetrainSlice = parsed.GetValue(slice) is >= 0.001 and <= 0.4 and var share ? share : throw new InputException("--retrain-slice: 0.001 to 0.4 are possible.");
                    serving.UsersInMemory = Math.Max(1, InRange("--users-in-memory", parsed.GetValue(memory), int.MaxValue));
                    serving.BatchSize = Math.Max(1, InRange("--batch-size", parsed.GetValue(batch), 4096));
                    serving.BatchWait = parsed.GetValue(wait) is >= 0 and <= 1000 and var milliseconds
                        ? TimeSpan.FromMilliseconds(milliseconds)
                        : throw new InputException("--batch-wait: 0 to 1000 milliseconds are possible.");
                },
            };
            return RunAsync(options, terminal, cancellation);
        });
    }

    private static async Task<int> RunAsync(ServerOptions options, Terminal terminal, CancellationToken cancellation)
    {
        await using var app = TastemakerServer.Build(options);
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (IOException taken)
        {
            throw new InputException($"{string.Join(", ", options.Urls)} cannot be listened on: {taken.Message} Choose another --port.", taken);
        }

        Announce(app, terminal);
        if (options.Store.Length == 0)
        {
            terminal.Note("Note: interactions are kept in memory alone and are lost when the server ends. Name a file to keep them: --store events.db");
        }

        await app.WaitForShutdownAsync(cancellation);
        terminal.Note("Stopped; requests that had come were answered.");
        return ExitCodes.Done;
    }

    private static void Announce(WebApplication app, Terminal terminal)
    {
        var address = app.Urls.First().TrimEnd('/');
        var service = app.Services.GetRequiredService<IRecommendationService>();
        var card = service.Model;
        var user = app.Services.GetRequiredService<ServedModels>().First.Host.AnyUser is { } known ? Uri.EscapeDataString(known) : "anyone";
        terminal.Result(new { address, card.System, card.Version, card.Users, card.Items }, console =>
        {
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{card.System} {card.Version} serves {card.Items} items to {card.Users} users at {address}"));
            console.WriteLine($"  curl '{address}/v1/users/{user}/recommendations?count=5'");
            console.WriteLine($"Page: {address}/   Reference of the API: {address}/reference   Ctrl-C ends.");
        });
    }

    private static string[] Addresses(string[] urls, int port) => urls.Length == 0 ? [$"http://127.0.0.1:{port}"]
        : urls.FirstOrDefault(url => !url.StartsWith("http://", StringComparison.OrdinalIgnoreCase)) is { } odd
            ? throw new InputException($"--urls {odd}: write an address such as http://0.0.0.0:8080. For https put a proxy in front; the page on serving shows one.")
            : urls;

    private static int InRange(string option, int value, int most) =>
        value >= 0 && value <= most ? value : throw new InputException($"{option} {value}: 0 to {most} are possible.");
}
