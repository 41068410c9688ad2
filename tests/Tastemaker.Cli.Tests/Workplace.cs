using System.Globalization;
using Tastemaker.Data;

namespace Tastemaker.Cli.Tests;

/// <summary>A folder of its own with a file of ratings: two tastes, so that systems can learn something.</summary>
public sealed class Workplace : IDisposable
{
    public Workplace()
    {
        Directory.CreateDirectory(Folder);
        var random = new SeededRandom(7);
        var lines = new List<string> { "userId,movieId,rating,timestamp" };
        for (var user = 1; user <= 60; user++)
        {
            for (var item = 1; item <= 40; item++)
            {
                if (item % 2 == user % 2 && random.NextDouble() < 0.6)
                {
                    lines.Add(string.Create(CultureInfo.InvariantCulture, $"{user},{item},{3 + random.Next(3)},{1_600_000_000 + random.Next(100_000)}"));
                }
            }
        }

        File.WriteAllLines(Ratings, lines);
        File.WriteAllLines(Films, Enumerable.Range(1, 40).Select(item => $"{item},\"Film {(char)('A' + (item % 26))}{item}, The (19{item + 50})\"").Prepend("movieId,title"));
    }

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), $"taste-{Guid.NewGuid():N}");

    public string Ratings => At("ratings.csv");

    public string Films => At("movies.csv");

    public string At(string name) => Path.Combine(Folder, name);

    public string Write(string name, params string[] lines)
    {
        File.WriteAllLines(At(name), lines);
        return At(name);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
