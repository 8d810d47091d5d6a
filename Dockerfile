# One image per service: kernel, chassis and that one service, run by a user without rights.
#   docker build --build-arg SERVICE=billing -t steward-billing .
#   docker build --build-arg SERVICE=gateway -t steward-gateway .
# The image's commands: `migrate` and `run`.

FROM python:3.12-slim AS source
ARG SERVICE
COPY . /source
WORKDIR /app
RUN cp -r /source/kernel . \
    && if [ "$SERVICE" = gateway ]; then \
         cp -r /source/gateway . && program="python -m gateway \"\$@\""; \
       else \
         cp -r /source/chassis . && mkdir services && cp -r "/source/services/$SERVICE" services/ \
         && program="python -m chassis \"\$@\" services.$SERVICE"; \
       fi \
    && printf '#!/bin/sh\nexec %s\n' "$program" > start && chmod 755 start

FROM python:3.12-slim
ARG SERVICE
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 STEWARD_HEALTH_HOST=0.0.0.0 STEWARD_HEALTH_PORT=8000
COPY pyproject.toml /tmp/steward/pyproject.toml
RUN extra=service; if [ "$SERVICE" = gateway ]; then extra=gateway; fi; \
    python -m pip install --no-cache-dir "/tmp/steward[$extra,tracing]" && rm -rf /tmp/steward \
    && useradd --system --uid 10001 steward
COPY --from=source /app /app
WORKDIR /app
USER steward
STOPSIGNAL SIGTERM
ENTRYPOINT ["./start"]
CMD ["run"]
