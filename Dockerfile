# The wheel and what it needs, each file checked against its hash.
FROM python:3.14-slim AS build
WORKDIR /build
COPY requirements-build.lock requirements.lock ./
RUN python -m venv /opt/backend-architect \
    && pip install --no-cache-dir --no-deps --require-hashes -r requirements-build.lock \
    && /opt/backend-architect/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY rules rules
COPY bot bot
RUN pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir dist . \
    && /opt/backend-architect/bin/pip install --no-cache-dir --no-deps dist/*.whl \
    && /opt/backend-architect/bin/pip uninstall --yes pip

FROM python:3.14-slim
# Debian keeps one git a release and removes older builds from its archive, so a pinned version would break.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --no-create-home --home-dir /data architect \
    && install --directory --owner architect --group architect /data
COPY --from=build /opt/backend-architect /opt/backend-architect
ENV PATH=/opt/backend-architect/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DATA_FOLDER=/data \
    HOST=0.0.0.0 \
    PORT=8080
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/healthz', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["backend-architect"]
CMD ["serve"]
