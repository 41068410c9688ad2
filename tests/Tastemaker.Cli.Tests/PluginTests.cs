using System.Diagnostics;
using Tastemaker.Catalog;

namespace Tastemaker.Cli.Tests;

/// <summary>Systems of other assemblies: the real command in a process of its own, with the plugin that samples/OwnSystem builds.</summary>
public sealed class PluginTests : IDisposable
{
    private static readonly string Plugin = Path.Combine(AppContext.BaseDirectory, "OwnSystem.dll");
    private readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    [Fact]
    public async Task A_system_of_a_plugin_trains_tunes_compares_and_recommends_like_those_of_the_library()
    {
        var (trained, said) = await RunAsync("train", place.Ratings, "--system", "softmax-mf", "--set", "factors=8", "--set", "epochs=2", "--out", place.At("run"), "--plugin", Plugin);
        trained.ShouldBe(0, said);
        (await RunAsync("recommend", place.At("run"), "--user", "1", "--count", "3", "--json", "--plugin", Plugin)).ShouldSatisfyAllConditions(
            list => list.ExitCode.ShouldBe(0, list.Said), list => list.Said.ShouldContain("\"strategy\": \"model\""));
        (await RunAsync("compare", place.Ratings, "--systems", "softmax-mf,popularity", "--tune", "2", "--out", place.At("compared"), "--no-baselines", $"--plugin={Plugin}")).ShouldSatisfyAllConditions(
            table => table.ExitCode.ShouldBe(0, table.Said), table => table.Said.ShouldContain("softmax-mf"));
        (await RunAsync("models", "softmax-mf", "--plugin", Plugin)).Said.ShouldContain("Number of factors per user and item.");
    }

    [Fact]
    public async Task A_graph_of_its_own_is_exported_and_answers_a_cold_start_user_from_the_file()
    {
        var (trained, said) = await RunAsync("train", place.Ratings, "--system", "pure-svd", "--set", "factors=3", "--out", place.At("run"), "--plugin", Plugin);
        trained.ShouldBe(0, said);
        (await RunAsync("export", place.At("run"), "-o", place.At("svd.onnx"), "--plugin", Plugin)).ShouldSatisfyAllConditions(export => export.ExitCode.ShouldBe(0, export.Said));
        var (ours, file) = (await ListOf(place.At("run")), await ListOf(place.At("svd.onnx")));
        file.ShouldContain("\"strategy\": \"fold-in\"");
        Items(file).ShouldBe(Items(ours));

        async Task<string> ListOf(string model) => (await RunAsync("recommend", model, "--history", "1,2", "--count", "3", "--json", "--plugin", Plugin)).Said;
        static IEnumerable<string> Items(string list) => list.Split('\n').Where(line => line.Contains("\"item\""));
    }

    [Fact]
    public async Task Without_the_plugin_the_system_is_unknown_and_the_message_says_how_to_name_it() =>
        (await RunAsync("models", "softmax-mf")).ShouldSatisfyAllConditions(refused => refused.ExitCode.ShouldBe(2), refused => refused.Said.ShouldContain("--plugin"));

    [Theory]
    [InlineData("nowhere.dll", "There is no plugin")]
    [InlineData("ratings.csv", "no .NET assembly")]
    [InlineData("Shouldly.dll", "has no systems")]
    public async Task What_is_no_plugin_is_refused_with_what_to_do(string file, string message)
    {
        var path = file == "ratings.csv" ? place.Ratings : Path.Combine(AppContext.BaseDirectory, file);
        (await RunAsync("models", "--plugin", path)).ShouldSatisfyAllConditions(refused => refused.ExitCode.ShouldBe(2), refused => refused.Said.ShouldContain(message));
    }

    [Theory]
    [InlineData("ease", "There is a system 'ease' already")]
    [InlineData("My System", "small letters")]
    public void An_id_that_is_taken_or_none_is_refused(string id, string message) =>
        Should.Throw<InputException>(() => SystemCatalog.Register(SystemCatalog.Find("popularity") with { Id = id })).Message.ShouldContain(message);

    [Fact]
    public void Registering_an_entry_again_changes_nothing()
    {
        var before = SystemCatalog.Systems.Count;
        SystemCatalog.Register(SystemCatalog.Find("ease"));
        SystemCatalog.Systems.Count.ShouldBe(before);
    }

    private static async Task<(int ExitCode, string Said)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments.Prepend(Path.Combine(AppContext.BaseDirectory, "taste.dll")))
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }
}
