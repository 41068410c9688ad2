using OwnSystem;
using Tastemaker;
using Tastemaker.Catalog;
using Tastemaker.Data.Import;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation;
using Tastemaker.Recommending;
using Tastemaker.Testing;

// From here on "softmax-mf" and "pure-svd" are systems like those of the library. For the command: taste train ... --system softmax-mf --plugin OwnSystem.dll
SystemCatalog.Register(SoftmaxMf.Info);
SystemCatalog.Register(PureSvd.Info);

// What every system must do; in a test project each check would be a test.
using var gradient = new SystemConformance(SoftmaxMf.Info, new SoftmaxMfOptions { Factors = 8, Epochs = 40, BatchSize = 64, LearningRate = 0.05 });
using var solver = new SystemConformance(PureSvd.Info, new PureSvdOptions { Factors = 2 });
foreach (var check in SystemConformance.Checks)
{
    gradient.Check(check);
    solver.Check(check);
    Console.WriteLine($"conforms: {check}");
}

var data = DatasetImport.Import(args.FirstOrDefault() ?? "data/ml-latest-small");
var split = SplitterSyntax.Parse("ratio-by-user(test=0.2,validation=0.1)").Apply(data, seed: 42);
var evaluator = new Evaluator(split.Train, new EvaluationOptions { Metrics = ["ndcg"], Cutoffs = [10] });
using var popularity = Recommender.Train("popularity", split);
using var own = Recommender.Train("softmax-mf", split, new SoftmaxMfOptions { Epochs = 10, LearningRate = 0.01 });
using var svd = Recommender.Train("pure-svd", split);
double Reached(IRecommender recommender) => evaluator.Evaluate(recommender, split.Test).Metrics["ndcg@10"];
var (floor, reached) = (Reached(popularity), Math.Min(Reached(own), Reached(svd)));
Console.WriteLine($"ndcg@10: popularity {floor:0.000}, softmax-mf {Reached(own):0.000}, pure-svd {Reached(svd):0.000}");

// A saved model is loaded where the system is registered.
Recommender.Save(own, "artifacts/own-system");
using var loaded = Recommender.Load("artifacts/own-system");
Console.WriteLine(string.Join(", ", loaded.Recommend(Request.ForUser("15"), 5).Items.Select(item => item.Title ?? item.Item)));
return reached > floor ? 0 : 1;
