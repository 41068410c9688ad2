using System.Net;
using System.Text;
using Tastemaker.Serving.Events;

namespace Tastemaker.Server.Tests;

/// <summary>What is wrong with the server itself is no fault of the caller's: 503 with a time to come back, and the details in the log alone.</summary>
public sealed class FaultTests
{
    [Fact]
    public async Task A_store_that_fails_is_unavailable_and_its_name_stays_in_the_log()
    {
        await using var server = await Served.StartAsync(options => options with { Serving = serving => serving.MakeStore = _ => new BrokenStore() });

        foreach (var (method, path, body) in new[]
        {
            (HttpMethod.Post, "/v1/interactions", """{"user": "u1", "item": "f1"}"""), (HttpMethod.Put, "/v1/items/f1", """{"title": "x"}"""), (HttpMethod.Delete, "/v1/interactions?user=u1", "{}"),
        })
        {
            using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            using var response = await server.Client.SendAsync(request);
            response.Headers.RetryAfter!.Delta.ShouldNotBeNull();
            var reply = await Reply.OfAsync(response);
            reply.Problem(HttpStatusCode.ServiceUnavailable).ShouldContain("Repeat the call later");
            reply.Text.ShouldNotContain("/secret/events.db");
        }

        (await server.GetAsync("/v1/users/u1/recommendations")).Ok();
        var ready = await server.GetAsync("/readyz");
        ready.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        ready.Text.ShouldContain("store: The event store does not answer");
        ready.Text.ShouldNotContain("/secret/events.db");
        (await server.GetAsync("/healthz")).Ok();
    }

    [Fact]
    public async Task A_closed_database_is_unavailable()
    {
        var folder = Served.NewFolder();
        var store = EventStores.Open(Path.Combine(folder, "events.db"));
        await using var server = await Served.StartAsync(options => options with { Serving = serving => serving.MakeStore = _ => store }, folder);
        await store.DisposeAsync();

        (await server.PostAsync("/v1/interactions", new { user = "u1", item = "f1" })).Problem(HttpStatusCode.ServiceUnavailable).ShouldNotContain("events.db");
    }

    [Fact]
    public async Task A_model_folder_with_a_link_to_nowhere_is_refused_and_the_old_model_goes_on()
    {
        await using var server = await Served.StartAsync();
        File.CreateSymbolicLink(Path.Combine(server.Model, "x.json"), "/nowhere/at/all");

        var problem = (await server.PostAsync("/v1/model/reload", new { })).Problem(HttpStatusCode.Conflict);

        problem.ShouldContain("x.json");
        problem.ShouldNotContain(server.Folder);
        (await server.GetAsync("/v1/users/u1/recommendations")).Ok();
        File.Delete(Path.Combine(server.Model, "x.json"));
    }

    [Fact]
    public async Task A_key_of_another_call_is_unprocessable_and_an_empty_one_is_refused()
    {
        await using var server = await Served.StartAsync();
        Task<Reply> Post(string item, string key) => server.SendAsync(HttpMethod.Post, "/v1/interactions", $"{{\"user\": \"new\", \"item\": \"{item}\"}}", ("Idempotency-Key", key));

        (await Post("f1", "one")).Ok();
        (await Post("f3", "one")).Problem(HttpStatusCode.UnprocessableEntity).ShouldContain("'one'");
        (await Post("f1", "one")).Ok()["repeated"].ShouldBe("True");
        (await Post("f3", " ")).Problem(HttpStatusCode.BadRequest).ShouldContain("Idempotency-Key");
        (await server.GetAsync("/v1/users/new/history")).Ok().Items.ShouldBe(["f1"]);
    }

    [Fact]
    public async Task Identifiers_that_fit_into_no_path_are_given_in_the_query()
    {
        await using var server = await Served.StartAsync();
        foreach (var id in (string[])[".", "..", "a/b", "%2F", "a?b&c=d"])
        {
            var escaped = Uri.EscapeDataString(id);
            (await server.PostAsync("/v1/interactions", new { user = id, item = "f1" })).Ok();
            (await server.GetAsync($"/v1/history?user={escaped}")).Ok()["user"].ShouldBe(id);
            (await server.GetAsync($"/v1/recommendations?user={escaped}&count=3")).Ok()["strategy"].ShouldBe("fold-in");
            (await server.SendAsync(HttpMethod.Put, $"/v1/items?id={escaped}", """{"title": "Odd"}""")).Status.ShouldBe(HttpStatusCode.NoContent);
            (await server.GetAsync($"/v1/item?id={escaped}")).Ok()["id"].ShouldBe(id);
            (await server.SendAsync(HttpMethod.Delete, $"/v1/interactions?user={escaped}", "")).Ok()["forgotten"].ShouldBe("1");
            (await server.GetAsync($"/v1/history?user={escaped}")).Ok().Items.ShouldBeEmpty();
        }

        (await server.GetAsync($"/v1/similar?item={Uri.EscapeDataString(Films.Item(2))}")).Ok();
        (await server.SendAsync(HttpMethod.Delete, "/v1/interactions", "")).Problem(HttpStatusCode.BadRequest).ShouldContain("?user=");
    }

    private sealed class BrokenStore : IEventStore
    {
        public Task<AppendReceipt> AppendAsync(IReadOnlyList<Interaction> interactions, string? idempotencyKey, CancellationToken cancellation) => throw Failure();

        public IAsyncEnumerable<StoredInteraction> ReadAsync(long after, CancellationToken cancellation) => after == 0 ? AsyncEnumerable.Empty<StoredInteraction>() : throw Failure();

        public Task PutAsync(EntityKind kind, IReadOnlyList<EntityRecord> records, CancellationToken cancellation) => throw Failure();

        public IAsyncEnumerable<EntityRecord> ReadRecordsAsync(EntityKind kind, CancellationToken cancellation) => AsyncEnumerable.Empty<EntityRecord>();

        public Task<long> CountAsync(InteractionFilter filter, CancellationToken cancellation) => throw Failure();

        public Task<long> ForgetAsync(InteractionFilter filter, CancellationToken cancellation) => throw Failure();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private static EventStoreException Failure() => new("The disk of the event store /secret/events.db is full.", new IOException());
    }
}
