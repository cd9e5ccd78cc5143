# syntax=docker/dockerfile:1
# The server, as `lockkeeper serve` runs it. docs/container.md says how to run the image.

FROM node:24.21.0-bookworm-slim AS base
WORKDIR /app

FROM base AS build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY scripts/build.mjs scripts/
COPY src src
RUN npm run build

FROM base AS modules
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM base AS server
# HOST: a container is reached from outside of it.
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=3000
# All of it belongs to root, and the server runs as somebody else: it cannot change itself, and writes no file.
COPY --from=modules /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
USER node
EXPOSE 3000
# Alive, not ready: a full queue is no reason to restart.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node itself is the first process: it gets the signals. SIGTERM lets what runs finish.
ENTRYPOINT ["node", "dist/cli.js"]
CMD ["serve"]
