// The health check of the container image: leaves with 0 while the service says that it is alive.
const url = process.env.THREENINES_HEALTH_URL ?? 'http://127.0.0.1:9909/healthz';
const TIMEOUT_MS = 4000;

try {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) {
    console.error(`${url} answers ${response.status}`);
    process.exitCode = 1;
  }
} catch (error) {
  console.error(`${url} does not answer: ${error.message}`);
  process.exitCode = 1;
}
