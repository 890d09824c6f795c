# The portal as a container. Each RUN was run by hand in a bare Debian 12; docs/operate.md says how
# to start it with a file system that cannot be written.

FROM debian:bookworm-slim AS build
# Debian keeps only the newest patch of a package: an image that pins one stops building.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates python3 python3-venv \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /portal
COPY . .
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
# The installer stays behind; bytecode is written now, since nothing can be written later.
RUN . scripts/environment.sh \
    && prepare_environment requirements.lock \
    && .venv/bin/python -m pip uninstall --quiet --yes uv \
    && .venv/bin/python -m compileall -q portal .venv/lib

FROM debian:bookworm-slim
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends python3 \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 portal \
    && useradd --uid 10001 --gid portal --home-dir /data --shell /usr/sbin/nologin portal \
    && install --directory --owner=portal --group=portal --mode=0750 /data
WORKDIR /portal
COPY --from=build /portal /portal
ENV PATH=/portal/.venv/bin:/usr/bin:/bin \
    PORTAL_DATA_DIR=/data \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "scripts/healthcheck.py"]
CMD ["gunicorn", "--config", "scripts/gunicorn.conf.py", "--bind", "0.0.0.0:8000", "portal.app:create_app()"]
