using System.CommandLine;
using Tastemaker.Naming;
using Tastemaker.Recommending;
using Tastemaker.Serving.Catalog;

namespace Tastemaker.Cli.Requests;

/// <summary>Which items may be recommended, on the command line.</summary>
internal sealed class CandidateArguments
{
    private readonly Option<string[]> exclude = new("--exclude") { Description = "Items, by id or title, never to recommend; separated by commas, may be repeated.", DefaultValueFactory = _ => [] };
    private readonly Option<string[]> only = new("--candidate") { Description = "Items, by id or title; if given, only such are ranked; separated by commas, may be repeated.", DefaultValueFactory = _ => [] };

    private readonly Option<string[]> where = new("--where")
    {
        Description = "Only items with a category of a feature, as name=category; several categories are separated by |. May be repeated, then all must hold.", DefaultValueFactory = _ => [], HelpName = "name=category",
    };

    private readonly Option<bool?> seen = new("--include-seen") { Description = "Whether items of the history may be recommended again. Default: as the run was measured: true with a split of sessions or if trained with --include-seen, else false." };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(exclude);
        command.Options.Add(only);
        command.Options.Add(where);
        command.Options.Add(seen);
    }

    /// <summary>The filter that was given.</summary>
    /// <exception cref="InputException">An item, a feature or a category is unknown.</exception>
    public CandidateFilter Filter(ParseResult parsed, TrainedRecommender recommender)
    {
        List<string> Items(Option<string[]> option) => [.. parsed.GetValue(option)!.SelectMany(recommender.FindItemList)];
        var candidates = parsed.GetValue(only) is { Length: > 0 } ? Items(only) : null;
        return new CandidateFilter
        {
            IncludeSeen = parsed.GetValue(seen),
            Exclude = Items(exclude),
            Candidates = parsed.GetValue(where) is { Length: > 0 } conditions ? Matching(conditions, recommender, candidates) : candidates,
        };
    }

    private static HashSet<string> Matching(string[] conditions, TrainedRecommender recommender, IReadOnlyList<string>? candidates)
    {
        var items = new ModelItems(recommender);
        var left = candidates?.ToHashSet();
        foreach (var condition in conditions)
        {
            var at = condition.IndexOf('=', StringComparison.Ordinal);
            if (at < 1)
            {
                throw new InputException($"--where {condition}: write name=category, such as genres=Comedy; several categories are separated by |.");
            }

            var feature = condition[..at].Trim();
            if (!items.Features.Contains(feature, StringComparer.OrdinalIgnoreCase))
            {
                throw new InputException($"--where {condition}: the model knows no categories '{feature}' of items.{NearestName.DidYouMean(feature, items.Features)} "
                    + (items.Features.Any() ? $"It knows {string.Join(", ", items.Features)}." : "It was trained without a file of items (--item-file) that has any."));
            }

            string[] categories = condition[(at + 1)..].Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var having = items.Having(feature, categories).Select(items.Id).ToHashSet();
            if (having.Count == 0)
            {
                var known = items.Categories(feature).ToList();
                throw new InputException($"--where {condition}: no item has {feature} {string.Join(" or ", categories)}.{NearestName.DidYouMean(categories.FirstOrDefault() ?? "", known)} There are {string.Join(", ", known.Take(20))}.");
            }

            left = left is null ? having : [.. left.Where(having.Contains)];
        }

        return left!;
    }
}
