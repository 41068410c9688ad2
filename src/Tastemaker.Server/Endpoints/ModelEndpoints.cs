using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Tastemaker.Server.Contracts;
using Tastemaker.Server.Errors;
using Tastemaker.Serving;
using Tastemaker.Serving.Maps;

namespace Tastemaker.Server.Endpoints;

/// <summary>The models that answer, the change of them, and the map of their items.</summary>
internal static class ModelEndpoints
{
    /// <summary>Adds them.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/model", (IRecommendationService service) => TypedResults.Json(ModelResponse.Of(service.Model), ApiJson.Types.ModelResponse))
            .Produces<ModelResponse>().WithName("getModel").WithSummary("The model that answers.");
        routes.MapGet("/models", (IRecommendationService service) => TypedResults.Json(new ModelList([.. service.Models.Select(ModelResponse.Of)]), ApiJson.Types.ModelList))
            .Produces<ModelList>().WithName("getModels").WithSummary("The models that can be asked by name; the first answers where none is named.");
        routes.MapPost("/model/reload", ReloadAsync).Produces<ModelResponse>().ProducesProblem(StatusCodes.Status409Conflict).WithName("reloadModel")
            .WithSummary("Load the model anew from its folder, without a pause.")
            .WithDescription("Calls in flight are finished by the model they began with. A model that cannot be loaded is refused, and the old one goes on.");
        routes.MapGet("/map", MapAsync).Produces<ItemMap>().WithName("getMap")
            .WithSummary("The items on a plane: near each other where the model finds them alike.")
            .WithDescription("Computed when first asked for, which takes seconds.");
    }

    // Only the folders the server was started with: callers name no paths.
    private static async Task<IResult> ReloadAsync(string? model, IRecommendationService service, ILogger<RequestValidator> log, CancellationToken cancellation)
    {
        var running = model is null ? service.Model : service.Models.FirstOrDefault(card => card.Name == model);
        try
        {
            return TypedResults.Json(ModelResponse.Of(await service.ReloadAsync(null, model, cancellation).ConfigureAwait(false)), ApiJson.Types.ModelResponse);
        }
        catch (InputException refused) when (running is not null)
        {
            log.LogWarning(refused, "The model on disk was refused");
            return ProblemResult.Of(StatusCodes.Status409Conflict, $"The model on disk cannot be loaded; version {running.Version} goes on answering.", [.. refused.Problems.Select(problem => WithoutFolder(problem, running.Folder))]);
        }
    }

    // Callers need not know where the model lies.
    private static string WithoutFolder(string problem, string folder)
    {
        var parent = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))) + Path.DirectorySeparatorChar;
        return problem.Replace(Path.GetFullPath(folder), Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)), StringComparison.Ordinal).Replace(parent, "", StringComparison.Ordinal);
    }

    private static async Task<JsonHttpResult<ItemMap>> MapAsync(string? model, IRecommendationService service, CancellationToken cancellation) =>
        TypedResults.Json(await service.MapAsync(model, cancellation).ConfigureAwait(false), ApiJson.Types.ItemMap);
}
