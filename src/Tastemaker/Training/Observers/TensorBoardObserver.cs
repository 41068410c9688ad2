using System.Globalization;
using Google.Protobuf;

namespace Tastemaker.Training.Observers;

/// <summary>
/// Writes curves that TensorBoard shows: loss, speed and validation metrics an epoch, and the loss inside epochs. The file is a sequence of
/// TFRecords, each a protocol buffer of TensorFlow's message Event (event.proto, summary.proto), written field by field.
/// </summary>
public sealed class TensorBoardObserver : ITrainingObserver, IDisposable
{
    private readonly FileStream file;
    private readonly TimeProvider time;

    /// <summary>Opens a new event file in a folder, which is made if it is not there.</summary>
    /// <param name="folder">What is given to <c>tensorboard --logdir</c>, or a folder inside it.</param>
    /// <param name="time">The clock; null for the system's.</param>
    public TensorBoardObserver(string folder, TimeProvider? time = null)
    {
        this.time = time ?? TimeProvider.System;
        Directory.CreateDirectory(folder);
        var name = string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{this.time.GetUtcNow().ToUnixTimeMilliseconds()}.{Environment.ProcessId}");
        file = new FileStream(Path.Combine(folder, name), FileMode.Create, FileAccess.Write, FileShare.Read);
        Write(0, output =>
        {
            output.WriteTag(3, WireFormat.WireType.LengthDelimited); // Event.file_version
            output.WriteString("brain.Event:2");
        });
    }

    /// <inheritdoc/>
    public void On(TrainingEvent trainingEvent)
    {
        switch (trainingEvent)
        {
            case TrainingEvent.Progressed step:
                WriteScalar("loss/step", ((long)step.Epoch * step.Steps) + step.Step, step.Loss);
                break;
            case TrainingEvent.EpochCompleted epoch:
                WriteEpoch(epoch);
                break;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private void WriteEpoch(TrainingEvent.EpochCompleted epoch)
    {
        if (epoch.Loss is { } loss)
        {
            WriteScalar("loss/epoch", epoch.Epoch, loss);
        }

        WriteScalar("speed/examples a second", epoch.Epoch, epoch.SamplesPerSecond);
        WriteScalar("memory/bytes", epoch.Epoch, epoch.MemoryBytes);
        foreach (var (name, value) in epoch.Metrics)
        {
            WriteScalar($"validation/{name}", epoch.Epoch, value);
        }
    }

    private void WriteScalar(string tag, long step, double value)
    {
        var scalar = Message(output =>
        {
            output.WriteTag(1, WireFormat.WireType.LengthDelimited); // Summary.Value.tag
            output.WriteString(tag);
            output.WriteTag(2, WireFormat.WireType.Fixed32); // Summary.Value.simple_value
            output.WriteFloat((float)value);
        });
        var summary = Message(output =>
        {
            output.WriteTag(1, WireFormat.WireType.LengthDelimited); // Summary.value
            output.WriteBytes(ByteString.CopyFrom(scalar));
        });
        Write(step, output =>
        {
            output.WriteTag(5, WireFormat.WireType.LengthDelimited); // Event.summary
            output.WriteBytes(ByteString.CopyFrom(summary));
        });
    }

    private void Write(long step, Action<CodedOutputStream> what)
    {
        TensorFlowRecord.Write(file, Message(output =>
        {
            output.WriteTag(1, WireFormat.WireType.Fixed64); // Event.wall_time
            output.WriteDouble(time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0);
            output.WriteTag(2, WireFormat.WireType.Varint); // Event.step
            output.WriteInt64(step);
            what(output);
        }));
        file.Flush();
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var buffer = new MemoryStream();
        using (var output = new CodedOutputStream(buffer, leaveOpen: true))
        {
            write(output);
        }

        return buffer.ToArray();
    }
}
