using System.Reflection;
using Microsoft.AspNetCore.Http;
using Tastemaker.Naming;

namespace Tastemaker.Server.Endpoints;

/// <summary>Refuses query parameters that an endpoint does not have: a mistyped one would be passed over in silence.</summary>
internal static class QueryParameters
{
    /// <summary>The filter of an endpoint. Its query parameters are the arguments of its handler that are text or numbers and not in the path.</summary>
    public static EndpointFilterDelegate Check(EndpointFilterFactoryContext endpoint, EndpointFilterDelegate next)
    {
        string[] simple = [.. endpoint.MethodInfo.GetParameters().Where(IsSimple).Select(parameter => parameter.Name!)];
        return invocation =>
        {
            var request = invocation.HttpContext.Request;
            if (request.Query.Count > 0)
            {
                string[] known = [.. simple.Where(name => !request.RouteValues.ContainsKey(name))];
                string[] problems = [.. request.Query.Keys.Where(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)).Select(name => Problem(name, known))];
                RequestValidator.Demand(problems);
            }

            return next(invocation);
        };
    }

    private static bool IsSimple(ParameterInfo parameter) =>
        (Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType) is var type && (type == typeof(string) || type.IsPrimitive);

    private static string Problem(string name, string[] known) =>
        $"There is no query parameter '{name}' here.{NearestName.DidYouMean(name, known)} {(known.Length == 0 ? "There are none." : $"There are {string.Join(", ", known)}.")}";
}
