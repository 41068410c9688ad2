using BenchmarkDotNet.Attributes;
using Tastemaker.Bench.Generation;
using Tastemaker.Data.Import;

namespace Tastemaker.Bench.Micro;

/// <summary>Importing a million interactions, by kind of file.</summary>
[Config(typeof(ShortJobs))]
public class ImportBenchmarks
{
    private string path = "";

    [Params("csv", "csv.gz", "parquet")]
    public string Kind { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.{Kind}");
        InteractionFile.Write(SyntheticInteractions.Generate(GeneratedData.SmallShape), path);
    }

    [GlobalCleanup]
    public void Cleanup() => File.Delete(path);

    [Benchmark]
    public int Import() => DatasetImport.Import(path).Interactions.Count;
}
