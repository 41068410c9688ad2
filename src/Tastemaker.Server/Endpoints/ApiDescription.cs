using System.Globalization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Tastemaker.Server.Contracts;
using Tastemaker.Serving.Events;

namespace Tastemaker.Server.Endpoints;

/// <summary>The OpenAPI document, with what the endpoints' signatures do not tell: keys, headers, the problems that any of them may answer with.</summary>
internal static class ApiDescription
{
    private static readonly (int Status, string Meaning)[] Problems =
    [
        (400, "Something in the request is wrong; 'detail' and 'errors' say what."),
        (401, "An API key is needed, or is not known."),
        (403, "The Host or the Origin is not one of those that this server lets in."),
        (429, "Too many requests; 'Retry-After' says when to come back."),
        (500, "A fault of the server; its log says what, under the 'traceId'."),
        (503, "The server or its event store cannot answer at the moment; 'Retry-After' says when to come back."),
    ];

    private static readonly (int Status, string Meaning)[] BodyProblems = [(413, "The body is too large."), (415, "The body is not JSON.")];

    /// <summary>Sets it up.</summary>
    public static void Configure(OpenApiOptions document) => document
        .AddDocumentTransformer(DescribeAsync)
        .AddOperationTransformer(DescribeAsync)
        .AddSchemaTransformer(DescribeAsync);

    private static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellation)
    {
        document.Info.Title = "Tastemaker";
        document.Info.Description = "Recommendations, live events and model reload. Problems come as application/problem+json and say what to do.";
        document.Servers?.Clear();
        document.Components?.Schemas?.Remove("ProblemDetails"); // problems are of our own type
        var schemes = (document.Components ??= new OpenApiComponents()).SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        schemes["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API key, where the server asks for one." };
        schemes["apiKey"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-Api-Key", Description = "The same key in a header of its own." };

        // Either of the two, or none: a server without keys needs neither.
        document.Security = [Requirement("bearer"), Requirement("apiKey"), new OpenApiSecurityRequirement()];
        return Task.CompletedTask;

        OpenApiSecurityRequirement Requirement(string scheme) => new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };
    }

    private static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        // The schema is in the document as a part of the answers to batches.
        var problem = new OpenApiSchemaReference(nameof(Problem), context.Document);
        var responses = operation.Responses ??= [];
        foreach (var (status, meaning) in operation.RequestBody is null ? Problems : [.. Problems, .. BodyProblems])
        {
            responses.TryAdd(status.ToString(CultureInfo.InvariantCulture), new OpenApiResponse { Description = meaning });
        }

        foreach (var response in responses.Where(response => response.Key[0] is '4' or '5').Select(response => response.Value).OfType<OpenApiResponse>())
        {
            response.Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new() { Schema = problem } };
        }

        if (operation.OperationId == "appendInteractions")
        {
            (operation.Parameters ??= []).Add(new OpenApiParameter
            {
                Name = EntityEndpoints.IdempotencyKey,
                In = ParameterLocation.Header,
                Description = "Names the call: repeated with the same key, it stores nothing twice and gets the same receipt. The same key with other interactions is refused with 422.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1 },
            });
        }

        return Task.CompletedTask;
    }

    // One interaction or an array of them, and times as text or numbers: their own converters hide that from the generator.
    private static async Task DescribeAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        if (context.JsonTypeInfo.Type == typeof(InteractionList))
        {
            var interaction = await context.GetOrCreateSchemaAsync(typeof(Interaction), null, cancellation).ConfigureAwait(false);
            schema.OneOf = [interaction, new OpenApiSchema { Type = JsonSchemaType.Array, Items = interaction }];
        }
        else if (context.JsonTypeInfo.Type == typeof(DateTimeOffset))
        {
            (schema.Type, schema.Format) = (JsonSchemaType.String, "date-time");
        }
        else if (context.JsonTypeInfo.Type == typeof(DateTimeOffset?))
        {
            // Only requests have these.
            schema.Type = JsonSchemaType.String | JsonSchemaType.Number | JsonSchemaType.Null;
            schema.Description = "A date and time with T or a blank between them, UTC where it names no zone, or a Unix time in seconds or milliseconds; the moment of storing where there is none.";
        }
    }
}
