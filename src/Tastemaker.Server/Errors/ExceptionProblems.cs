using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Tastemaker.Server.Errors;

/// <summary>Turns what endpoints throw into problems that say what to do.</summary>
internal sealed partial class ExceptionProblems(ILogger<ExceptionProblems> log) : IExceptionHandler
{
    private const int ClosedByClient = 499;

    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException)
        {
            httpContext.Response.StatusCode = ClosedByClient; // nobody reads it; logs and metrics do
            return true;
        }

        var (status, problems) = exception switch
        {
            InputException input => (StatusCodes.Status400BadRequest, input.Problems),
            BadHttpRequestException bad => (bad.StatusCode, [Describe(bad)]),
            _ => (StatusCodes.Status500InternalServerError, (IReadOnlyList<string>)["The server failed; its log says why, under the traceId."]),
        };
        if (status == StatusCodes.Status500InternalServerError)
        {
            log.LogError(exception, "{Method} {Path} failed", httpContext.Request.Method, httpContext.Request.Path);
        }

        await ProblemResult.WriteAsync(httpContext, status, problems[0], status == StatusCodes.Status400BadRequest ? problems : null).ConfigureAwait(false);
        return true;
    }

    private static string Describe(BadHttpRequestException bad) => bad switch
    {
        { StatusCode: StatusCodes.Status415UnsupportedMediaType } => "The body must be JSON, with the header 'Content-Type: application/json'.",
        { InnerException: JsonException json } => $"The body is not the JSON that is expected{Place(json)}: {Reason(json)} /reference shows what is.",
        _ when bad.Message.Contains("no body was provided", StringComparison.Ordinal) => "The body is empty where JSON is expected; /reference shows what.",
        _ when Parameter().Match(bad.Message) is { Success: true } match => $"{match.Groups[1].Value}: '{match.Groups[2].Value}' is not of the kind that is expected there.",
        _ => bad.Message,
    };

    private static string Place(JsonException json) =>
        (json.Path, json.LineNumber) switch { (null or "", _) => "", ("$", { } line) => $" (line {line + 1})", (var path, { } line) => $" (at {path}, line {line + 1})", (var path, null) => $" (at {path})" };

    // The serializer's message, without the place it repeats and the names of our types.
    private static string Reason(JsonException json)
    {
        var text = json.Message.Split(" Path: ")[0];
        return text.Contains(".NET member", StringComparison.Ordinal) ? $"there is no property '{text.Split('\'')[1]}'."
            : text.Contains("could not be converted", StringComparison.Ordinal) ? "the value there is of the wrong kind."
            : text;
    }

    [GeneratedRegex("^Failed to bind parameter \"\\S+ (\\w+)\" from \"(.*)\"", RegexOptions.Singleline)]
    private static partial Regex Parameter();
}
