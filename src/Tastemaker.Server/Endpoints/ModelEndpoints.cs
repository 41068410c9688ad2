using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Tastemaker.Server.Contracts;
using Tastemaker.Server.Errors;
using Tastemaker.Serving;

namespace Tastemaker.Server.Endpoints;

/// <summary>The model that answers, and its change.</summary>
internal static class ModelEndpoints
{
    /// <summary>Adds them.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/model", (IRecommendationService service) => TypedResults.Json(ModelResponse.Of(service.Model), ApiJson.Types.ModelResponse))
            .Produces<ModelResponse>().WithName("getModel").WithSummary("The model that answers.");
        routes.MapPost("/model/reload", ReloadAsync).Produces<ModelResponse>().ProducesProblem(StatusCodes.Status409Conflict).WithName("reloadModel")
            .WithSummary("Load the model anew from its folder, without a pause.")
            .WithDescription("Calls in flight are finished by the model they began with. A model that cannot be loaded is refused, and the old one goes on.");
    }

    // Only the folder the server was started with: callers name no paths.
    private static async Task<IResult> ReloadAsync(IRecommendationService service, ILogger<Limits> log, CancellationToken cancellation)
    {
        try
        {
            var card = await service.ReloadAsync(null, cancellation).ConfigureAwait(false);
            if (log.IsEnabled(LogLevel.Information))
            {
                log.LogInformation("Reloaded: version {Version} answers", card.Version);
            }

            return TypedResults.Json(ModelResponse.Of(card), ApiJson.Types.ModelResponse);
        }
        catch (InputException refused)
        {
            log.LogWarning(refused, "The model on disk was refused");
            return ProblemResult.Of(StatusCodes.Status409Conflict, $"The model on disk cannot be loaded; version {service.Model.Version} goes on answering.", refused.Problems);
        }
    }
}
