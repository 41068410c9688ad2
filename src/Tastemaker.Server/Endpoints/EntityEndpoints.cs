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
    /// <summary>The header that names a call, so that it may be repeated.</summary>
    public const string IdempotencyKey = "Idempotency-Key";

    /// <summary>Adds them.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/interactions", AppendAsync).Produces<AppendReceipt>().ProducesProblem(StatusCodes.Status422UnprocessableEntity).WithName("appendInteractions")
            .WithSummary("Report interactions: one, or an array of them.")
            .WithDescription("Stored when answered, and heeded by the next list. With an Idempotency-Key a repeated call stores nothing twice.");
        routes.MapDelete("/interactions", ForgetAsync).Produces<ForgetResponse>().WithName("forgetInteractions")
            .WithSummary("Forget for ever what a user did, or what was done with an item, or both at once.")
            .WithDescription("What the model learned from them stays in it until the next training.");
        routes.MapPut("/items/{id}", PutItemAsync).Produces(StatusCodes.Status204NoContent).WithName("putItem")
            .WithSummary("Add an item, or replace its title and features.");
        routes.MapPut("/items", PutItemAsync).Produces(StatusCodes.Status204NoContent).WithName("putItemByQuery")
            .WithSummary("Add or replace an item whose identifier does not fit into a path.");
        routes.MapPut("/users/{id}", PutUserAsync).Produces(StatusCodes.Status204NoContent).WithName("putUser")
            .WithSummary("Add a user, or replace the features.");
        routes.MapPut("/users", PutUserAsync).Produces(StatusCodes.Status204NoContent).WithName("putUserByQuery")
            .WithSummary("Add or replace a user whose identifier does not fit into a path.");
        routes.MapGet("/items", Find).Produces<ItemPage>().WithName("findItems")
            .WithSummary("Find items by title or identifier, page by page.");
        routes.MapGet("/items/{id}", One).Produces<CatalogItem>().ProducesProblem(StatusCodes.Status404NotFound).WithName("getItem")
            .WithSummary("An item.");
        routes.MapGet("/item", One).Produces<CatalogItem>().ProducesProblem(StatusCodes.Status404NotFound).WithName("getItemByQuery")
            .WithSummary("An item whose identifier does not fit into a path.");
        routes.MapGet("/features", Features).Produces<FeatureList>().WithName("getFeatures")
            .WithSummary("The features that items have, with their categories and how many items have each: what 'where' can ask for.");
        routes.MapGet("/users", FindUsers).Produces<UserPage>().WithName("findUsers")
            .WithSummary("Find users by a part of the identifier, page by page.");
        routes.MapGet("/users/{user}/history", HistoryAsync).Produces<HistoryResponse>().WithName("getHistory")
            .WithSummary("What a user has, oldest first.");
        routes.MapGet("/history", HistoryAsync).Produces<HistoryResponse>().WithName("getHistoryByQuery")
            .WithSummary("What a user has whose identifier does not fit into a path, oldest first.");
    }

    private static async Task<IResult> AppendAsync(InteractionList body, HttpRequest request, IRecommendationService service, RequestValidator validator, CancellationToken cancellation)
    {
        var key = request.Headers[IdempotencyKey] is { Count: > 0 } given ? given.ToString() : null;
        if (key is not null && string.IsNullOrWhiteSpace(key))
        {
            throw new InputException($"{IdempotencyKey}: it is empty. Give each call a key of its own, such as the number of an order, or leave the header out.");
        }

        validator.Check(body.Interactions, key);
        return TypedResults.Json(await service.AppendAsync(body.Interactions, key, cancellation).ConfigureAwait(false), ApiJson.Types.AppendReceipt);
    }

    private static async Task<IResult> ForgetAsync(string? user, string? item, IRecommendationService service, RequestValidator validator, CancellationToken cancellation)
    {
        if (user is null && item is null)
        {
            throw new InputException("Whose interactions are to be forgotten? Give ?user=..., ?item=..., or both.");
        }

        validator.Check("user", user ?? "");
        validator.Check("item", item ?? "");
        return TypedResults.Json(new ForgetResponse(await service.ForgetAsync(user, item, cancellation).ConfigureAwait(false)), ApiJson.Types.ForgetResponse);
    }

    private static Task<IResult> PutItemAsync(string id, EntityBody body, HttpRequest request, IRecommendationService service, RequestValidator validator, CancellationToken cancellation) =>
        PutAsync(EntityKind.Item, validator.Id(id, request), body, service, validator, cancellation);

    private static Task<IResult> PutUserAsync(string id, EntityBody body, HttpRequest request, IRecommendationService service, RequestValidator validator, CancellationToken cancellation) =>
        PutAsync(EntityKind.User, validator.Id(id, request), body, service, validator, cancellation);

    private static async Task<IResult> PutAsync(EntityKind kind, string id, EntityBody body, IRecommendationService service, RequestValidator validator, CancellationToken cancellation)
    {
        await service.PutAsync(kind, [validator.Record(id, body)], cancellation).ConfigureAwait(false);
        return TypedResults.NoContent();
    }

    private static JsonHttpResult<ItemPage> Find(string? search, int? count, string? cursor, IRecommendationService service, RequestValidator validator)
    {
        validator.Check("search", search ?? "");
        var (model, key, size) = (service.Model.Version, $"items {search}", count ?? 20);
        var skip = cursor is null ? 0 : Cursor.Read(cursor, model, key);
        var items = service.FindItems(search, skip, size);
        return TypedResults.Json(new ItemPage(items, items.Count == size ? Cursor.Of(skip + size, model, key) : null), ApiJson.Types.ItemPage);
    }

    private static JsonHttpResult<FeatureList> Features(int? count, IRecommendationService service) =>
        TypedResults.Json(new FeatureList(service.ItemFeatures(count ?? 100)), ApiJson.Types.FeatureList);

    private static JsonHttpResult<UserPage> FindUsers(string? search, int? count, string? cursor, IRecommendationService service, RequestValidator validator)
    {
        validator.Check("search", search ?? "");
        var (model, key, size) = (service.Model.Version, $"users {search}", count ?? 20);
        var skip = cursor is null ? 0 : Cursor.Read(cursor, model, key);
        var users = service.FindUsers(search, skip, size);
        return TypedResults.Json(new UserPage(users, users.Count == size ? Cursor.Of(skip + size, model, key) : null), ApiJson.Types.UserPage);
    }

    private static IResult One(string id, HttpRequest request, IRecommendationService service, RequestValidator validator)
    {
        id = validator.Id(id, request);
        return service.FindItem(id) is { } item
            ? TypedResults.Json(item, ApiJson.Types.CatalogItem)
            : ProblemResult.Of(StatusCodes.Status404NotFound, $"There is no item '{id}'. GET /v1/items?search=TITLE finds items.");
    }

    private static async Task<IResult> HistoryAsync(string user, HttpRequest request, IRecommendationService service, RequestValidator validator, CancellationToken cancellation)
    {
        user = validator.Id(user, request);
        var history = await service.HistoryOfAsync(user, cancellation).ConfigureAwait(false);
        return TypedResults.Json(
            new HistoryResponse(user, [.. history.Select(item => new HistoryItem(item, service.FindItem(item)?.Title))]), ApiJson.Types.HistoryResponse);
    }
}
