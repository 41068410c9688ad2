using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Training;

/// <summary>Finds the device that an option names.</summary>
internal static class Devices
{
    /// <summary>"cpu", "cuda", "cuda:N", or "auto": CUDA where there is one.</summary>
    /// <exception cref="InputException">The name is none of these, or this machine or build has no such device.</exception>
    public static Device Find(string name)
    {
        var parts = name.ToLowerInvariant().Split(':');
        var index = 0;
        var valid = parts is ["cpu"] or ["auto"] or ["cuda"]
            || (parts is ["cuda", var number] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out index));
        if (!valid)
        {
            throw new InputException($"There is no device '{name}'; use cpu, cuda, cuda:N or auto.");
        }

        if (parts[0] == "cpu" || (parts[0] == "auto" && !cuda.is_available()))
        {
            return CPU;
        }

        if (!cuda.is_available() || index >= cuda.device_count())
        {
            throw new InputException(
                $"The device '{name}' is not there: {(cuda.is_available() ? $"this machine has {cuda.device_count()} CUDA devices" : "this build or machine has no CUDA")}. Use cpu or auto.");
        }

        return new Device(DeviceType.CUDA, index);
    }
}
