# Two images: `docker build --target serve .` reads photos; the default one also trains (/retrain).
FROM python:3.11-slim AS serve
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
RUN useradd --create-home --uid 10001 bot && install -d -o bot -g bot /data
WORKDIR /app
COPY requirements.txt .
# The first group of the list, up to the first empty line, is what serving needs.
RUN sed '/^$/,$d' requirements.txt > serve.txt && pip install --no-cache-dir -r serve.txt
COPY preprocessing preprocessing
COPY model model
COPY bot bot
USER bot
VOLUME /data
STOPSIGNAL SIGTERM
# Here and not by ENV, which a DATA_DIR of `--env-file .env` would override.
CMD ["env", "DATA_DIR=/data", "python", "-m", "bot"]

FROM serve AS train
USER root
RUN awk 'BEGIN{RS=""} NR<=2' requirements.txt > train.txt && pip install --no-cache-dir -r train.txt
USER bot
