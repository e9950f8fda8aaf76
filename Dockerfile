# vfio-tidy and vfio-migrate, with the headers of Debian's kernel:
#   docker build -t vfio-tidy .
#   docker run --rm -v "$PWD:/work" vfio-tidy /work/drivers/foo
#   docker run --rm -v "$PWD:/work" --entrypoint vfio-migrate vfio-tidy /work/drivers/foo
# scripts/try-dockerfile.py runs these steps where there is no docker.
FROM debian:trixie-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends \
    cmake ninja-build clang-22 llvm-22-dev libclang-22-dev clang-tidy-22 g++ zlib1g-dev \
    python3 dpkg-dev file
WORKDIR /src
COPY . /src
RUN cmake --preset release && ninja -C build/release && cd build/release && cpack -G DEB

FROM debian:trixie-slim
COPY --from=build /src/build/release/*.deb /tmp/
RUN apt-get update && \
    apt-get install -y --no-install-recommends /tmp/*.deb linux-headers-amd64 git && \
    rm -rf /tmp/*.deb /var/lib/apt/lists/*
WORKDIR /work
ENTRYPOINT ["vfio-tidy"]
