using Tastemaker.Serving;

namespace Tastemaker.Server.Contracts;

/// <summary>The models that can be asked.</summary>
/// <param name="Models">First the one that answers where no other is named.</param>
internal sealed record ModelList(IReadOnlyList<ModelResponse> Models);

/// <summary>A model that can be asked.</summary>
/// <param name="Name">Its name, for requests.</param>
/// <param name="System">Id of the system.</param>
/// <param name="Version">Differs between models.</param>
/// <param name="LoadedAt">When it was loaded.</param>
/// <param name="Users">Users it was trained on.</param>
/// <param name="Items">Items it ranks.</param>
internal sealed record ModelResponse(string Name, string System, string Version, DateTimeOffset LoadedAt, int Users, int Items)
{
    /// <summary>Leaves out where it lies on the server's disk.</summary>
    public static ModelResponse Of(ModelCard card) => new(card.Name, card.System, card.Version, card.LoadedAt, card.Users, card.Items);
}
