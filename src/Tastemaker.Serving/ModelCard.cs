namespace Tastemaker.Serving;

/// <summary>What there is to know of a loaded model.</summary>
/// <param name="System">Id of the system.</param>
/// <param name="Version">Short text that differs between models: the beginning of the checksum of what was loaded.</param>
/// <param name="Folder">Where it was loaded from.</param>
/// <param name="LoadedAt">When.</param>
/// <param name="Users">Users it was trained on.</param>
/// <param name="Items">Items of its catalog.</param>
/// <param name="StoreUntil">Where its data was from an event store: the number of the last interaction that was read.</param>
/// <param name="Name">Its name among the models that can be asked: that of its run folder.</param>
public sealed record ModelCard(string System, string Version, string Folder, DateTimeOffset LoadedAt, int Users, int Items, long? StoreUntil = null, string Name = "");
