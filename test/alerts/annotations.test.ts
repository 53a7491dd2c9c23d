import { describe, expect, test } from 'vitest';
import { alertNoteOf } from '../../alerting/alerts/alert-note.ts';
import { renderPage } from '../../alerting/page-text.ts';
import { withServiceRules } from '../../alerting/service-faults.ts';
import { viewAlerts } from '../../api/alertmanager/alert-view.ts';
import { parsePrometheusAlerts } from '../../api/alerts/parse-alerts.ts';
import { webAddress } from '../../lib/web-address.ts';
import { Network, RULES, topology } from '../alerting/network.ts';
import { fakeConfig } from '../api/fake-config.ts';

const LINKS = { incident: 'http://127.0.0.1:9909/incidents/inc-000001', acknowledge: null };

/** A network that was told of one alert with these annotations, as they came. */
function told(annotations: unknown): Network {
  const network = new Network(topology({ gradingRules: withServiceRules(RULES) }));
  const labels = { alertname: 'DiskFull', severity: 'critical' };
  const { alerts } = parsePrometheusAlerts([{ labels, annotations }], fakeConfig(), network.now);
  network.tick([{ kind: 'alerts', alerts }]);
  return network;
}

const lastPage = (network: Network) =>
  renderPage(network.pages().at(-1)!, 'en', 'UTC', network.now, LINKS);

const ANNOTATIONS = {
  summary: 'the disk of db-1 is full',
  description: 'It has 2 % left,\nand grows by 1 % an hour.',
  runbook_url: 'https://wiki.example.org/disk(full)?a=1',
  dashboard: 'capacity',
};

describe('what the rule of an alert says', () => {
  test('stands in the page and in the list of alerts, and survives a restart', () => {
    const network = told(ANNOTATIONS);
    network.restart();
    network.tick([]);
    const [alert] = viewAlerts(network.state, 'http://x', network.now);
    expect(alert!.annotations).toMatchObject({
      summary: 'the disk of db-1 is full',
      description: 'It has 2 % left, and grows by 1 % an hour.',
      runbook_url: 'https://wiki.example.org/disk(full)?a=1',
      dashboard: 'capacity',
    });
    const { text, html } = lastPage(network);
    expect(text).toContain('Description: It has 2 % left, and grows by 1 % an hour.');
    expect(text).toContain('Runbook: https://wiki.example.org/disk%28full%29?a=1');
    expect(html).toContain('grows by 1 % an hour');
  });

  test('is inert where it is hostile', () => {
    const network = told({
      summary: 'x',
      description: '<script>alert(1)</script> @all [a](http://evil.example) \u202e',
      runbook_url: 'javascript:alert(1)',
    });
    const { text, html } = lastPage(network);
    expect(html).not.toContain('<script>');
    expect(text).not.toContain('@all');
    expect(text).not.toContain('http://evil');
    expect(text).not.toContain('javascript');
    expect(text).not.toContain('Runbook');
  });

  test('is bounded in number and size', () => {
    const many = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [`a${index}`, 'x'.repeat(5_000)]),
    );
    const [fault] = told({ summary: 's', n: 5, ...many }).state.faults.values();
    const kept = fault!.alert!.annotations!;
    expect(Object.keys(kept).length).toBeLessThanOrEqual(16);
    expect(Object.values(kept).join('').length).toBeLessThanOrEqual(4_000);
    for (const text of Object.values(kept)) expect(text.length).toBeLessThanOrEqual(1_000);
  });

  test('is nothing for a fault of our own, or one of an older journal', () => {
    const nothing = { description: null, runbookUrl: null };
    expect(alertNoteOf(undefined)).toEqual(nothing);
    const [fault] = told({ summary: 's' }).state.faults.values();
    expect(alertNoteOf(fault)).toEqual(nothing);
  });
});

describe('an address from outside', () => {
  test.each([
    ['https://wiki.example.org/a?b=c#d', 'https://wiki.example.org/a?b=c#d'],
    ['http://wiki.example.org/@all](x)', 'http://wiki.example.org/%40all%5D%28x%29'],
    ['https://user:secret@wiki.example.org/', null],
    ['javascript:alert(1)', null],
    ['ftp://x/', null],
    ['wiki', null],
    [`https://x/${'a'.repeat(600)}`, null],
    [7, null],
  ])('%s is shown as %s', (given, shown) => {
    expect(webAddress(given)).toBe(shown);
  });
});
