using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Tastemaker.Recommending;
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
            .WithSummary("Recommend for many at once.")
            .WithDescription("A request that cannot be answered has a problem in its place; the others are answered.");
        routes.MapGet("/users/{user}/recommendations", ForUserAsync).Produces<RecommendationResponse>().WithName("recommendForUser")
            .WithSummary("Recommend items for a user.");
        routes.MapGet("/recommendations", ForUserAsync).Produces<RecommendationResponse>().WithName("recommendForUserByQuery")
            .WithSummary("Recommend items for a user whose identifier does not fit into a path.");
        routes.MapGet("/items/{item}/similar", SimilarAsync).Produces<RecommendationResponse>().ProducesProblem(StatusCodes.Status404NotFound).WithName("similarItems")
            .WithSummary("The items most like an item.");
        routes.MapGet("/similar", SimilarAsync).Produces<RecommendationResponse>().ProducesProblem(StatusCodes.Status404NotFound).WithName("similarItemsByQuery")
            .WithSummary("The items most like one whose identifier does not fit into a path.");
    }

    private static async Task<IResult> RecommendAsync(RecommendationRequest request, IRecommendationService service, RequestValidator validator, CancellationToken cancellation) =>
        Ok(await AnswerAsync(request, service, validator, cancellation).ConfigureAwait(false));

    private static async Task<RecommendationResponse> AnswerAsync(RecommendationRequest request, IRecommendationService service, RequestValidator validator, CancellationToken cancellation)
    {
        var problems = new List<string>();
        var (key, model) = (KeyOf(request), VersionOf(service, request.Model));
        var query = validator.Query(request, request.Cursor is null ? 0 : Cursor.Read(request.Cursor, model, key), problems);
        RequestValidator.Demand(problems);
        var answer = await service.RecommendAsync(query, cancellation).ConfigureAwait(false);
        return query.Skip > 0 && answer.Model != model ? throw Cursor.Stale(VersionOf(answer)) : Response(answer, query, key);
    }

    private static async Task<IResult> BatchAsync(BatchRequest batch, HttpContext context, IRecommendationService service, RequestValidator validator, ILogger<BatchRequest> log, CancellationToken cancellation)
    {
        var requests = batch.Requests ?? [];
        validator.CheckBatch(requests.Count);
        var answers = await Task.WhenAll(requests.Select(AnswerOneAsync)).ConfigureAwait(false);
        return TypedResults.Json(new BatchResponse(answers), ApiJson.Types.BatchResponse);

        async Task<BatchAnswer> AnswerOneAsync(RecommendationRequest? request)
        {
            try
            {
                return BatchAnswer.Of(await AnswerAsync(request ?? new RecommendationRequest(), service, validator, cancellation).ConfigureAwait(false));
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                var (status, problems) = ExceptionProblems.Of(failure);
                if (status >= StatusCodes.Status500InternalServerError)
                {
                    log.LogError(failure, "A request of a batch failed");
                }

                return BatchAnswer.Of(ProblemResult.Problem(context, status, problems[0], problems));
            }
        }
    }

    private static Task<IResult> ForUserAsync(
        string user, int? count, string? model, string? cursor, HttpRequest http, IRecommendationService service, RequestValidator validator, CancellationToken cancellation) =>
        RecommendAsync(new RecommendationRequest { User = validator.Id(user, http), Count = count, Model = model, Cursor = cursor }, service, validator, cancellation);

    private static async Task<IResult> SimilarAsync(
        string item, int? count, string? model, HttpRequest http, IRecommendationService service, RequestValidator validator, CancellationToken cancellation)
    {
        item = validator.Id(item, http);
        if (service.FindItem(item) is not { InModel: true } found)
        {
            return ProblemResult.Of(StatusCodes.Status404NotFound, service.FindItem(item) is null
                ? $"There is no item '{item}'. GET /v1/items?search=TITLE finds items."
                : $"The model does not know item '{item}' yet: it came after training. Train again and reload.");
        }

        var answer = await service.SimilarAsync(found.Id, count ?? 10, model, cancellation).ConfigureAwait(false);
        return Ok(new RecommendationResponse(answer.Items, NameOf(answer), answer.Notes, VersionOf(answer)));
    }

    private static JsonHttpResult<RecommendationResponse> Ok(RecommendationResponse response) => TypedResults.Json(response, ApiJson.Types.RecommendationResponse);

    private static RecommendationResponse Response(RecommendationList answer, RecommendationQuery query, string key) => new(
        answer.Items, NameOf(answer), answer.Notes, VersionOf(answer),
        answer.Items.Count == query.Count && query.Diversity == 0 ? Cursor.Of(query.Skip + query.Count, VersionOf(answer), key) : null);

    // A name that is not known is refused when the query is answered.
    private static string VersionOf(IRecommendationService service, string? model) =>
        model is null ? service.Model.Version : service.Models.FirstOrDefault(card => card.Name == model)?.Version ?? "";

    private static string VersionOf(RecommendationList answer) => answer.Model ?? throw new InvalidOperationException("A service names the model that answered.");

    private static string NameOf(RecommendationList answer) => answer.Strategy.Name();

    // Pages of one query differ in these alone.
    private static string KeyOf(RecommendationRequest request) =>
        JsonSerializer.Serialize(request with { Cursor = null, Count = null, Explain = false }, ApiJson.Types.RecommendationRequest);
}
