using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Tastemaker.Recommending;
using Tastemaker.Serving.Events;

namespace Tastemaker.Server.Errors;

/// <summary>Turns what endpoints throw into problems that say what to do.</summary>
internal sealed partial class ExceptionProblems(ILogger<ExceptionProblems> log) : IExceptionHandler
{
    private const int ClosedByClient = 499;
    private const string RetryAfter = "5"; // seconds: a server that restarts, a lock that is let go

    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException)
        {
            httpContext.Response.StatusCode = ClosedByClient; // nobody reads it; logs and metrics do
            return true;
        }

        var (status, problems) = Of(exception);
        if (status >= StatusCodes.Status500InternalServerError)
        {
            log.LogError(exception, "{Method} {Path} failed", httpContext.Request.Method, httpContext.Request.Path);
        }

        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            httpContext.Response.Headers.RetryAfter = RetryAfter;
        }

        await ProblemResult.WriteAsync(httpContext, status, problems[0], status == StatusCodes.Status400BadRequest ? problems : null).ConfigureAwait(false);
        return true;
    }

    /// <summary>The status of what was thrown, and what the caller is told. What is wrong with the server itself (paths, hosts) is for its log alone.</summary>
    public static (int Status, IReadOnlyList<string> Problems) Of(Exception exception) => exception switch
    {
        EventStoreException => (StatusCodes.Status503ServiceUnavailable, ["The event store does not work at the moment; nothing of this call was stored. Repeat the call later, unchanged."]),
        IdempotencyKeyException conflict => (StatusCodes.Status422UnprocessableEntity, conflict.Problems),
        InputException input => (StatusCodes.Status400BadRequest, input.Problems),
        BadHttpRequestException bad => (bad.StatusCode, [Describe(bad)]),
        IOException or ObjectDisposedException => (StatusCodes.Status503ServiceUnavailable, ["The server cannot answer at the moment. Repeat the call later, unchanged."]),
        _ => (StatusCodes.Status500InternalServerError, ["The server failed; its log says why, under the traceId."]),
    };

    private static string Describe(BadHttpRequestException bad) => bad switch
    {
        { StatusCode: StatusCodes.Status415UnsupportedMediaType } => "The body must be JSON, with the header 'Content-Type: application/json'.",
        { InnerException: JsonException json } => $"The body is not the JSON that is expected{Place(json)}: {Reason(json)} /reference shows what is.",
        _ when bad.Message.Contains("no body was provided", StringComparison.Ordinal) => "The body is empty where JSON is expected; /reference shows what.",
        _ when Missing().Match(bad.Message) is { Success: true } match => $"{match.Groups[1].Value}: it is missing. Give it as ?{match.Groups[1].Value}=...",
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

    [GeneratedRegex("^Required parameter \"\\S+ (\\w+)\" was not provided from")]
    private static partial Regex Missing();

    [GeneratedRegex("^Failed to bind parameter \"\\S+ (\\w+)\" from \"(.*)\"", RegexOptions.Singleline)]
    private static partial Regex Parameter();
}
