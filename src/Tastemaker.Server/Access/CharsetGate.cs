using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Tastemaker.Server.Errors;

namespace Tastemaker.Server.Access;

/// <summary>Refuses bodies in an encoding that is not known, before anything tries to read them.</summary>
internal static class CharsetGate
{
    /// <summary>Answers 415 or goes on.</summary>
    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var encoding = context.Request.Headers.ContentEncoding.ToString();
        if (encoding.Length > 0 && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.Headers.AcceptEncoding = "identity";
            return ProblemResult.WriteAsync(
                context, StatusCodes.Status415UnsupportedMediaType, $"The content encoding '{encoding}' is not supported. Send the body uncompressed, without the header 'Content-Encoding'.");
        }

        if (MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) && type.Charset.HasValue)
        {
            // Quotes are allowed, but not understood where the body is read.
            type.Charset = HeaderUtilities.RemoveQuotes(type.Charset);
            if (!IsKnown(type.Charset.ToString()))
            {
                return ProblemResult.WriteAsync(
                    context, StatusCodes.Status415UnsupportedMediaType, $"The charset '{type.Charset}' is not known. The body must be JSON in UTF-8, with the header 'Content-Type: application/json'.");
            }

            context.Request.ContentType = type.ToString();
        }

        return next(context);
    }

    private static bool IsKnown(string charset)
    {
        try
        {
            _ = Encoding.GetEncoding(charset);
            return true;
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
