using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tastemaker.Server.Contracts;
using Tastemaker.Server.Errors;
using Tastemaker.Server.Paging;
using Tastemaker.Serving;

namespace Tastemaker.Server.Endpoints;

/// <summary>Lists: for anyone, for a user, for many at once, and of similar items.</summary>
internal static class RecommendationEndpoints
{
    /// <summary>Adds them.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/recommendations", RecommendAsync).Produces<RecommendationResponse>().WithName("recommend")
            .WithSummary("Recommend items for a user, for a history, or for features.")
            .WithDescription("Users the model does not know are answered too; 'strategy' and 'notes' say how. Go through longer lists page by page with the cursor in 'next'.");
        routes.MapPost("/recommendations/batch", BatchAsync).Produces<BatchResponse>().WithName("recommendBatch")
            .WithSummary("Recommend for many at once.");
        routes.MapGet("/users/{user}/recommendations", ForUserAsync).Produces<RecommendationResponse>().WithName("recommendForUser")
            .WithSummary("Recommend items for a user.");
        routes.MapGet("/items/{item}/similar", SimilarAsync).Produces<RecommendationResponse>().ProducesProblem(StatusCodes.Status404NotFound).WithName("similarItems")
            .WithSummary("The items most like an item.");
    }

    private static async Task<IResult> RecommendAsync(RecommendationRequest request, IRecommendationService service, Limits limits, CancellationToken cancellation)
    {
        var problems = new List<string>();
        var (key, model) = (KeyOf(request), VersionOf(service, request.Model));
        var query = limits.Query(request, request.Cursor is null ? 0 : Cursor.Read(request.Cursor, model, key), problems);
        Limits.Demand(problems);
        var answer = await service.RecommendAsync(query, cancellation).ConfigureAwait(false);
        return query.Skip > 0 && answer.Model != model ? throw Cursor.Stale(answer.Model) : Ok(Response(answer, query, key));
    }

    private static async Task<IResult> BatchAsync(BatchRequest batch, IRecommendationService service, Limits limits, CancellationToken cancellation)
    {
        var requests = batch.Requests ?? [];
        limits.CheckBatch(requests.Count);
        var problems = new List<string>();
        var queries = new RecommendationQuery[requests.Count];
        for (var place = 0; place < queries.Length; place++)
        {
            var found = new List<string>();
            queries[place] = limits.Query(requests[place] ?? new RecommendationRequest(), requests[place]?.Cursor is { } cursor ? Cursor.Read(cursor, VersionOf(service, requests[place].Model), KeyOf(requests[place])) : 0, found);
            problems.AddRange(found.Select(problem => $"Request {place + 1} of {queries.Length}: {problem}"));
        }

        Limits.Demand(problems);
        var answers = await service.RecommendAllAsync(queries, cancellation).ConfigureAwait(false);
        return TypedResults.Json(
            new BatchResponse([.. answers.Select((answer, place) => Response(answer, queries[place], KeyOf(requests[place])))]), ApiJson.Types.BatchResponse);
    }

    private static Task<IResult> ForUserAsync(string user, int? count, string? model, string? cursor, IRecommendationService service, Limits limits, CancellationToken cancellation) =>
        RecommendAsync(new RecommendationRequest { User = limits.Id(user), Count = count, Model = model, Cursor = cursor }, service, limits, cancellation);

    private static async Task<IResult> SimilarAsync(string item, int? count, string? model, IRecommendationService service, Limits limits, CancellationToken cancellation)
    {
        item = limits.Id(item);
        if (service.FindItem(item) is not { InModel: true } found)
        {
            return ProblemResult.Of(StatusCodes.Status404NotFound, service.FindItem(item) is null
                ? $"There is no item '{item}'. GET /v1/items?search=TITLE finds items."
                : $"The model does not know item '{item}' yet: it came after training. Train again and reload.");
        }

        var answer = await service.SimilarAsync(found.Id, count ?? 10, model, cancellation).ConfigureAwait(false);
        return Ok(new RecommendationResponse(answer.Items, NameOf(answer), answer.Notes, answer.Model));
    }

    private static JsonHttpResult<RecommendationResponse> Ok(RecommendationResponse response) => TypedResults.Json(response, ApiJson.Types.RecommendationResponse);

    private static RecommendationResponse Response(RecommendationAnswer answer, RecommendationQuery query, string key) => new(
        answer.Items, NameOf(answer), answer.Notes, answer.Model,
        answer.Items.Count == query.Count && query.Diversity == 0 ? Cursor.Of(query.Skip + query.Count, answer.Model, key) : null);

    // A name that is not known is refused when the query is answered.
    private static string VersionOf(IRecommendationService service, string? model) =>
        model is null ? service.Model.Version : service.Models.FirstOrDefault(card => card.Name == model)?.Version ?? "";

    private static string NameOf(RecommendationAnswer answer) => JsonNamingPolicy.KebabCaseLower.ConvertName(answer.Strategy.ToString());

    // Pages of one query differ in these alone.
    private static string KeyOf(RecommendationRequest request) =>
        JsonSerializer.Serialize(request with { Cursor = null, Count = null, Explain = false }, ApiJson.Types.RecommendationRequest);
}
