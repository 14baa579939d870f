# One image for web, worker, beat and migrate: docker-compose.yml says which command each runs.
FROM node:22-bookworm-slim AS assets
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY assets ./assets
RUN npm run build

FROM python:3.11-slim-bookworm AS packages
COPY requirements/base.txt /tmp/base.txt
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes -r /tmp/base.txt

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home lasrutin \
    && install -d -o lasrutin -g lasrutin /data
COPY --from=packages /venv /venv
WORKDIR /app
COPY manage.py pyproject.toml ./
COPY lasrutin ./lasrutin
COPY locks ./locks
COPY orders ./orders
COPY notifications ./notifications
COPY phoniro_client ./phoniro_client
COPY templates ./templates
COPY --from=assets /build/build/static ./build/static
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=lasrutin.settings LASRUTIN_DATA=/data STATIC_ROOT=/app/build/collected
# The settings want their secrets; collecting files uses none of them, and these stay in this one command.
RUN SECRET_KEY=build FIELD_KEY=build DATABASE_URL=postgres:///build REDIS_URL=redis://build \
    python manage.py collectstatic --noinput
USER lasrutin
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "8", \
     "--worker-tmp-dir", "/dev/shm", "--access-logfile", "-", "--access-logformat", "%(t)s %(m)s %(s)s %(L)s", \
     "lasrutin.wsgi:application"]
