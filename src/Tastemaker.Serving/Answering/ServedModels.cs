using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tastemaker.Naming;
using Tastemaker.Serving.Batching;
using Tastemaker.Serving.Catalog;
using Tastemaker.Serving.Live;
using Tastemaker.Serving.Models;
using Tastemaker.Serving.Operations;
using Tastemaker.Serving.Retraining;

namespace Tastemaker.Serving.Answering;

/// <summary>The models that can be asked: the one that answers unless a query names another, and those to compare it with. Loaded when made.</summary>
internal sealed class ServedModels : IAsyncDisposable
{
    private readonly List<ServedModel> models = [];

    /// <summary>Loads them.</summary>
    /// <exception cref="InputException">A folder holds no model, or a corrupt one.</exception>
    public ServedModels(IOptions<TastemakerOptions> options, LiveHistories live, ItemCatalog catalog, ServingMetrics metrics, ILogger<ServedModels>? log = null)
    {
        var serving = options.Value;
        foreach (var folder in (string[])[serving.Model, .. serving.CompareWith])
        {
            RunSwap.Mend(folder);
            var host = new ModelHost(folder, Unused(ModelHost.NameOf(folder)));
            host.Changed += model => Log(log, model.Card);
            Log(log, host.Card);
            var answers = new BatchAnswers(host, live, catalog);
            models.Add(new ServedModel(host, new(answers.Answer, serving.BatchSize, serving.BatchWait, serving.Workers, serving.QueueLength) { Answered = metrics.Batch }));
        }

        metrics.Watch(() => models.Select(model => (model.Name, model.Host.Watch)));
    }

    /// <summary>The one that answers unless a query names another.</summary>
    public ServedModel First => models[0];

    /// <summary>All, the first one first.</summary>
    public IReadOnlyList<ServedModel> All => models;

    /// <summary>The one of a name; the first for null.</summary>
    /// <exception cref="InputException">There is none of that name.</exception>
    public ServedModel Find(string? name) => name is null ? First : models.FirstOrDefault(model => model.Name == name) ?? throw new InputException(
        $"model: there is no model '{name}'.{NearestName.DidYouMean(name, models.Select(model => model.Name))} There are {string.Join(", ", models.Select(model => model.Name))}.");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var model in models)
        {
            await model.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static void Log(ILogger? log, ModelCard card)
    {
        if (log?.IsEnabled(LogLevel.Information) == true)
        {
            log.LogInformation("Loaded model {Name} from {Folder}: {System}, version {Version}, {Users} users, {Items} items", card.Name, card.Folder, card.System, card.Version, card.Users, card.Items);
        }
    }

    private string Unused(string name) =>
        Enumerable.Range(1, models.Count + 1).Select(number => number == 1 ? name : $"{name}-{number}").First(candidate => models.TrueForAll(model => model.Name != candidate));
}
