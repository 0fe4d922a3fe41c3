# Portevoix: one image for the desk, the workers, the receiver of webhooks and the Chroma server.
FROM python:3.12-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/portevoix
WORKDIR /src
COPY requirements/runtime.txt requirements/runtime.txt
RUN /opt/portevoix/bin/pip install --require-hashes -r requirements/runtime.txt
COPY pyproject.toml README.md LICENSE ./
COPY agent agent
COPY knowledge knowledge
COPY prompts prompts
COPY ui ui
COPY evals evals
# The build backend is not in the lock file: it runs here and is not in the image below.
RUN /opt/portevoix/bin/pip install --no-deps .

FROM python:3.12-slim
RUN useradd --uid 10001 --create-home --home-dir /home/portevoix portevoix \
 && mkdir /workspace /brands /chroma \
 && chown portevoix:portevoix /workspace /brands /chroma
COPY --from=build /opt/portevoix /opt/portevoix
ENV PATH=/opt/portevoix/bin:$PATH PYTHONUNBUFFERED=1 PORTEVOIX_WORKSPACE=/workspace
USER portevoix
WORKDIR /home/portevoix
CMD ["portevoix", "--help"]
