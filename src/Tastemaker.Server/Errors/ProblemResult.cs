using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Tastemaker.Server.Contracts;

namespace Tastemaker.Server.Errors;

/// <summary>Writes problems as application/problem+json.</summary>
internal static class ProblemResult
{
    private const string MediaType = "application/problem+json";

    /// <summary>Answers with a problem.</summary>
    public static Task WriteAsync(HttpContext context, int status, string detail, IReadOnlyList<string>? errors = null)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(Problem(context, status, detail, errors), ApiJson.Types.Problem, MediaType, CancellationToken.None);
    }

    /// <summary>A problem of a request.</summary>
    public static Problem Problem(HttpContext context, int status, string detail, IReadOnlyList<string>? errors = null) => new(
        $"https://httpwg.org/specs/rfc9110.html#status.{status}", ReasonPhrases.GetReasonPhrase(status), status, detail, errors, Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier);

    /// <summary>A problem as the result of an endpoint.</summary>
    public static IResult Of(int status, string detail, IReadOnlyList<string>? errors = null) => new Result(status, detail, errors);

    private sealed class Result(int status, string detail, IReadOnlyList<string>? errors) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext, status, detail, errors);
    }
}
