# syntax=docker/dockerfile:1
# The settings page is built in the first stage; the second has only what the bot runs with.

FROM node:26-slim AS page
WORKDIR /app
COPY . .
RUN npx -y pnpm@12 install --frozen-lockfile && node extension/scripts/build-page.ts

FROM node:26-slim AS packages
WORKDIR /app
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY core/package.json core/package.json
COPY bot/package.json bot/package.json
COPY extension/package.json extension/package.json
COPY test/package.json test/package.json
RUN npx -y pnpm@12 install --frozen-lockfile --prod --filter "@ask-openhands/bot..."

FROM node:26-slim
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data NODE_COMPILE_CACHE=/data/compiled
COPY --from=packages /app ./
COPY core core
COPY bot bot
COPY --from=page /app/extension/build/settings extension/build/settings
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000
# Longer than STOP_TIMEOUT: turns under way end, then leases are handed back.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/ready`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=16", "bot/start.js"]
