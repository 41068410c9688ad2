using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tastemaker.Server.Contracts;
using Tastemaker.Server.Errors;
using Tastemaker.Server.Paging;
using Tastemaker.Serving;
using Tastemaker.Serving.Catalog;
using Tastemaker.Serving.Events;

namespace Tastemaker.Server.Endpoints;

/// <summary>Items, users, and what happens between them.</summary>
internal static class EntityEndpoints
{
    /// <summary>Adds them.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/interactions", AppendAsync).Accepts<Interaction[]>("application/json").Produces<AppendReceipt>().WithName("appendInteractions")
            .WithSummary("Report interactions: one, or an array of them.")
            .WithDescription("Stored when answered, and heeded by the next list. With an Idempotency-Key a repeated call stores nothing twice.");
        routes.MapPut("/items/{id}", (string id, EntityBody body, IRecommendationService service, Limits limits, CancellationToken cancellation) =>
                PutAsync(EntityKind.Item, id, body, service, limits, cancellation)).Produces(StatusCodes.Status204NoContent).WithName("putItem")
            .WithSummary("Add an item, or replace its title and features.");
        routes.MapPut("/users/{id}", (string id, EntityBody body, IRecommendationService service, Limits limits, CancellationToken cancellation) =>
                PutAsync(EntityKind.User, id, body, service, limits, cancellation)).Produces(StatusCodes.Status204NoContent).WithName("putUser")
            .WithSummary("Add a user, or replace the features.");
        routes.MapGet("/items", Find).Produces<ItemPage>().WithName("findItems")
            .WithSummary("Find items by title or identifier, page by page.");
        routes.MapGet("/items/{id}", One).Produces<CatalogItem>().ProducesProblem(StatusCodes.Status404NotFound).WithName("getItem")
            .WithSummary("An item.");
        routes.MapGet("/features", Features).Produces<FeatureList>().WithName("getFeatures")
            .WithSummary("The features that items have, with their categories and how many items have each: what 'where' can ask for.");
        routes.MapGet("/users", FindUsers).Produces<UserPage>().WithName("findUsers")
            .WithSummary("Find users by a part of the identifier, page by page.");
        routes.MapGet("/users/{user}/history", History).Produces<HistoryResponse>().WithName("getHistory")
            .WithSummary("What a user has, oldest first.");
    }

    private static async Task<IResult> AppendAsync(InteractionList body, HttpRequest request, IRecommendationService service, Limits limits, CancellationToken cancellation)
    {
        var key = request.Headers["Idempotency-Key"] is { Count: > 0 } given ? given.ToString() : null;
        limits.Check(body.Interactions, key);
        return TypedResults.Json(await service.AppendAsync(body.Interactions, key, cancellation).ConfigureAwait(false), ApiJson.Types.AppendReceipt);
    }

    private static async Task<IResult> PutAsync(EntityKind kind, string id, EntityBody body, IRecommendationService service, Limits limits, CancellationToken cancellation)
    {
        await service.PutAsync(kind, [limits.Record(limits.Id(id), body)], cancellation).ConfigureAwait(false);
        return TypedResults.NoContent();
    }

    private static JsonHttpResult<ItemPage> Find(string? search, int? count, string? cursor, IRecommendationService service, Limits limits)
    {
        _ = limits.Id(search ?? "");
        var (model, key, size) = (service.Model.Version, $"items {search}", count ?? 20);
        var skip = cursor is null ? 0 : Cursor.Read(cursor, model, key);
        var items = service.FindItems(search, skip, size);
        return TypedResults.Json(new ItemPage(items, items.Count == size ? Cursor.Of(skip + size, model, key) : null), ApiJson.Types.ItemPage);
    }

    private static JsonHttpResult<FeatureList> Features(int? count, IRecommendationService service) =>
        TypedResults.Json(new FeatureList(service.ItemFeatures(count ?? 100)), ApiJson.Types.FeatureList);

    private static JsonHttpResult<UserPage> FindUsers(string? search, int? count, string? cursor, IRecommendationService service, Limits limits)
    {
        _ = limits.Id(search ?? "");
        var (model, key, size) = (service.Model.Version, $"users {search}", count ?? 20);
        var skip = cursor is null ? 0 : Cursor.Read(cursor, model, key);
        var users = service.FindUsers(search, skip, size);
        return TypedResults.Json(new UserPage(users, users.Count == size ? Cursor.Of(skip + size, model, key) : null), ApiJson.Types.UserPage);
    }

    private static IResult One(string id, IRecommendationService service, Limits limits)
    {
        id = limits.Id(id);
        return service.FindItem(id) is { } item
            ? TypedResults.Json(item, ApiJson.Types.CatalogItem)
            : ProblemResult.Of(StatusCodes.Status404NotFound, $"There is no item '{id}'. GET /v1/items?search=TITLE finds items.");
    }

    private static JsonHttpResult<HistoryResponse> History(string user, IRecommendationService service, Limits limits)
    {
        user = limits.Id(user);
        return TypedResults.Json(
            new HistoryResponse(user, [.. service.HistoryOf(user).Select(item => new HistoryItem(item, service.FindItem(item)?.Title))]), ApiJson.Types.HistoryResponse);
    }
}
