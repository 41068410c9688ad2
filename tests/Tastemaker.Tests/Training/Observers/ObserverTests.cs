using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Tastemaker.Training;
using Tastemaker.Training.Observers;

namespace Tastemaker.Tests.Training.Observers;

public sealed class ObserverTests : IDisposable
{
    private static readonly TrainingEvent[] Events =
    [
        new TrainingEvent.Started("toy", 0, 2, 10, 123, "cpu"),
        new TrainingEvent.Progressed(1, 4, 10, 0.25, 1000),
        new TrainingEvent.EpochCompleted(1, 0.5, new Dictionary<string, double> { ["ndcg@10"] = 0.125, ["odd"] = double.NaN }, true, 2, 500, 1024),
        new TrainingEvent.Finished(1, 0.125, TrainingEnd.StoppedEarly, 3),
    ];

    private readonly string folder = Path.Combine(Path.GetTempPath(), $"tastemaker-{Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Json_lines_hold_every_event_and_are_appended_to()
    {
        var path = Path.Combine(folder, "run", "events.jsonl");
        for (var run = 0; run < 2; run++)
        {
            using var observer = new JsonLinesObserver(path);
            Array.ForEach(Events, observer.On);
        }

        var lines = File.ReadAllLines(path).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        lines.Count.ShouldBe(8);
        lines.Take(4).Select(line => line.GetProperty("event").GetString()).ShouldBe(["started", "progressed", "epochCompleted", "finished"]);
        lines[2].GetProperty("metrics").GetProperty("ndcg@10").GetDouble().ShouldBe(0.125);
        lines[3].GetProperty("reason").GetString().ShouldBe("StoppedEarly");
        DateTimeOffset.Parse(lines[0].GetProperty("time").GetString()!).ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(5));
    }

    [Fact]
    public void TensorBoard_files_are_framed_and_hold_the_scalars()
    {
        using (var observer = new TensorBoardObserver(folder))
        {
            Array.ForEach(Events, observer.On);
        }

        var records = Records(File.ReadAllBytes(Directory.GetFiles(folder, "events.out.tfevents.*").ShouldHaveSingleItem()));

        Encoding.UTF8.GetString(records[0]).ShouldContain("brain.Event:2");
        var scalars = records.Skip(1).Select(Scalar).ToList();
        scalars.ShouldContain(("loss/step", 14, 0.25f));
        scalars.ShouldContain(("loss/epoch", 1, 0.5f));
        scalars.ShouldContain(("validation/ndcg@10", 1, 0.125f));
    }

    [Fact]
    public void The_checksum_is_CRC_32C_masked() =>
        // CRC-32C of "123456789" is 0xE3069283 (RFC 3720); masked: rotated right by 15, plus 0xa282ead8.
        TensorFlowRecord.MaskedChecksum("123456789"u8).ShouldBe(unchecked(((0xE3069283u >> 15) | (0xE3069283u << 17)) + 0xa282ead8u));

    [Fact]
    public void Curves_go_on_after_a_resumption()
    {
        var curves = new CurveRecorder();
        Array.ForEach(Events, curves.On);
        curves.Epochs.ShouldHaveSingleItem().Epoch.ShouldBe(1);
        curves.Finished!.Reason.ShouldBe(TrainingEnd.StoppedEarly);

        curves.On(new TrainingEvent.Started("toy", 2, 4, 10, 123, "cpu") { History = [(TrainingEvent.EpochCompleted)Events[2]] });
        curves.On(Events[2]);
        curves.Epochs.Count.ShouldBe(2);
        curves.Finished.ShouldBeNull();
    }

    private static List<byte[]> Records(ReadOnlySpan<byte> file)
    {
        var records = new List<byte[]>();
        while (file.Length > 0)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
            BinaryPrimitives.ReadUInt32LittleEndian(file[8..]).ShouldBe(TensorFlowRecord.MaskedChecksum(file[..8]));
            var data = file.Slice(12, length);
            BinaryPrimitives.ReadUInt32LittleEndian(file[(12 + length)..]).ShouldBe(TensorFlowRecord.MaskedChecksum(data));
            records.Add(data.ToArray());
            file = file[(16 + length)..];
        }

        return records;
    }

    private static (string Tag, long Step, float Value) Scalar(byte[] record)
    {
        var (step, tag, number) = (0L, "", 0f);
        using var input = new CodedInputStream(record);
        while (input.ReadTag() is var field and not 0)
        {
            switch (WireFormat.GetTagFieldNumber(field))
            {
                case 2:
                    step = input.ReadInt64();
                    break;
                case 5:
                    using (var summary = new CodedInputStream(input.ReadBytes().ToByteArray()))
                    {
                        summary.ReadTag();
                        using var value = new CodedInputStream(summary.ReadBytes().ToByteArray());
                        value.ReadTag();
                        tag = value.ReadString();
                        value.ReadTag();
                        number = value.ReadFloat();
                    }

                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }

        return (tag, step, number);
    }
}
