# The product alone: a static binary, no shell, no root. Time zones and sentences are inside it.
FROM golang:1.26.8-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o /out/awassiber . \
 && mkdir -p /out/data /out/tmp

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/awassiber /awassiber
COPY --from=build --chown=65532:65532 --chmod=0700 /out/data /data
# Media of WhatsApp are decrypted in a file that has no name.
COPY --from=build --chown=65532:65532 --chmod=0700 /out/tmp /tmp
USER 65532:65532
ENV AWAS_DATA=/data
# Inside a container loopback is the container's own; publish the port to 127.0.0.1 of the host:
#   docker run -p 127.0.0.1:8080:8080 -v awas:/data awassiber
ENV AWAS_HTTP=0.0.0.0:8080
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["/awassiber", "health"]
ENTRYPOINT ["/awassiber"]
