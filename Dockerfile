# One image for all of EDNA: what a container is, EDNA_ROLE says (docs/containers.md).
#   docker build -t edna .

# It builds on whatever machine it runs on, for any: what is published is the same for all.
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0.401-noble AS build
WORKDIR /source
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 CI=true

# What restoring needs comes first: a layer that changes only when a project or a version does.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY src/Edna.Client/Edna.Client.csproj src/Edna.Client/packages.lock.json src/Edna.Client/
COPY src/Edna.Gateway/Edna.Gateway.csproj src/Edna.Gateway/packages.lock.json src/Edna.Gateway/
COPY src/Edna.Grains/Edna.Grains.csproj src/Edna.Grains/packages.lock.json src/Edna.Grains/
COPY src/Edna.Grains.Interfaces/Edna.Grains.Interfaces.csproj src/Edna.Grains.Interfaces/packages.lock.json src/Edna.Grains.Interfaces/
COPY src/Edna.Search/Edna.Search.csproj src/Edna.Search/packages.lock.json src/Edna.Search/
COPY src/Edna.Silo/Edna.Silo.csproj src/Edna.Silo/packages.lock.json src/Edna.Silo/
COPY src/Edna.Sqlite/Edna.Sqlite.csproj src/Edna.Sqlite/packages.lock.json src/Edna.Sqlite/
COPY src/Edna.Storage/Edna.Storage.csproj src/Edna.Storage/packages.lock.json src/Edna.Storage/
COPY samples/shapes/Shapes.csproj samples/shapes/packages.lock.json samples/shapes/
RUN dotnet restore src/Edna.Gateway/Edna.Gateway.csproj

COPY .editorconfig ./
COPY src src
COPY samples samples
# Native libraries for systems other than the image's are most of what is published.
RUN dotnet publish src/Edna.Gateway/Edna.Gateway.csproj -c Release --no-restore -p:UseAppHost=false -o /app \
    && find /app/runtimes -mindepth 1 -maxdepth 1 ! -name linux ! -name unix ! -name linux-x64 ! -name linux-arm64 -exec rm -r {} + \
    && mkdir /empty

# Chiseled: no shell, no package manager. With -extra for ICU, without which paths could not be normalised.
FROM mcr.microsoft.com/dotnet/aspnet:10.0.12-noble-chiseled-extra
LABEL org.opencontainers.image.title="EDNA" \
      org.opencontainers.image.description="The service in front of a bucket of training data" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /app
COPY --from=build /app ./
COPY --from=build --chown=1654:1654 --chmod=700 /empty /data
# The root file system may be read-only: only an embedded EDNA writes, and only below /data. Diagnostics would write sockets to /tmp.
ENV EDNA_DATA=/data \
    DOTNET_EnableDiagnostics=0
VOLUME /data
EXPOSE 8080 9090 11111 30000
USER 1654
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=10s --start-period=60s --retries=3 CMD ["dotnet", "/app/Edna.Gateway.dll", "health"]
ENTRYPOINT ["dotnet", "/app/Edna.Gateway.dll"]
