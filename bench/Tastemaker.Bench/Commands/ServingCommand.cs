using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Tastemaker.Bench.Generation;
using Tastemaker.Bench.Measuring;
using Tastemaker.Bench.Reports;
using Tastemaker.Catalog;
using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Retrieval;
using Tastemaker.Server;

namespace Tastemaker.Bench.Commands;

/// <summary><c>serving</c>: the HTTP service under the load of an external tool.</summary>
internal static class ServingCommand
{
    private const int WarmUpSeconds = 3;

    public static Command Create()
    {
        var system = new Option<string[]>("--systems") { Description = "Systems to serve.", DefaultValueFactory = _ => ["bpr-mf"], AllowMultipleArgumentsPerToken = true };
        var items = new Option<int>("--items") { Description = "Size of the catalog.", DefaultValueFactory = _ => 3_706 };
        var users = new Option<int>("--users") { Description = "Number of users.", DefaultValueFactory = _ => 6_040 };
        var interactions = new Option<int>("--interactions") { Description = "Interactions to train on, generated.", DefaultValueFactory = _ => 1_000_000 };
        var connections = new Option<int[]>("--connections") { Description = "Requests at a time.", DefaultValueFactory = _ => [1, 32, 128], AllowMultipleArgumentsPerToken = true };
        var seconds = new Option<int>("--seconds") { Description = "How long each figure is measured.", DefaultValueFactory = _ => 10 };
        var index = new Option<bool>("--index") { Description = "Also serve with an index over the items." };
        var title = new Option<string?>("--title") { Description = "Title of the section." };
        var options = new TableOptions();
        var command = options.AddTo(new Command("serving", "Put load on the HTTP service with wrk, on this machine.") { system, items, users, interactions, connections, seconds, index, title });
        command.SetAction(parsed => options.Run(parsed, machine =>
        {
            var shape = new SyntheticShape { Items = parsed.GetValue(items), Users = parsed.GetValue(users), Interactions = parsed.GetValue(interactions) };
            var rows = new List<IReadOnlyList<string>>();
            foreach (var id in parsed.GetValue(system)!)
            {
                Serve(id, shape, parsed.GetValue(index), parsed.GetValue(connections)!, parsed.GetValue(seconds), rows);
            }

            return new PerformanceTable
            {
                Title = parsed.GetValue(title) ?? $"Serving {Figure.Count(shape.Items)} items over HTTP",
                Text = $"""
                    `GET /v1/users/USER/recommendations?count=10` of the service as `taste serve` runs it, for {Figure.Count(shape.Users)} users in random order, by wrk with one thread, which shares
                    the processors with the service. *alone* answers each request by itself (`--batch-size 1`); *together* lets those that wait share a pass over the catalog, as is the default.
                    Models are trained on {Figure.Count(shape.Interactions)} generated interactions; the work does not depend on what they have learned.
                    """,
                Columns = ["system", "requests", "at a time", "answers/s", "p50", "p99", "errors"],
                Rows = rows,
                Command = ThisCommand.Text(),
                Machine = machine,
            };
        }));
        return command;
    }

    private static void Serve(string system, SyntheticShape shape, bool withIndex, int[] connections, int seconds, List<IReadOnlyList<string>> rows)
    {
        var folder = Directory.CreateTempSubdirectory("taste-serving-").FullName;
        try
        {
            Train(system, shape, withIndex, folder);
            foreach (var indexed in withIndex ? new[] { false, true } : [false])
            {
                var index = Path.Combine(folder, IndexFile.Name);
                if (withIndex)
                {
                    File.Move(indexed ? index + ".off" : index, indexed ? index : index + ".off");
                }

                foreach (var batch in new[] { 1, 64 })
                {
                    rows.AddRange(connections.Select(count => (IReadOnlyList<string>)[system + (indexed ? ", index" : ""), batch == 1 ? "alone" : "together", Figure.Count(count), .. Load(folder, shape, batch, count, seconds)]));
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Train(string system, SyntheticShape shape, bool withIndex, string folder)
    {
        Console.Error.WriteLine($"training {system}");
        var train = GeneratedData.TrainingSet(shape);
        var split = new Split { Description = "all", Train = train, Test = new HoldOut { Requests = new RequestBatch([0], SparseRows.Empty(1, shape.Items)), Targets = SparseRows.Empty(1, shape.Items) } };
        var info = SystemCatalog.Find(system);
        var settings = info.DefaultOptions is Models.Baselines.SgdFactorOptions factors ? factors with { Epochs = 3 } : info.DefaultOptions;
        using var recommender = Recommender.Train(system, split, settings, new TrainingOptions { Patience = 0 });
        Recommender.Save(recommender, folder);
        if (withIndex)
        {
            Console.Error.WriteLine("building the index");
            InvertedIndex.Of(recommender).Save(Path.Combine(folder, IndexFile.Name));
        }
    }

    private static string[] Load(string folder, SyntheticShape shape, int batch, int connections, int seconds)
    {
        WebApplication app = TastemakerServer.Build(new ServerOptions { Model = folder, Urls = ["http://127.0.0.1:0"], Serving = serving => serving.BatchSize = batch });
        try
        {
            app.StartAsync().GetAwaiter().GetResult();
            _ = ServingLoad.Measure(app.Urls.First(), shape.Users, connections, WarmUpSeconds);
            var load = ServingLoad.Measure(app.Urls.First(), shape.Users, connections, seconds);
            Console.Error.WriteLine($"{batch} {connections}: {load}");
            return [Figure.Count((long)load.Requests), Figure.Time(load.Median), Figure.Time(load.P99), Figure.Count(load.Errors)];
        }
        finally
        {
            app.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }
}
