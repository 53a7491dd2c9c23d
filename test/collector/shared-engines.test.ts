import { describe, expect, it } from 'vitest';
import type { DeviceDetail } from '../../collector/device-detail.ts';
import { SharedEngines } from '../../collector/shared-engines.ts';
import { createLineLogger } from '../../lib/logger.ts';

const detail = (deviceId: string, id: string | null) =>
  ({
    deviceId,
    snmpEngine: id === null ? null : { id, sharedWith: [] },
  }) as unknown as DeviceDetail;

function open() {
  const lines: string[] = [];
  const counts: number[] = [];
  const engines = new SharedEngines({
    log: createLineLogger('info', (line) => lines.push(line)),
    selfMetrics: { enginesShared: (deviceCount) => counts.push(deviceCount) },
  });
  const others = (deviceId: string, id: string) =>
    engines.addTo(detail(deviceId, id))?.snmpEngine?.sharedWith;
  return { lines, counts, engines, others };
}

describe('engine ids', () => {
  it('that are each of one device are nothing to speak of', () => {
    const { lines, counts, engines, others } = open();
    engines.note('a', '01');
    engines.note('b', '02');
    engines.note('c', null);
    expect(others('a', '01')).toEqual([]);
    expect(engines.addTo(detail('c', null))).toEqual(detail('c', null));
    expect(engines.addTo(null)).toBeNull();
    expect(lines).toEqual([]);
    expect(counts.at(-1)).toBe(0);
    expect(['a', 'c', 'd'].map((id) => engines.engineOf(id))).toEqual(['01', null, null]);
  });

  it('of several devices name the others, as long as they have it', () => {
    const { lines, counts, engines, others } = open();
    for (const id of ['c', 'a', 'b', 'a']) engines.note(id, '01');
    expect(others('a', '01')).toEqual(['b', 'c']);
    engines.note('b', '02');
    expect(others('a', '01')).toEqual(['c']);
    engines.note('c', null);
    expect(others('a', '01')).toEqual([]);
    engines.note('c', '01');
    expect(others('c', '01')).toEqual(['a']);
    expect(counts).toEqual([0, 2, 3, 2, 0, 2]);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { engineId: '01', deviceIds: ['a', 'c'] },
    ]);
  });

  it('of a whole network neither fill the answer nor the log', () => {
    const { lines, engines, others } = open();
    for (let place = 0; place < 5_000; place += 1) {
      engines.note(`first-${place}`, String(place % 2_500));
      engines.note(`second-${place}`, String(place % 2_500));
    }
    for (let place = 0; place < 100; place += 1) engines.note(`more-${place}`, '7');
    expect(lines).toHaveLength(1_000);
    expect(others('more-1', '7')).toHaveLength(20);
  });
});
