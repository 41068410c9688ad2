@echo off
rem Runs the taste command from a source checkout, building it on first use.
rem After changing the sources: dotnet build src\Tastemaker.Cli -c Release
setlocal
set "ROOT=%~dp0"
set "PROGRAM=%ROOT%src\Tastemaker.Cli\bin\Release\net10.0\taste.dll"

where dotnet >nul 2>nul
if errorlevel 1 (
    echo taste: .NET was not found. Install the .NET 10 SDK from https://dotnet.microsoft.com/download/dotnet/10.0 and try again. 1>&2
    exit /b 127
)
if exist "%PROGRAM%" goto run

pushd "%ROOT%"
dotnet --version >nul 2>nul
if errorlevel 1 (
    popd
    echo taste: the .NET 10 SDK is needed to build Tastemaker. Install it from https://dotnet.microsoft.com/download/dotnet/10.0 and try again. 1>&2
    exit /b 1
)
echo Building Tastemaker ^(first use, about a minute^)... 1>&2
dotnet build src\Tastemaker.Cli -c Release --nologo -v quiet -nodeReuse:false -p:UseSharedCompilation=false 1>&2
if errorlevel 1 (
    popd
    echo taste: the build failed; the errors are above. 1>&2
    exit /b 1
)
popd

:run
dotnet "%PROGRAM%" %*
exit /b %ERRORLEVEL%
