using System.Collections.Concurrent;
using System.Net;

namespace Tastemaker.Server.Tests;

public sealed class ReloadTests
{
    [Fact]
    public async Task A_reload_under_load_fails_no_request()
    {
        await using var server = await Served.StartAsync();
        var (versions, failures) = (new ConcurrentDictionary<string, int>(), new ConcurrentBag<string>());
        using var enough = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 8).Select(caller => Task.Run(async () =>
        {
            for (var call = 0; !enough.IsCancellationRequested; call++)
            {
                var reply = await server.GetAsync($"/v1/users/u{1 + ((caller + call) % Films.Users)}/recommendations");
                if (reply.Status != HttpStatusCode.OK || reply.Items.Length != 10)
                {
                    failures.Add(reply.Text);
                }
                else
                {
                    versions.AddOrUpdate(reply["model"], 1, (_, count) => count + 1);
                }
            }
        })).ToArray();

        // The first model has answered before it is replaced.
        while (versions.IsEmpty && failures.IsEmpty)
        {
            await Task.Yield();
        }

        for (ulong seed = 2; seed <= 5; seed++)
        {
            Films.Train(server.Model, seed);
            var version = (await server.PostAsync("/v1/model/reload", new { })).Ok()["version"];
            while (!versions.ContainsKey(version) && failures.IsEmpty)
            {
                await Task.Yield();
            }
        }

        await enough.CancelAsync();
        await Task.WhenAll(callers);
        failures.ShouldBeEmpty();
        versions.Count.ShouldBe(5);
    }

    [Fact]
    public async Task A_corrupt_model_is_refused_and_the_old_one_goes_on()
    {
        await using var server = await Served.StartAsync();
        var before = (await server.GetAsync("/v1/users/u1/recommendations")).Ok().Text;
        File.WriteAllText(Path.Combine(server.Model, "items.jsonl"), "{}");

        (await server.PostAsync("/v1/model/reload", new { })).Problem(HttpStatusCode.Conflict).ShouldContain("items.jsonl' is corrupt");

        (await server.GetAsync("/v1/users/u1/recommendations")).Ok().Text.ShouldBe(before);
        (await server.GetAsync("/readyz")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_cursor_does_not_outlive_its_model()
    {
        await using var server = await Served.StartAsync();
        var next = (await server.GetAsync("/v1/users/u1/recommendations")).Ok()["next"];
        Films.Train(server.Model, seed: 9);
        (await server.PostAsync("/v1/model/reload", new { })).Ok();

        (await server.GetAsync($"/v1/users/u1/recommendations?cursor={next}")).Problem(HttpStatusCode.BadRequest).ShouldContain("another model");
    }
}
