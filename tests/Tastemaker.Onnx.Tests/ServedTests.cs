using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tastemaker.Server;
using Tastemaker.Serving;
using Tastemaker.Serving.Tests;

namespace Tastemaker.Onnx.Tests;

/// <summary>A server that has the file and nothing else.</summary>
public sealed class ServedTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_file_alone_is_served_with_titles_filters_live_events_and_reload()
    {
        var file = folder.At("model.onnx");
        using (var ours = Films.Train("ease"))
        {
            OnnxRecommender.Export(ours, file);
        }

        Directory.GetFileSystemEntries(folder.Folder).ShouldBe([file]);
        await using var app = TastemakerServer.Build(new ServerOptions { Model = file, Urls = ["http://127.0.0.1:0"] });
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        var model = await client.GetFromJsonAsync<JsonElement>("/v1/model");
        model.GetProperty("system").GetString().ShouldBe("ease");
        var version = model.GetProperty("version").GetString()!;
        version.Length.ShouldBe(12);

        var list = await client.GetFromJsonAsync<JsonElement>("/v1/users/u3/recommendations?count=3");
        list.GetProperty("strategy").GetString().ShouldBe("model");
        list.GetProperty("items")[0].GetProperty("title").GetString().ShouldStartWith("Film ");

        var dramas = await PostAsync("/v1/recommendations", new { history = new[] { "f1", "f3" }, count = 3, where = new { genres = new[] { "Crime" } }, explain = true });
        dramas.GetProperty("strategy").GetString().ShouldBe("fold-in");
        dramas.GetProperty("items").EnumerateArray().Select(item => int.Parse(item.GetProperty("item").GetString()!.AsSpan(1)) % 3).ShouldBe([0, 0, 0]);

        // What comes in counts at once, for someone the file does not know.
        await PostAsync("/v1/interactions", new { user = "newcomer", item = "f1" });
        var live = await client.GetFromJsonAsync<JsonElement>("/v1/users/newcomer/recommendations?count=3");
        live.GetProperty("strategy").GetString().ShouldBe("fold-in");

        // Another model takes its place; then one that is damaged does not.
        using (var other = Films.Train("multi-vae"))
        {
            OnnxRecommender.Export(other, file);
        }

        (await PostAsync("/v1/model/reload", new { })).GetProperty("system").GetString().ShouldBe("multi-vae");
        await File.WriteAllBytesAsync(file, new byte[100]);
        using var refused = await client.PostAsJsonAsync("/v1/model/reload", new { });
        ((int)refused.StatusCode).ShouldBe(409);
        (await client.GetFromJsonAsync<JsonElement>("/v1/model")).GetProperty("system").GetString().ShouldBe("multi-vae");

        async Task<JsonElement> PostAsync(string path, object body)
        {
            using var reply = await client.PostAsJsonAsync(path, body);
            var text = await reply.Content.ReadAsStringAsync();
            reply.IsSuccessStatusCode.ShouldBeTrue(text);
            return JsonDocument.Parse(text).RootElement;
        }
    }

    [Fact]
    public async Task An_application_serves_it_by_its_options()
    {
        using (var ours = Films.Train("ease"))
        {
            OnnxRecommender.Export(ours, folder.At("model.onnx"));
        }

        var services = new ServiceCollection();
        services.AddLogging();
        services.AddTastemaker(options => options.Model = folder.At("model.onnx"));
        await using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IRecommendationService>().Model.System.ShouldBe("ease");
    }
}
