using Microsoft.AspNetCore.Http;
using Tastemaker.Recommending;
using Tastemaker.Server.Contracts;
using Tastemaker.Serving;
using Tastemaker.Serving.Catalog;
using Tastemaker.Serving.Events;

namespace Tastemaker.Server.Endpoints;

/// <summary>Checks what came from outside, and turns it into what the service takes. Problems are collected, so that a caller learns all at once.</summary>
internal sealed class RequestValidator(ServerOptions options)
{
    private const int MostListed = 100_000;
    private const int MostFeatures = 64;

    /// <summary>A query out of a request.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="skip">Items before the page.</param>
    /// <param name="problems">Receives what is wrong.</param>
    public RecommendationQuery Query(RecommendationRequest request, int skip, List<string> problems)
    {
        Ids("user", request.User is null ? [] : [request.User], problems);
        Ids("history", request.History ?? [], problems);
        Ids("exclude", request.Exclude ?? [], problems);
        Ids("candidates", request.Candidates ?? [], problems);
        Features("where", request.Where, problems);
        Features("features", request.Features, problems);
        var filtered = request.Exclude is not null || request.Candidates is not null || request.IncludeSeen is not null;
        return new RecommendationQuery
        {
            Request = new Request
            {
                User = request.User,
                History = request.History,
                Content = request.Content,
                Features = request.Features?.ToDictionary(pair => pair.Key, pair => Joined(pair.Value)),
            },
            Model = request.Model,
            Count = request.Count ?? 10,
            Skip = skip,
            Filter = filtered ? new CandidateFilter { Exclude = request.Exclude ?? [], Candidates = request.Candidates, IncludeSeen = request.IncludeSeen } : null,
            Where = request.Where,
            Diversity = request.Diversity,
            Explain = request.Explain,
        };
    }

    /// <summary>A record out of a body.</summary>
    /// <exception cref="InputException">Something is too long, too much, or holds the separator of categories.</exception>
    public EntityRecord Record(string id, EntityBody body)
    {
        var problems = new List<string>();
        Ids("the identifier", [id], problems);
        Ids("title", body.Title is null ? [] : [body.Title], problems);
        Features("features", body.Features, problems);
        Demand(problems);
        var features = (body.Features ?? new Dictionary<string, IReadOnlyList<string>>()).ToDictionary(pair => pair.Key, pair => Joined(pair.Value));
        if (body.Title is not null)
        {
            features[ItemCatalog.Title] = body.Title;
        }

        return new EntityRecord(id, features);
    }

    /// <summary>Checks interactions; the service checks what they say.</summary>
    /// <exception cref="InputException">There are too many, or identifiers are too long.</exception>
    public void Check(IReadOnlyList<Interaction> interactions, string? key)
    {
        var problems = new List<string>();
        if (interactions.Count > options.MostInteractions)
        {
            problems.Add($"There are {interactions.Count} interactions; {options.MostInteractions} are the most of one call. Send them in several, each with its own Idempotency-Key.");
        }

        Ids("user", [.. interactions.Select(one => one.User ?? "-")], problems);
        Ids("item", [.. interactions.Select(one => one.Item ?? "-")], problems);
        Ids("Idempotency-Key", key is null ? [] : [key], problems);
        Demand(problems);
    }

    /// <summary>An identifier out of the address: of its path, which routing decodes but for an encoded slash, or of its query, which is decoded wholly.</summary>
    /// <exception cref="InputException">It is too long, or holds U+0000.</exception>
    public string Id(string text, HttpRequest request)
    {
        var id = request.RouteValues.Count > 0 ? text.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase) : text;
        Check("the identifier", id);
        return id;
    }

    /// <summary>Checks the text of an identifier, or of a search.</summary>
    /// <exception cref="InputException">It is too long, or holds U+0000.</exception>
    public void Check(string name, string text)
    {
        var problems = new List<string>();
        Ids(name, [text], problems);
        Demand(problems);
    }

    /// <summary>Checks the number of requests of a batch.</summary>
    /// <exception cref="InputException">There are none, or too many.</exception>
    public void CheckBatch(int requests)
    {
        if (requests == 0 || requests > options.MostRequests)
        {
            throw new InputException(requests == 0 ? "requests: there are none. Give a list of at least one." : $"requests: there are {requests}; {options.MostRequests} are the most of one call.");
        }
    }

    /// <summary>Throws if there are problems.</summary>
    public static void Demand(IReadOnlyList<string> problems)
    {
        if (problems.Count > 0)
        {
            throw new InputException(problems);
        }
    }

    // Null is among the problems already.
    private static string Joined(IReadOnlyList<string>? categories) => string.Join(EntityRecord.Separator, categories ?? []);

    private void Ids(string name, IReadOnlyList<string> ids, List<string> problems)
    {
        if (ids.Count > MostListed)
        {
            problems.Add($"{name}: there are {ids.Count}; {MostListed} are the most.");
        }

        if (ids.Any(id => id is null))
        {
            problems.Add($"{name}: null is not an identifier.");
        }
        else if (ids.Any(id => id.Contains('\0', StringComparison.Ordinal)))
        {
            problems.Add($"{name}: it holds the character U+0000, which no identifier has. Leave it out.");
        }
        else if (ids.FirstOrDefault(id => id.Length > options.LongestId) is { } longest)
        {
            problems.Add($"{name}: '{longest[..24]}...' has {longest.Length} characters; {options.LongestId} are the most.");
        }
    }

    private void Features(string name, IReadOnlyDictionary<string, IReadOnlyList<string>>? features, List<string> problems)
    {
        if (features?.Count > MostFeatures)
        {
            problems.Add($"{name}: there are {features.Count}; {MostFeatures} are the most.");
        }

        foreach (var (feature, categories) in features ?? new Dictionary<string, IReadOnlyList<string>>())
        {
            var place = $"{name}.{feature}"[..Math.Min(64, name.Length + 1 + feature.Length)];
            if (categories is null)
            {
                problems.Add($"{place}: null is not a list of categories. Give a list such as [\"Comedy\"], or leave the feature out.");
                continue;
            }

            Ids(place, [feature, .. categories], problems);
            if (categories.Any(category => category?.Contains(EntityRecord.Separator) == true))
            {
                problems.Add($"{name}.{feature}: a category holds '{EntityRecord.Separator}', which stands between categories. Give them as a list.");
            }
        }
    }
}
