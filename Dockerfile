# The console's compiler comes as an optional package for each platform, so this stage takes them all.
FROM node:26.10.0-bookworm-slim AS console
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY web ./web
RUN node node_modules/vite/bin/vite.js build web

# The image carries its own Node: the optional packages that carry Node stay out of it.
FROM node:26.10.0-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM node:26.10.0-bookworm-slim
LABEL org.opencontainers.image.title="Threenines" \
      org.opencontainers.image.description="Network-health and incident monitoring: SNMP polling, graded incidents, response clocks, pages, and uptime that stands up in a dispute." \
      org.opencontainers.image.version="0.1.0"
ENV NODE_ENV=production \
    THREENINES_CONFIG=/etc/threenines
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY package.json ./
COPY lib ./lib
COPY config ./config
COPY collector ./collector
COPY alerting ./alerting
COPY reports ./reports
COPY storage ./storage
COPY dashboards ./dashboards
COPY api ./api
COPY docs/runbooks.md ./docs/
COPY lab ./lab
COPY app ./app
COPY scripts/container-config.mjs scripts/container-health.mjs scripts/keep-profiles.mjs ./scripts/
COPY --from=console /app/web/dist ./web/dist
# The demo network as it must be set inside a container; mount a folder over it for your own.
RUN node scripts/container-config.mjs config/demo /etc/threenines \
    && install -d -o 1000 -g 1000 /var/lib/threenines
RUN node scripts/keep-profiles.mjs
USER 1000:1000
VOLUME /var/lib/threenines
EXPOSE 9909 162/udp
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["node", "/app/scripts/container-health.mjs"]
ENTRYPOINT ["node", "/app/app/main.ts"]
CMD ["serve"]
