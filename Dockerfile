# One image for each process: kernel, stationery, chassis and one service, or kernel and gateway.
#   make image S=billing
#   docker build --build-arg SERVICE=gateway --build-arg LIBRARIES=gateway -t steward-gateway .
# Its commands are `migrate` and `run`, the gateway's also `create-key --name N --scopes S`
# and `create-person --name N --email E`.

FROM python:3.12-slim AS application
ARG SERVICE
COPY . /source
WORKDIR /app
RUN set -e; : "${SERVICE:?is to be named by --build-arg SERVICE=...}"; \
    cp -r /source/kernel .; \
    if [ "$SERVICE" = gateway ]; then \
        cp -r /source/gateway /source/ops .; ls /source/services >ops/services.txt; \
        program='-m gateway "$@"'; \
    else \
        cp -r /source/chassis /source/stationery .; mkdir services; cp -r "/source/services/$SERVICE" services/; \
        program="-m chassis \"\$@\" services.$SERVICE"; \
    fi; \
    printf '%s\n' '#!/bin/sh' \
        '# What a set-up step has left for this process alone; see docs/decisions/0011-compose.md.' \
        'if [ -r /run/steward/environment ]; then set -a; . /run/steward/environment; set +a; fi' \
        'if [ -r ops/services.txt ]; then' \
        '    export STEWARD_SERVICES="${STEWARD_SERVICES-$(cat ops/services.txt)}"; fi' \
        "exec python $program" > start; \
    chmod 755 start; \
    python -m compileall -q .

FROM python:3.12-slim
# An own index for packages, where one is needed: --build-arg PIP_INDEX_URL=...
ARG PIP_INDEX_URL
# The extra of pyproject.toml that all services have. Before SERVICE, so that they share one layer ...
ARG LIBRARIES=service
COPY pyproject.toml /tmp/steward/
RUN pip install --no-cache-dir "/tmp/steward[$LIBRARIES,tracing]"
# ... and the one that this process alone has.
ARG SERVICE
ARG VERSION=unreleased
LABEL org.opencontainers.image.title="steward-$SERVICE" org.opencontainers.image.version="$VERSION"
RUN pip install --no-cache-dir "/tmp/steward[$SERVICE]" \
    && rm -rf /tmp/steward \
    && useradd --system --uid 10001 steward
# The typefaces that letters, documents, packs and reports are set in, for the services that write any.
RUN if [ "$SERVICE" = collections ] || [ "$SERVICE" = billing ] || [ "$SERVICE" = accounts ] \
        || [ "$SERVICE" = sales ]; then \
        apt-get update \
        && apt-get install -y --no-install-recommends \
            fonts-noto-core fonts-noto-cjk fonts-symbola fonts-dejavu-core \
        && rm -rf /var/lib/apt/lists/*; \
    fi
COPY --from=application /app /app
WORKDIR /app
USER steward
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    STEWARD_HOST=0.0.0.0 STEWARD_PORT=8000 \
    STEWARD_HEALTH_HOST=0.0.0.0 STEWARD_HEALTH_PORT=8000
EXPOSE 8000
ENTRYPOINT ["./start"]
CMD ["run"]
