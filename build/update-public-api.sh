#!/usr/bin/env bash
# Rewrites PublicAPI.Unshipped.txt of the libraries from their sources: everything public that PublicAPI.Shipped.txt does not list.
# Run it after a deliberate change of the public surface, and read the difference before committing it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

for project in src/Tastemaker.Core/Tastemaker.Core.csproj src/Tastemaker/Tastemaker.csproj src/Tastemaker.Testing/Tastemaker.Testing.csproj src/Tastemaker.VectorData/Tastemaker.VectorData.csproj src/Tastemaker.Onnx/Tastemaker.Onnx.csproj src/Tastemaker.Serving/Tastemaker.Serving.csproj src/Tastemaker.Server/Tastemaker.Server.csproj; do
    # From empty, so that what is gone from the sources goes from the file too.
    echo '#nullable enable' > "$(dirname "$project")/PublicAPI.Unshipped.txt"
    # The analyzer's own fix writes the lines. Without .editorconfig it runs at its default severity, whatever ours is at the moment.
    DiscoverEditorConfigFiles=false dotnet format analyzers "$project" --diagnostics RS0016 --severity warn
    echo "$project: $(($(wc -l < "$(dirname "$project")/PublicAPI.Unshipped.txt") - 1)) public members not yet shipped"
done
