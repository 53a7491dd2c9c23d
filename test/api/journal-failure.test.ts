import { expect, onTestFinished, test } from 'vitest';
import { createApi } from '../../api/create-api.ts';
import { JournalError } from '../../lib/journal.ts';
import { createLogger } from '../../lib/logger.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';
import { createFakeService } from './fake-service.ts';

test('what a journal that takes nothing cannot record is asked for again, and the log is not filled with it', async () => {
  const logged: unknown[] = [];
  const log = createLogger({ level: 'silent', pretty: false });
  log.error = (fields: object) => void logged.push(fields);
  const service = await createFakeService(new VirtualClock(Date.UTC(2026, 10, 30)), {});
  const refuse = () => Promise.reject(new JournalError('appending entry 8 in /srv/data failed'));
  const host = { ...service.deps.host, command: refuse, record: refuse };
  const app = createApi({ ...service.deps, host, log });
  onTestFinished(() => app.close());
  const headers = { host: 'localhost' };
  for (const [url, payload] of [
    ['/api/v1/customer-reports', { customer: 'School', text: 'no network' }],
    ['/api/v2/alerts', [{ labels: { alertname: 'Down' } }]],
  ] as const) {
    const answer = await app.inject({ method: 'POST', url, payload, headers });
    expect([answer.statusCode, answer.headers['retry-after']], url).toEqual([503, '5']);
    expect(answer.headers['content-type'], url).toContain('application/problem+json');
    expect(answer.body, url).not.toContain('/srv/data');
  }
  expect(logged).toEqual([]);
});
